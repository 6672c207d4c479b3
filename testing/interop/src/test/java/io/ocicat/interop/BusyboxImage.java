package io.ocicat.interop;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * An image with nothing but Debian's static busybox, as the archive that {@code podman load} and
 * {@code ctr images import} take (Docker image specification 1.2).
 */
final class BusyboxImage {

  static final String NAME = "localhost/ocicat-box:latest";

  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final List<String> APPLETS =
      List.of(
          "sh", "sleep", "ip", "wget", "nc", "netstat", "timeout", "cat", "ping", "ping6", "echo");

  private BusyboxImage() {}

  static void write(Path archive) throws IOException {
    Tar layer = new Tar();
    layer.directory("bin");
    layer.file("bin/busybox", Files.readAllBytes(BUSYBOX), 0755);
    for (String applet : APPLETS) {
      layer.symbolicLink("bin/" + applet, "busybox");
    }
    byte[] layerBytes = layer.end();
    Map<String, Object> config =
        Map.of(
            "architecture",
            System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64",
            "os",
            "linux",
            "config",
            Map.of("Env", List.of("PATH=/bin"), "Entrypoint", List.of("/bin/sleep", "100000")),
            "rootfs",
            Map.of("type", "layers", "diff_ids", List.of("sha256:" + sha256(layerBytes))));
    byte[] configBytes = new ObjectMapper().writeValueAsBytes(config);
    String configName = sha256(configBytes) + ".json";
    Object manifest =
        List.of(
            Map.of(
                "Config", configName, "RepoTags", List.of(NAME), "Layers", List.of("layer.tar")));
    Tar image = new Tar();
    image.file(configName, configBytes, 0644);
    image.file("layer.tar", layerBytes, 0644);
    image.file("manifest.json", new ObjectMapper().writeValueAsBytes(manifest), 0644);
    Files.write(archive, image.end());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the ustar format of POSIX.1-1988. */
  private static final class Tar {
    private static final int BLOCK = 512;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void directory(String name) {
      header(name + "/", new Entry('5', 0755, 0, ""));
    }

    void file(String name, byte[] content, int mode) {
      header(name, new Entry('0', mode, content.length, ""));
      out.writeBytes(content);
      out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    void symbolicLink(String name, String target) {
      header(name, new Entry('2', 0777, 0, target));
    }

    byte[] end() {
      out.writeBytes(new byte[2 * BLOCK]);
      return out.toByteArray();
    }

    private record Entry(char type, int mode, int size, String linkName) {}

    private void header(String name, Entry entry) {
      byte[] block = new byte[BLOCK];
      put(block, 0, name);
      put(block, 100, "%07o".formatted(entry.mode()));
      put(block, 108, "0000000");
      put(block, 116, "0000000");
      put(block, 124, "%011o".formatted(entry.size()));
      put(block, 136, "00000000000");
      put(block, 148, "        ");
      block[156] = (byte) entry.type();
      put(block, 157, entry.linkName());
      put(block, 257, "ustar");
      put(block, 263, "00");
      int sum = 0;
      for (byte b : block) {
        sum += b & 0xff;
      }
      put(block, 148, "%06o\0 ".formatted(sum));
      out.writeBytes(block);
    }

    private static void put(byte[] block, int offset, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(bytes, 0, block, offset, bytes.length);
    }
  }
}
