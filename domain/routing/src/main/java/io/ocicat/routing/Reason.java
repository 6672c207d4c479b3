package io.ocicat.routing;

/**
 * Where something intended comes from.
 *
 * @param object kind and name, e.g. {@code BGPPeer/rack-1}
 * @param field the field's path in it
 */
public record Reason(String object, String field) implements Comparable<Reason> {
  /** By object and then by field. */
  @Override
  public int compareTo(Reason other) {
    int byObject = object.compareTo(other.object);
    return byObject != 0 ? byObject : field.compareTo(other.field);
  }

  /** {@code BGPPeer/rack-1 spec.peerIP}. */
  @Override
  public String toString() {
    return object + " " + field;
  }
}
