package io.ocicat.interop;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.ocicat.interop.cri.Capability;
import io.ocicat.interop.cri.ContainerConfig;
import io.ocicat.interop.cri.ContainerMetadata;
import io.ocicat.interop.cri.CreateContainerRequest;
import io.ocicat.interop.cri.ExecSyncRequest;
import io.ocicat.interop.cri.ExecSyncResponse;
import io.ocicat.interop.cri.ImageSpec;
import io.ocicat.interop.cri.LinuxContainerConfig;
import io.ocicat.interop.cri.LinuxContainerSecurityContext;
import io.ocicat.interop.cri.LinuxPodSandboxConfig;
import io.ocicat.interop.cri.LinuxSandboxSecurityContext;
import io.ocicat.interop.cri.NamespaceMode;
import io.ocicat.interop.cri.NamespaceOption;
import io.ocicat.interop.cri.PodSandboxConfig;
import io.ocicat.interop.cri.PodSandboxMetadata;
import io.ocicat.interop.cri.PodSandboxNetworkStatus;
import io.ocicat.interop.cri.PodSandboxStatusRequest;
import io.ocicat.interop.cri.RemovePodSandboxRequest;
import io.ocicat.interop.cri.RunPodSandboxRequest;
import io.ocicat.interop.cri.RuntimeServiceGrpc;
import io.ocicat.interop.cri.SecurityProfile;
import io.ocicat.interop.cri.StartContainerRequest;
import io.ocicat.interop.cri.StatusRequest;
import io.ocicat.interop.cri.StopContainerRequest;
import io.ocicat.interop.cri.StopPodSandboxRequest;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** containerd of one node, with runc, driven through its CRI socket as a kubelet would. */
final class Containerd implements AutoCloseable {

  /** A running pod: the sandbox and the container in it. */
  record Pod(String sandboxId, String containerId, List<String> addresses) {}

  private final Process process;
  private final Path socket;
  private final Path directory;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final ManagedChannel channel;

