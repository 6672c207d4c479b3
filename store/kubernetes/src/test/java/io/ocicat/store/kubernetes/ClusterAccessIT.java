package io.ocicat.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.testkit.kubernetes.RealApiServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The ways to a server, on a real one. */
@Timeout(120)
@Isolated("sets system properties")
@ExtendWith(NeedsApiServer.class)
class ClusterAccessIT {
  /** A self-signed certificate that nobody uses. */
  private static final String OTHER_AUTHORITY =
      """
      -----BEGIN CERTIFICATE-----
      MIIBeDCCAR+gAwIBAgIUPVD6LfLkdxuk25+RQFwvgNJvv34wCgYIKoZIzj0EAwIw
      ETEPMA0GA1UEAwwGbm9ib2R5MCAXDTI2MTEyMjE5MTAxN1oYDzIxMjYxMDI5MTkx
      MDE3WjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
      AASrES23YPcdDftYJjfwunwlj/OC33s6J7qcqtZdOhoL9a7Tpc5xMiHe7kI+yZdF
      o2oQjJpis7OkNhL8jCbddwg1o1MwUTAdBgNVHQ4EFgQUwulCpDCZI9OeYHvVsjla
      oO3g33kwHwYDVR0jBBgwFoAUwulCpDCZI9OeYHvVsjlaoO3g33kwDwYDVR0TAQH/
      BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBXSML1d+0yxGcSE+yV/4v/w51rQr+B
      U9Xhe2uQOiUUgwIgf65d6VDfoiixjyfCcrTQek5DFgTsMDdts9UqLu9AC8A=
      -----END CERTIFICATE-----
      """;

  private static RealApiServer server;

  @TempDir Path directory;
  private final Map<String, String> before = new HashMap<>();

  @BeforeAll
  static void start() throws Exception {
    server = RealApiServer.shared();
  }

  @AfterEach
  void restoreProperties() {
    before.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
  }

  private void set(String name, String value) {
    before.putIfAbsent(name, System.getProperty(name, ""));
    System.setProperty(name, value);
  }

  @Test
  void readsAKubeconfig() throws Exception {
    try (ApiServer access = ClusterAccess.ofKubeconfig(server.kubeconfig(server.adminToken()))) {
      assertThat(access.location()).isEqualTo(server.uri().toString());
      assertThat(access.get("/version").path("gitVersion").asText()).startsWith("v");
    }
  }

  @Test
  void aPodsTokenIsReadAnewWhenItHasChanged() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "expired");
    URI uri = server.uri();
    set("KUBERNETES_SERVICE_HOST", uri.getHost());
    set("KUBERNETES_SERVICE_PORT", Integer.toString(uri.getPort()));
    set("kubernetes.auth.serviceAccount.token", token.toString());
    set("kubernetes.certs.ca.file", server.certificateFile().toString());
    set("kubeconfig", directory.resolve("none").toString());
    try (ApiServer access = ClusterAccess.fromEnvironment()) {
      assertThat(access.location()).isEqualTo(uri.toString());
      assertThatThrownBy(() -> access.get("/api/v1/namespaces")).hasMessageContaining("401");
      Files.writeString(token, server.adminToken());
      assertThat(access.get("/api/v1/namespaces").path("items")).isNotEmpty();
    }
  }

  @Test
  void refusesAServerThatItDoesNotTrust() {
    URI uri = server.uri();
    try (ApiServer access = ClusterAccess.ofToken(uri, OTHER_AUTHORITY, "token")) {
      assertThatThrownBy(() -> access.get("/version"))
          .isInstanceOf(ApiException.class)
          .hasMessageContaining("no answer from the API server");
    }
  }
}
