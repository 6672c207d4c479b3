package io.ocicat.bgpwire;

import java.util.OptionalInt;

/**
 * Autonomous system numbers. In this room and above, an AS number is an {@code int} that holds 32
 * bits unsigned (RFC 6793), and is made text here only.
 */
public final class Asn {

  /** Stands for a number above 65535 in a 2-octet field (RFC 6793 §9). */
  public static final int TRANS = 23456;

  private Asn() {}

  /** As plain number (RFC 5396 asplain). */
  public static String text(int asn) {
    return Integer.toUnsignedString(asn);
  }

  /** Of {@code 65536} or {@code 1.0}; empty if it is neither. */
  public static OptionalInt parse(String text) {
    int dot = text.indexOf('.');
    try {
      if (dot < 0) {
        return OptionalInt.of(Integer.parseUnsignedInt(text));
      }
      int high = Integer.parseUnsignedInt(text.substring(0, dot));
      int low = Integer.parseUnsignedInt(text.substring(dot + 1));
      return (high | low) >>> 16 != 0 ? OptionalInt.empty() : OptionalInt.of((high << 16) | low);
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** What a 2-octet field carries for {@code asn} (RFC 6793 §4.2.2). */
  public static int inTwoOctets(int asn) {
    return asn >>> 16 == 0 ? asn : TRANS;
  }

  /** {@code true} for 64512–65534 and 4200000000–4294967294 (RFC 6996). */
  public static boolean isPrivate(int asn) {
    return (asn >= 64512 && asn <= 65534)
        || (Integer.compareUnsigned(asn, (int) 4_200_000_000L) >= 0 && asn != -1);
  }
}
