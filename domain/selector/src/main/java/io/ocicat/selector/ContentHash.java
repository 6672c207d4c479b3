package io.ocicat.selector;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Short, stable names for canonical texts.
 *
 * <p>80 bits of SHA-256: two texts of one cluster meeting by accident is out of reach, and the name
 * stays short enough for kernel objects.
 */
public final class ContentHash {

  private static final int BYTES = 10;

  private ContentHash() {}

  /** 20 lower-case hexadecimal digits that depend on {@code text} alone. */
  public static String of(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
