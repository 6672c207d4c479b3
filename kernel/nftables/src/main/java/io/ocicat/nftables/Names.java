package io.ocicat.nftables;

import java.nio.charset.StandardCharsets;

/** Limits of the kernel on names and comments, checked before the kernel would. */
final class Names {
  /** {@code NFT_NAME_MAXLEN}, which counts the closing zero. */
  static final int NAME_MAXLEN = 256;

  /** What libnftnl and nft(8) allow for a comment, closing zero included. */
  static final int COMMENT_MAXLEN = 128;

  private Names() {}

  static void check(String kind, String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length >= NAME_MAXLEN || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "the name of a " + kind + " has 1 to 255 bytes and no zero byte: '" + name + "'");
    }
  }

  static void checkComment(String object, String comment) {
    int length = comment.getBytes(StandardCharsets.UTF_8).length;
    if (length >= COMMENT_MAXLEN || comment.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "the comment of "
              + object
              + " has "
              + length
              + " bytes; nft allows 127 and no zero byte: '"
              + comment
              + "'");
    }
  }
}
