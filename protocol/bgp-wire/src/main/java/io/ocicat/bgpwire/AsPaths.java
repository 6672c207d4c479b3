package io.ocicat.bgpwire;

/** AS_PATHs in their two sizes (RFC 6793), as octets. */
final class AsPaths {

  private AsPaths() {}

  /**
   * Whether segments of known types and at least one number fill the slice (RFC 7606 §7.2).
   *
   * @param width of a number: 2 or 4
   */
  static boolean isWellFormed(byte[] octets, int from, int to, int width) {
    for (int at = from; at < to; ) {
      if (to - at < 2) {
        return false;
      }
      int type = octets[at];
      int count = octets[at + 1] & 0xff;
      at += 2 + width * count;
      if (type < 1 || type > 4 || count == 0 || at > to) {
        return false;
      }
    }
    return true;
  }
}