  Containerd(LabNode node, Path directory) throws IOException, InterruptedException {
    this.directory = Files.createDirectories(directory);
    this.socket = directory.resolve("containerd.sock");
    Path configuration = directory.resolve("config.toml");
    Files.writeString(
        configuration,
        """
        version = 2
        root = "%1$s/root"
        state = "%1$s/state"
        disabled_plugins = ["io.containerd.internal.v1.opt"]
        [grpc]
          address = "%1$s/containerd.sock"
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "%2$s"
          restrict_oom_score_adj = true
          disable_tcp_service = true
          stream_server_address = "127.0.0.1"
          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "native"
          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
            runtime_type = "io.containerd.runc.v2"
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "%3$s"
            conf_dir = "%4$s"
        """
            .formatted(directory, BusyboxImage.NAME, node.cniBin(), node.cniConf().getParent()));
    this.process =
        new ProcessBuilder(
                Shell.inside(
                    node.netns(), List.of("containerd", "--config", configuration.toString())))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("containerd.log").toFile())
            .start();
    awaitSocket();
    this.channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  private void awaitSocket() throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (ctr("version").exitCode() != 0) {
      if (!process.isAlive() || System.nanoTime() > deadlineNs) {
        throw new AssertionError(
            "containerd did not start:\n" + Files.readString(directory.resolve("containerd.log")));
      }
      Thread.sleep(100);
    }
  }

  private Shell.Result ctr(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ctr", "-a", socket.toString(), "-n", "k8s.io"));
    command.addAll(List.of(arguments));
    return Shell.run(command);
  }

  private RuntimeServiceGrpc.RuntimeServiceBlockingStub cri() {
    return RuntimeServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  void load(Path image) {
    ctr("images", "import", "--snapshotter", "native", image.toString()).orFail();
  }

  boolean networkReady() {
    return cri().status(StatusRequest.getDefaultInstance()).getStatus().getConditionsList().stream()
        .anyMatch(c -> c.getType().equals("NetworkReady") && c.getStatus());
  }

  Pod run(String namespace, String name) {
    PodSandboxConfig config =
        PodSandboxConfig.newBuilder()
            .setMetadata(
                PodSandboxMetadata.newBuilder()
                    .setNamespace(namespace)
                    .setName(name)
                    .setUid(namespace + "-" + name))
            .setHostname(name)
            .setLogDirectory(directory.resolve("logs").toString())
            .setLinux(LinuxPodSandboxConfig.newBuilder().setCgroupParent("/ocicat-interop"))
            .build();
    String sandbox =
        cri()
            .runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(config).build())
            .getPodSandboxId();
    String container =
        cri()
            .createContainer(
                CreateContainerRequest.newBuilder()
                    .setPodSandboxId(sandbox)
                    .setSandboxConfig(config)
                    .setConfig(
                        ContainerConfig.newBuilder()
                            .setMetadata(ContainerMetadata.newBuilder().setName("main"))
                            .setImage(ImageSpec.newBuilder().setImage(BusyboxImage.NAME))
                            .addCommand("/bin/sleep")
                            .addArgs("100000"))
                    .build())
            .getContainerId();
    cri().startContainer(StartContainerRequest.newBuilder().setContainerId(container).build());
    PodSandboxNetworkStatus network =
        cri()
            .podSandboxStatus(PodSandboxStatusRequest.newBuilder().setPodSandboxId(sandbox).build())
            .getStatus()
            .getNetwork();
    List<String> addresses = new ArrayList<>(List.of(network.getIp()));
    network.getAdditionalIpsList().forEach(ip -> addresses.add(ip.getIp()));
    return new Pod(sandbox, container, addresses);
  }

  /**
   * Prepares a container on the node's network the way a kubelet does one that is not privileged:
   * without capabilities but those named, read-only, under the runtime's seccomp profile.
   */
  Pod createOnNode(String name, ContainerConfig.Builder container, String... capabilities) {
    NamespaceOption namespaces =
        NamespaceOption.newBuilder()
            .setNetwork(NamespaceMode.NODE)
            .setPid(NamespaceMode.CONTAINER)
            .build();
    PodSandboxConfig config =
        PodSandboxConfig.newBuilder()
            .setMetadata(
                PodSandboxMetadata.newBuilder()
                    .setNamespace("kube-system")
                    .setName(name)
                    .setUid("kube-system-" + name))
            .setLogDirectory(directory.resolve("logs").toString())
            .setLinux(
                LinuxPodSandboxConfig.newBuilder()
                    .setCgroupParent("/ocicat-interop")
                    .setSecurityContext(
                        LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(namespaces)))
            .build();
    container
        .setMetadata(ContainerMetadata.newBuilder().setName(name))
        .setLogPath(name + ".log")
        .setLinux(
            LinuxContainerConfig.newBuilder()
                .setSecurityContext(
                    LinuxContainerSecurityContext.newBuilder()
                        .setNamespaceOptions(namespaces)
                        .setReadonlyRootfs(true)
                        .setNoNewPrivs(true)
                        .setSeccomp(SecurityProfile.getDefaultInstance())
                        .addAllMaskedPaths(List.of("/proc/kcore", "/proc/keys", "/sys/firmware"))
                        .addAllReadonlyPaths(
                            List.of(
                                "/proc/bus",
                                "/proc/fs",
                                "/proc/irq",
                                "/proc/sys",
                                "/proc/sysrq-trigger"))
                        .setCapabilities(
                            Capability.newBuilder()
                                .addDropCapabilities("ALL")
                                .addAllAddCapabilities(List.of(capabilities)))));
    String sandbox =
        cri()
            .runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(config).build())
            .getPodSandboxId();
    String id =
        cri()
            .createContainer(
                CreateContainerRequest.newBuilder()
                    .setPodSandboxId(sandbox)
                    .setSandboxConfig(config)
                    .setConfig(container)
                    .build())
            .getContainerId();
    return new Pod(sandbox, id, List.of());
  }

  void start(Pod pod) {
    cri()
        .startContainer(
            StartContainerRequest.newBuilder().setContainerId(pod.containerId()).build());
  }

  /** Tells the container to end, and ends it when it does not within 30 seconds. */
  void stop(Pod pod) {
    cri()
        .stopContainer(
            StopContainerRequest.newBuilder()
                .setContainerId(pod.containerId())
                .setTimeout(30)
                .build());
  }

  /** What the container of {@link #createOnNode} has printed. */
  String log(String name) throws IOException {
    return Files.readString(directory.resolve("logs").resolve(name + ".log"));
  }

  Shell.Result exec(Pod pod, String... command) {
    ExecSyncResponse response =
        cri()
            .execSync(
                ExecSyncRequest.newBuilder()
                    .setContainerId(pod.containerId())
                    .addAllCmd(List.of(command))
                    .setTimeout(30)
                    .build());
    return new Shell.Result(
        response.getExitCode(),
        response.getStdout().toStringUtf8(),
        response.getStderr().toStringUtf8());
  }

  void remove(Pod pod) {
    cri()
        .stopPodSandbox(
            StopPodSandboxRequest.newBuilder().setPodSandboxId(pod.sandboxId()).build());
    cri()
        .removePodSandbox(
            RemovePodSandboxRequest.newBuilder().setPodSandboxId(pod.sandboxId()).build());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
