package io.ocicat.policy;

/** Names an {@link AddressGroup} by a hash of its canonical text: 20 hexadecimal digits. */
public record GroupId(String value) implements Comparable<GroupId> {

  @Override
  public int compareTo(GroupId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
