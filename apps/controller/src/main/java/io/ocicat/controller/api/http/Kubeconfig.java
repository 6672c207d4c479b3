package io.ocicat.controller.api.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/** Writes the file with which kubectl, and every other client, finds and enters the API. */
public final class Kubeconfig {

  private Kubeconfig() {}

  /**
   * Replaces the file in one step. Only its owner may read it: it holds a private key.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public static void write(
      Path path, URI server, String caPem, String clientCertPem, String clientKeyPem) {
    String text =
        """
          apiVersion: v1
          kind: Config
          clusters:
          - name: ocicat
            cluster:
              server: %s
              certificate-authority-data: %s
          users:
          - name: ocicat
            user:
              client-certificate-data: %s
              client-key-data: %s
          contexts:
          - name: ocicat
            context:
              cluster: ocicat
              user: ocicat
          current-context: ocicat
          """
            .formatted(server, base64(caPem), base64(clientCertPem), base64(clientKeyPem));
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, text, StandardOpenOption.WRITE);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing the kubeconfig " + path, e);
    }
  }

  private static String base64(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }
}
