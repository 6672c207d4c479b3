package io.ocicat.store.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** Ways to an API server. */
public final class ClusterAccess {
  private ClusterAccess() {}

  /**
   * The server of the cluster in which this process is a pod, by its service account, whose token
   * is read anew as it is rotated; elsewhere that of {@code KUBECONFIG} or {@code ~/.kube/config}.
   */
  public static ApiServer fromEnvironment() {
    return connect(new ConfigBuilder());
  }

  /** The server of a kubeconfig file's current context. */
  public static ApiServer ofKubeconfig(Path file) {
    return connect(new ConfigBuilder(Config.fromKubeconfig(file.toFile())));
  }

  /**
   * A server with a bearer token.
   *
   * @param certificates what to trust, as PEM text
   */
  public static ApiServer ofToken(URI server, String certificates, String token) {
    byte[] pem = certificates.getBytes(StandardCharsets.UTF_8);
    return connect(
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.toString())
            .withCaCertData(Base64.getEncoder().encodeToString(pem))
            .withOauthToken(token));
  }

  private static ApiServer connect(ConfigBuilder config) {
    // HTTP/1.1: a connection that died silently then takes one watch with it and not all of them.
    return new HttpApiServer(
        config
            .withHttp2Disable(true)
            .withRequestRetryBackoffLimit(0)
            .withUserAgent("ocicat")
            .build());
  }
}
