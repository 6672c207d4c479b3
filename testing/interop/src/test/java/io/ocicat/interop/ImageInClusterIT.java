package io.ocicat.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ocicat.testkit.Shell;
import io.ocicat.testkit.kubernetes.RealApiServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image has all that a controller in a cluster needs: modules of Java, jars, a start-up cache
 * that fits. Its files run by themselves here, in the network of the API server.
 */
class ImageInClusterIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void aControllerOfTheImageLeadsInARealCluster() throws IOException, InterruptedException {
    assumeThat(RealApiServer.whyNone()).as("no API server").isEmpty();
    Path builder = ImageIT.builder();
    Shell.run(List.of(builder.toString())).orFail();
    Path image = builder.resolveSibling("target/rootfs");
    try (RealApiServer server = RealApiServer.start(List.of(), List.of())) {
      Map<String, String> admin =
          Map.of("KUBECONFIG", server.kubeconfig(server.adminToken()).toString());
      Path definitions = builder.resolveSibling("../manifests/crds-before-1.31.yaml").normalize();
      Shell.run(
              List.of("kubectl", "create", "--validate=false", "-f", definitions.toString()), admin)
          .orFail();
      // The container's /tmp.
      Files.copy(server.certificateFile(), directory.resolve("ca.crt"));
      Files.writeString(
          directory.resolve("kubeconfig"),
          Files.readString(server.kubeconfig(server.adminToken()))
              .replace(server.certificateFile().toString(), "/tmp/ca.crt"));
      int health = freePort();
      Files.writeString(
          directory.resolve("controller.yaml"),
          """
          store: kubernetes
          stateDir: /tmp/controller
          syncListen: 127.0.0.1:0
          healthListen: 127.0.0.1:%d
          kubernetes:
            kubeconfig: /tmp/kubeconfig
            namespace: kube-system
            replica: ocicat-controller-a
            advertise: 127.0.0.1:7946
          """
              .formatted(health));
      Path log = directory.resolve("log");
      Process controller =
          new ProcessBuilder(
                  "unshare",
                  "--mount",
                  "sh",
                  "-euc",
                  """
                  mount --make-rprivate /
                  mount --bind "$2" "$1/tmp"
                  mount -t proc proc "$1/proc"
                  mount --rbind /dev "$1/dev"
                  exec chroot "$1" /bin/env -i PATH=/bin JAVA_HOME=/opt/java OCICAT_JAVA_OPTIONS=-XX:AOTMode=on \
                    /opt/ocicat/bin/ocicat controller --config /tmp/controller.yaml
                  """,
                  "sh",
                  image.toString(),
                  directory.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        String readyz = "http://127.0.0.1:" + health + "/readyz";
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!said(readyz).contains("serving agents")) {
          assertThat(System.nanoTime() < deadlineNs && controller.isAlive())
              .as(Files.readString(log))
              .isTrue();
          Thread.sleep(200);
        }
      } finally {
        controller.destroy();
        assertThat(controller.waitFor(PATIENCE)).isTrue();
      }
      assertThat(Files.readString(log))
          .doesNotContain("NoClassDefFoundError", "ClassNotFoundException");
    }
  }

  private static String said(String address) {
    return Shell.run(List.of("busybox", "wget", "-q", "-O", "-", address)).stdout();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
