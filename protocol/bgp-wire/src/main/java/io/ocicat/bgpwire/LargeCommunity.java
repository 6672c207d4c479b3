package io.ocicat.bgpwire;

import java.util.Optional;

/** A large community (RFC 8092); all three parts are 32 bits unsigned. */
public record LargeCommunity(int global, int local1, int local2)
    implements Comparable<LargeCommunity> {

  /** Of {@code 4200000000:1:2} (RFC 8092 §4). */
  public static Optional<LargeCommunity> parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new LargeCommunity(
              Integer.parseUnsignedInt(parts[0]),
              Integer.parseUnsignedInt(parts[1]),
              Integer.parseUnsignedInt(parts[2])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(LargeCommunity other) {
    int byGlobal = Integer.compareUnsigned(global, other.global);
    int byFirst = Integer.compareUnsigned(local1, other.local1);
    return byGlobal != 0
        ? byGlobal
        : byFirst != 0 ? byFirst : Integer.compareUnsigned(local2, other.local2);
  }

  @Override
  public String toString() {
    return Integer.toUnsignedString(global)
        + ":"
        + Integer.toUnsignedString(local1)
        + ":"
        + Integer.toUnsignedString(local2);
  }
}
