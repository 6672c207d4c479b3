package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.NotificationSubcode;
import org.jspecify.annotations.Nullable;

/**
 * What each known attribute must look like, and what follows if it does not (RFC 7606 §3, §7).
 *
 * <p>Types are numbers here because the hot path of the parser runs through; their names are in
 * {@link io.ocicat.bgpwire.iana.AttributeType}.
 */
final class AttributeRules {

  static final int OPTIONAL = 0x80;
  static final int TRANSITIVE = 0x40;
  static final int PARTIAL = 0x20;
  static final int EXTENDED_LENGTH = 0x10;

  /** The reaction to a fault, the NOTIFICATION that RFC 4271 had for it, and words. */
  record Fault(Reaction reaction, NotificationSubcode subcode, String problem) {}

  private AttributeRules() {}

  /** The flags that an attribute of this type is sent with. */
  static int flags(int type) {
    return switch (type) {
      case 1, 2, 3, 5, 6 -> TRANSITIVE;
      case 4, 9, 10, 14, 15, 26 -> OPTIONAL;
      default -> OPTIONAL | TRANSITIVE;
    };
  }

  /** Whether its form is known and checked here. */
  static boolean isKnown(int type) {
    return switch (type) {
      case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 15, 16, 17, 18, 25, 26, 32, 35 -> true;
      default -> false;
    };
  }

  /**
   * Judges one attribute.
   *
   * @param at start of the value
   * @return {@code null} if it is to be taken
   */
  static @Nullable Fault check(
      byte[] in, int flags, int type, int at, int length, PeerKind kind, boolean fourOctetAs) {
    if (!isKnown(type)) {
      return (flags & OPTIONAL) != 0
          ? null
          : withdraw(
              NotificationSubcode.UNRECOGNIZED_WELL_KNOWN_ATTRIBUTE,
              "well-known, but not known here");
    }
    if (kind != PeerKind.INTERNAL && (type == 9 || type == 10)) {
      return discard("not expected from an external peer");
    }
    if (kind == PeerKind.EXTERNAL && type == 5) {
      return discard("not expected from an external peer");
    }
    if (fourOctetAs && (type == 17 || type == 18)) {
      return discard("not expected from a peer with 4-octet AS numbers");
    }
    if (!flagsMatch(flags, type)) {
      Reaction reaction = type == 26 ? Reaction.DISCARD : Reaction.WITHDRAW;
      return new Fault(
          reaction,
          NotificationSubcode.ATTRIBUTE_FLAGS_ERROR,
          "flags 0x%02x where 0x%02x is expected".formatted(flags & 0xe0, flags(type)));
    }
    return checkValue(in, type, at, length, kind, fourOctetAs);
  }

  /** RFC 7606 §3c and RFC 4271 §5: Partial only where it has a meaning. The low bits have none. */
  static boolean flagsMatch(int flags, int type) {
    int expected = flags(type);
    int partialAllowed = expected == (OPTIONAL | TRANSITIVE) ? PARTIAL : 0;
    return (flags & (OPTIONAL | TRANSITIVE | PARTIAL) & ~partialAllowed) == expected;
  }

  private static @Nullable Fault checkValue(
      byte[] in, int type, int at, int length, PeerKind kind, boolean fourOctetAs) {
    return switch (type) {
      case 1 -> {
        if (length != 1) {
          yield wrongLength(length, "1");
        }
        yield (in[at] & 0xff) <= 2
            ? null
            : withdraw(
                NotificationSubcode.INVALID_ORIGIN_ATTRIBUTE,
                "value " + (in[at] & 0xff) + " is none of 0, 1, 2");
      }
      case 2 -> checkAsPath(in, at, at + length, kind, fourOctetAs ? 4 : 2);
      case 3, 4, 5, 9, 35 -> length == 4 ? null : wrongLength(length, "4");
      case 6 -> length == 0 ? null : discard("has " + length + " octets instead of none");
      case 7 -> checkAggregator(in, at, length, fourOctetAs ? 8 : 6);
      case 8, 10 -> multiple(length, 4);
      case 16 -> multiple(length, 8);
      case 17 ->
          AsPaths.isWellFormed(in, at, at + length, 4)
                  && length > 0
                  && !AsPaths.hasZero(in, at, at + length, 4)
              ? null
              : discard("segments are malformed");
      case 18 -> checkAggregator(in, at, length, 8);
      case 25 -> multiple(length, 20);
      case 26 -> checkAigp(in, at, at + length);
      case 32 -> multiple(length, 12);
      default -> null;
    };
  }

