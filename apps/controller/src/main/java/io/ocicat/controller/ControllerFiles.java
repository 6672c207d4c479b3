package io.ocicat.controller;

import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.JoinToken;
import io.ocicat.sync.identity.KeyedCertificate;
import io.ocicat.sync.identity.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * The files in a controller's data directory.
 *
 * <p>{@code ca.key} and {@code ca.crt}: the cluster's authority. {@code store.db}: the store.
 * {@code join-token}: what a new node needs. {@code kubeconfig}: for administrators. {@code ready}:
 * JSON with the addresses, there while the controller serves.
 */
public record ControllerFiles(Path directory) {

  /** The embedded store's file. */
  public Path store() {
    return directory.resolve("store.db");
  }

  /** What a new node needs to join. */
  public Path joinToken() {
    return directory.resolve("join-token");
  }

  /** For kubectl and everyday commands. */
  public Path kubeconfig() {
    return directory.resolve("kubeconfig");
  }

  /** There while the controller serves. */
  public Path ready() {
    return directory.resolve("ready");
  }

  /** The token of an earlier start, if it is this authority's, else a new one. */
  JoinToken loadOrCreateToken(ClusterAuthority authority, SecureRandom random) {
    try {
      if (Files.exists(joinToken())) {
        JoinToken token = JoinToken.parse(Files.readString(joinToken(), StandardCharsets.UTF_8));
        if (token.authorityPin().equals(authority.pin())) {
          return token;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + joinToken(), e);
    }
    JoinToken token = JoinToken.create(random, authority);
    Pem.writePrivately(joinToken(), token.text() + "\n");
    return token;
  }

  /** Writes a kubeconfig with a new certificate. */
  void writeKubeconfig(URI api, ClusterAuthority authority) {
    KeyedCertificate administrator =
        authority.issueAdministrator(new Identity.Administrator("ocicat-admin"));
    Pem.writePrivately(
        kubeconfig(),
        """
        apiVersion: v1
        kind: Config
        current-context: ocicat
        clusters:
        - name: ocicat
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: ocicat-admin
          user:
            client-certificate-data: %s
            client-key-data: %s
        contexts:
        - name: ocicat
          context:
            cluster: ocicat
            user: ocicat-admin
        """
            .formatted(
                api,
                base64(Pem.text(List.of(authority.certificate()))),
                base64(Pem.text(administrator.chain())),
                base64(Pem.text(administrator.key()))));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  void writeReady(URI api, InetSocketAddress sync) {
    Pem.writePublicly(
        ready(),
        "{\"api\":\"%s\",\"sync\":\"%s\",\"pid\":%d}\n"
            .formatted(api, hostAndPort(sync), ProcessHandle.current().pid()));
  }

  private static String hostAndPort(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return "%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort());
  }

  void removeReady() {
    try {
      Files.deleteIfExists(ready());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + ready(), e);
    }
  }
}
