package io.ocicat.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** Reads a tar.gz of texts. */
final class TarText {
  private static final int BLOCK = 512;

  private TarText() {}

  /** Texts by name, without the first folder. */
  static Map<String, String> read(byte[] archive) throws IOException {
    byte[] tar = new GZIPInputStream(new ByteArrayInputStream(archive)).readAllBytes();
    Map<String, String> found = new TreeMap<>();
    int at = 0;
    while (tar[at] != 0) {
      String name = field(tar, at + 345, 155) + "/" + field(tar, at, 100);
      int size = Integer.parseInt(field(tar, at + 124, 11), 8);
      found.put(
          name.substring(name.indexOf('/') + 1),
          new String(tar, at + BLOCK, size, StandardCharsets.UTF_8));
      at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
    return found;
  }

  private static String field(byte[] tar, int from, int length) {
    return new String(tar, from, length, StandardCharsets.UTF_8).replace("\0", "");
  }
}