  private static @Nullable Fault checkAsPath(
      byte[] in, int from, int to, PeerKind kind, int width) {
    if (!AsPaths.isWellFormed(in, from, to, width)) {
      return withdraw(NotificationSubcode.MALFORMED_AS_PATH, "segments are malformed");
    }
    if (AsPaths.hasZero(in, from, to, width)) {
      return withdraw(NotificationSubcode.MALFORMED_AS_PATH, "has AS 0");
    }
    if (kind == PeerKind.EXTERNAL && AsPaths.hasConfederation(in, from, to, width)) {
      return withdraw(
          NotificationSubcode.MALFORMED_AS_PATH, "has a confederation from outside of it");
    }
    return null;
  }

  private static @Nullable Fault checkAggregator(byte[] in, int at, int length, int expected) {
    if (length != expected) {
      return discard("has " + length + " octets instead of " + expected);
    }
    int asn = length == 8 ? Octets.int32(in, at) : Octets.int16(in, at);
    return asn == 0 ? discard("has AS 0") : null;
  }

  /** TLVs that fill the value, each longer than its own header (RFC 7311 §3.1). */
  private static @Nullable Fault checkAigp(byte[] in, int from, int to) {
    for (int at = from; at < to; ) {
      int length = to - at < 3 ? 0 : Octets.int16(in, at + 1);
      boolean broken = length < 3 || length > to - at || (in[at] == 1 && length != 11);
      if (broken) {
        return discard("TLVs are malformed");
      }
      at += length;
    }
    return null;
  }

  private static @Nullable Fault multiple(int length, int unit) {
    return length > 0 && length % unit == 0 ? null : wrongLength(length, "a multiple of " + unit);
  }

  private static Fault wrongLength(int length, String expected) {
    return withdraw(
        NotificationSubcode.ATTRIBUTE_LENGTH_ERROR,
        "has " + length + " octets instead of " + expected);
  }

  static Fault withdraw(NotificationSubcode subcode, String problem) {
    return new Fault(Reaction.WITHDRAW, subcode, problem);
  }

  static Fault discard(String problem) {
    return new Fault(Reaction.DISCARD, NotificationSubcode.OPTIONAL_ATTRIBUTE_ERROR, problem);
  }

  /**
   * Whether a next hop can be one (RFC 4271 §6.3): not 0, loopback, multicast or class E. Our own
   * addresses are for the routing table to find.
   *
   * @param length 4, 16 or 32
   */
  static boolean isUsableNextHop(byte[] in, int at, int length) {
    if (length == 4) {
      int first = in[at] & 0xff;
      return first != 0 && first != 127 && first < 224;
    }
    long high = Octets.int64(in, at);
    long low = Octets.int64(in, at + 8);
    boolean lowest = high == 0 && (low == 0 || low == 1);
    return !lowest && high >>> 56 != 0xff;
  }

  /** Whether {@code octets} are what {@link Attributes} may hold. */
  static boolean isCanonical(byte[] octets) {
    int before = -1;
    for (int at = 0; at < octets.length; ) {
      if (octets.length - at < 3) {
        return false;
      }
      int flags = octets[at] & 0xff;
      int type = octets[at + 1] & 0xff;
      boolean extended = (flags & EXTENDED_LENGTH) != 0;
      int start = at + (extended ? 4 : 3);
      if (start > octets.length || type <= before || (flags & 0x0f) != 0) {
        return false;
      }
      int length = extended ? Octets.int16(octets, at + 2) : octets[at + 2] & 0xff;
      boolean shortest = !extended || length > 255;
      if (!shortest || length > octets.length - start) {
        return false;
      }
      if (!isCanonical(octets, flags, type, start, length)) {
        return false;
      }
      before = type;
      at = start + length;
    }
    return true;
  }

  private static boolean isCanonical(byte[] in, int flags, int type, int at, int length) {
    return switch (type) {
      case 3 -> flags == TRANSITIVE && (length == 4 || length == 16 || length == 32);
      case 14, 15, 17, 18 -> false;
      default -> check(in, flags, type, at, length, PeerKind.INTERNAL, true) == null;
    };
  }
}
