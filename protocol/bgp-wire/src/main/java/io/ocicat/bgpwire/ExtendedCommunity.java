package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.ExtendedCommunityType;
import io.ocicat.inet.Ipv4Address;
import java.util.Optional;

/** An extended community (RFC 4360): type, sub-type and six octets, as one number. */
public record ExtendedCommunity(long value) implements Comparable<ExtendedCommunity> {

  private static final long NON_TRANSITIVE = 0x4000_0000_0000_0000L;

  /**
   * A route target of an AS number that fits 16 bits, or of one that does not (RFC 5668).
   *
   * @param number 32 bits; 16 if the AS number needs four octets
   */
  public static ExtendedCommunity routeTarget(int asn, int number) {
    return asn >>> 16 == 0
        ? new ExtendedCommunity((0x0002L << 48) | ((long) asn << 32) | (number & 0xffffffffL))
        : new ExtendedCommunity((0x0202L << 48) | ((asn & 0xffffffffL) << 16) | (number & 0xffffL));
  }

  /** Type and sub-type, the registry's key. */
  public int typeAndSubtype() {
    return (int) (value >>> 48);
  }

  public Optional<ExtendedCommunityType> type() {
    return ExtendedCommunityType.of(typeAndSubtype());
  }

  /** Whether it may leave an AS (RFC 4360 §2, the T bit). */
  public boolean isTransitive() {
    return (value & NON_TRANSITIVE) == 0;
  }

  @Override
  public int compareTo(ExtendedCommunity other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** As in {@code rt:65000:100}; unknown ones in hexadecimal. */
  @Override
  public String toString() {
    String name = type().map(ExtendedCommunityType::text).orElse("");
    if (name.isEmpty()) {
      return "0x%016x".formatted(value);
    }
    int high = (int) (value >>> 16);
    int low = (int) value & 0xffff;
    return switch ((int) (value >>> 56) & 0xbf) {
      case 0 -> name + ":" + (high >>> 16) + ":" + Integer.toUnsignedString((int) value);
      case 1 -> name + ":" + new Ipv4Address(high) + ":" + low;
      case 2 -> name + ":" + Asn.text(high) + ":" + low;
      default -> name + ":0x%012x".formatted(value & 0xffff_ffff_ffffL);
    };
  }
}
