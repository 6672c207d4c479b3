package io.ocicat.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.interop.cri.ContainerConfig;
import io.ocicat.interop.cri.ImageSpec;
import io.ocicat.interop.cri.KeyValue;
import io.ocicat.interop.cri.Mount;
import io.ocicat.interop.cri.MountPropagation;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image runs as the DaemonSet and the Deployment run it, and a pod gets its network from it.
 */
class ImageIT {
  private static final String NAME = "ocicat.io/ocicat:0.1.0";
  private static final String NETNS = "ocicat-image-it";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path directory;
  private static Path image;

  @BeforeAll
  static void start() {
    image = Path.of(Shell.run(List.of(builder().toString())).orFail().strip());
    ip("netns", "add", NETNS);
    for (String[] each :
        new String[][] {
          {"link", "set", "lo", "up"},
          {"link", "add", "eth0", "type", "veth", "peer", "name", "eth1"},
          {"link", "set", "eth1", "up"},
          {"link", "set", "eth0", "up"},
          {"address", "add", "192.0.2.1/24", "dev", "eth0"},
          {"address", "add", "2001:db8::1/64", "dev", "eth0", "nodad"}
        }) {
      inNode(concat(List.of("ip"), each)).orFail();
    }
  }

  @AfterAll
  static void stop() {
    Shell.run(List.of("ip", "netns", "delete", NETNS));
  }

  @Test
  void servesPodsAsADaemonSet() throws IOException, InterruptedException {
    for (String folder : List.of("state", "run", "bin", "conf", "etc", "tmp", "controller")) {
      Files.createDirectories(directory.resolve(folder));
    }
    LabNode node =
        new LabNode(
            "node-1",
            Path.of("/run/netns").resolve(NETNS),
            directory.resolve("bin"),
            directory.resolve("conf/10-ocicat.conflist"));
    Path box = directory.resolve("box.tar");
    BusyboxImage.write(box);
    try (Containerd runtime = new Containerd(node, directory.resolve("containerd"))) {
      runtime.load(box);
      runtime.load(image);
      Containerd.Pod controller = runtime.createOnNode("controller", controller());
      Containerd.Pod agent = runtime.createOnNode("agent", agent(), "NET_ADMIN", "SYS_ADMIN");
      try {
        runtime.start(controller);
        await(
            "the controller",
            () -> Files.exists(directory.resolve("controller/join-token")),
            runtime,
            "controller");
        pools(runtime, controller);
        long startedNs = System.nanoTime();
        runtime.start(agent);
        await("the conflist", () -> Files.exists(node.cniConf()), runtime, "agent");
        Duration start = Duration.ofNanos(System.nanoTime() - startedNs);
        await("the runtime", runtime::networkReady, runtime, "agent");
        Containerd.Pod pod = runtime.run("default", "first");
        try {
          assertThat(pod.addresses()).hasSize(2);
          runtime
              .exec(pod, "sh", "-c", "nc -ll -p 8080 -e /bin/echo here >/dev/null 2>&1 &")
              .orFail();
          for (String address : pod.addresses()) {
            await(
                "an answer from " + address,
                () ->
                    inNode(List.of("timeout", "2", "busybox", "nc", address, "8080"))
                        .stdout()
                        .contains("here"),
                runtime,
                "agent");
          }
        } finally {
          runtime.remove(pod);
        }
        assertThat(inNode(List.of("ip", "-o", "link")).orFail()).doesNotContain(": oci");
        report(runtime, agent, start);
        runtime.stop(agent);
        assertThat(node.cniConf()).as("withdrawn when the agent ends").doesNotExist();
        cleanUp(runtime);
      } finally {
        runtime.remove(agent);
        runtime.remove(controller);
      }
    }
  }

  private static ContainerConfig.Builder controller() throws IOException {
    Files.writeString(
        directory.resolve("etc/controller.yaml"),
        """
        stateDir: %1$s/controller
        apiListen: 127.0.0.1:6443
        syncListen: 192.0.2.1:7946
        """
            .formatted(directory));
    return container("controller", "etc", "controller", "tmp");
  }

  private static ContainerConfig.Builder agent() throws IOException {
    Files.writeString(
        directory.resolve("etc/agent.yaml"),
        """
        nodeName: node-1
        nodeAddresses: [192.0.2.1, "2001:db8::1"]
        controller: 192.0.2.1:7946
        joinTokenFile: %1$s/controller/join-token
        stateDir: %1$s/state
        runDir: %1$s/run
        cniBinDir: %1$s/bin
        cniConfDir: %1$s/conf
        """
            .formatted(directory));
    return container("agent", "etc", "controller", "state", "run", "bin", "conf", "tmp")
        .addMounts(
            Mount.newBuilder()
                .setHostPath("/run/netns")
                .setContainerPath("/run/netns")
                .setPropagation(MountPropagation.PROPAGATION_HOST_TO_CONTAINER))
        .addMounts(
            Mount.newBuilder().setHostPath("/proc/sys/net").setContainerPath("/host/proc/sys/net"))
        .addEnvs(
            KeyValue.newBuilder()
                .setKey("OCICAT_JAVA_OPTIONS")
                // With this mode the agent does not start when the start-up cache does not fit.
                .setValue("-Docicat.sysctls=/host/proc/sys -XX:AOTMode=on"));
  }

