package io.ocicat.controller;

import io.ocicat.controller.api.http.Kubeconfig;
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
import java.util.List;

/** The files by which others find a controller and get in. */
final class AccessFiles {

  private final ControllerConfig config;

  AccessFiles(ControllerConfig config) {
    this.config = config;
  }

  /** The token of an earlier start, if it is this authority's, else a new one. */
  JoinToken loadOrCreateToken(ClusterAuthority authority, SecureRandom random) {
    Path file = config.joinToken();
    try {
      if (Files.exists(file)) {
        JoinToken token = JoinToken.parse(Files.readString(file, StandardCharsets.UTF_8));
        if (token.authorityPin().equals(authority.pin())) {
          return token;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    JoinToken token = JoinToken.create(random, authority);
    Pem.writePrivately(file, token.text() + "\n");
    return token;
  }

  /** Writes a kubeconfig with a new certificate. */
  void writeKubeconfig(URI api, ClusterAuthority authority) {
    KeyedCertificate administrator =
        authority.issueAdministrator(new Identity.Administrator("ocicat-admin"));
    Kubeconfig.write(
        config.kubeconfig(),
        api,
        Pem.text(List.of(authority.certificate())),
        Pem.text(administrator.chain()),
        Pem.text(administrator.key()));
  }

  /** Where the API listened last, so that a restart does not move it. */
  int lastApiPort() {
    try {
      return Files.exists(apiPort())
          ? Integer.parseInt(Files.readString(apiPort(), StandardCharsets.UTF_8).strip())
          : 0;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  private Path apiPort() {
    return config.stateDirectory().resolve("api-port");
  }

  void writeReady(URI api, InetSocketAddress sync) {
    Pem.writePublicly(apiPort(), api.getPort() + "\n");
    Pem.writePublicly(
        config.ready(),
        "{\"api\":\"%s\",\"sync\":\"%s\",\"pid\":%d}\n"
            .formatted(api, hostAndPort(sync), ProcessHandle.current().pid()));
  }

  private static String hostAndPort(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return "%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort());
  }

  void removeReady() {
    try {
      Files.deleteIfExists(config.ready());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + config.ready(), e);
    }
  }
}
