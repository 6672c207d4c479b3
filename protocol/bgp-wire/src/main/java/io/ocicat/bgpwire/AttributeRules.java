package io.ocicat.bgpwire;

/** What each known attribute must look like: flags, lengths, values. */
final class AttributeRules {

  static final int OPTIONAL = 0x80;
  static final int TRANSITIVE = 0x40;
  static final int PARTIAL = 0x20;
  static final int EXTENDED_LENGTH = 0x10;

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
      if (!shortest
          || length > octets.length - start
          || !isCanonical(octets, type, start, length)) {
        return false;
      }
      if (isKnown(type) && (flags & (OPTIONAL | TRANSITIVE)) != flags(type)) {
        return false;
      }
      before = type;
      at = start + length;
    }
    return true;
  }

  private static boolean isCanonical(byte[] octets, int type, int at, int length) {
    return switch (type) {
      case 1 -> length == 1 && octets[at] >= 0 && octets[at] <= 2;
      case 2 -> AsPaths.isWellFormed(octets, at, at + length, 4);
      case 3 -> length == 4 || length == 16 || length == 32;
      case 4, 5, 9, 35 -> length == 4;
      case 6 -> length == 0;
      case 7 -> length == 8;
      case 8, 10 -> length > 0 && length % 4 == 0;
      case 16 -> length > 0 && length % 8 == 0;
      case 25 -> length > 0 && length % 20 == 0;
      case 32 -> length > 0 && length % 12 == 0;
      case 0, 14, 15, 17, 18 -> false;
      default -> true;
    };
  }
}