  /** As the chart's DaemonSet does, with the one capability that it has. */
  private static void cleanUp(Containerd runtime) throws IOException, InterruptedException {
    assertThat(inNode(List.of("nft", "list", "tables")).orFail()).contains("inet ocicat");
    ContainerConfig.Builder container = agent();
    container.clearArgs().addArgs("agent").addArgs("cleanup");
    container.addArgs("--config").addArgs(directory.resolve("etc/agent.yaml").toString());
    Containerd.Pod cleanup = runtime.createOnNode("cleanup", container, "NET_ADMIN");
    try {
      runtime.start(cleanup);
      await(
          "a clean node",
          () -> logOf(runtime, "cleanup").contains("nothing of Ocicat is left"),
          runtime,
          "cleanup");
    } finally {
      runtime.remove(cleanup);
    }
    assertThat(inNode(List.of("nft", "list", "tables")).orFail()).doesNotContain("ocicat");
    assertThat(inNode(List.of("cat", "/proc/sys/net/ipv6/conf/all/forwarding")).orFail().strip())
        .as("as it was")
        .isEqualTo("0");
    for (String folder : List.of("state", "bin")) {
      assertThat(directory.resolve(folder)).isEmptyDirectory();
    }
  }

  private static String logOf(Containerd runtime, String container) {
    try {
      return runtime.log(container);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the log of " + container, e);
    }
  }

  /** Folders have the same path inside and outside, as on a node. */
  private static ContainerConfig.Builder container(String role, String... folders) {
    ContainerConfig.Builder container =
        ContainerConfig.newBuilder()
            .setImage(ImageSpec.newBuilder().setImage(NAME))
            .addArgs(role)
            .addArgs("--config")
            .addArgs(directory.resolve("etc").resolve(role + ".yaml").toString());
    for (String folder : folders) {
      String path = directory.resolve(folder).toString();
      container.addMounts(
          Mount.newBuilder()
              .setHostPath(path)
              .setContainerPath(folder.equals("tmp") ? "/tmp" : path)
              .setReadonly(folder.equals("etc")));
    }
    return container;
  }

  /** By the command line in the image. */
  private static void pools(Containerd runtime, Containerd.Pod controller) throws IOException {
    Files.writeString(
        directory.resolve("controller/pools.yaml"),
        """
        {apiVersion: projectcalico.org/v3, kind: IPPool, metadata: {name: v4}, spec: {cidr: 10.11.0.0/16}}
        ---
        {apiVersion: projectcalico.org/v3, kind: IPPool, metadata: {name: v6}, spec: {cidr: "fd00:11::/64"}}
        """);
    String folder = directory.resolve("controller").toString();
    runtime
        .exec(
            controller,
            "ocicat",
            "apply",
            "-f",
            folder + "/pools.yaml",
            "--kubeconfig",
            folder + "/kubeconfig")
        .orFail();
  }

  private static void report(Containerd runtime, Containerd.Pod agent, Duration start)
      throws IOException {
    System.out.printf(
        Locale.ROOT,
        "image: %d MiB to pull; agent from container start to serving pods %d ms, %d MiB resident (%d MiB its own)%n",
        Files.size(image) >> 20,
        start.toMillis(),
        memoryMib(runtime, agent, "VmRSS"),
        memoryMib(runtime, agent, "RssAnon"));
  }

  private static long memoryMib(Containerd runtime, Containerd.Pod pod, String field) {
    String line = runtime.exec(pod, "grep", field, "/proc/1/status").orFail();
    return Long.parseLong(line.replaceAll("\\D+", "")) >> 10;
  }

  private static void await(
      String what, BooleanSupplier there, Containerd runtime, String container)
      throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!there.getAsBoolean()) {
      if (System.nanoTime() > deadlineNs) {
        throw new AssertionError(
            "waited in vain for %s; the %s says:%n%s"
                .formatted(what, container, runtime.log(container)));
      }
      Thread.sleep(10);
    }
  }

  private static Shell.Result inNode(List<String> command) {
    return Shell.run(Shell.inside(Path.of("/run/netns").resolve(NETNS), command));
  }

  private static void ip(String... arguments) {
    Shell.run(concat(List.of("ip"), arguments)).orFail();
  }

  private static List<String> concat(List<String> head, String... tail) {
    return java.util.stream.Stream.concat(head.stream(), java.util.Arrays.stream(tail)).toList();
  }

  static Path builder() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(directory.resolve("ocicat"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new AssertionError("no ./ocicat above " + Path.of("").toAbsolutePath());
      }
    }
    return directory.resolve("deploy/image/build");
  }
}
