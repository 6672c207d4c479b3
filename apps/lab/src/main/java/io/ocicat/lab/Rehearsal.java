package io.ocicat.lab;

import io.ocicat.client.ApiClient;
import io.ocicat.client.Kubeconfig;
import io.ocicat.inet.IpAddress;
import io.ocicat.lab.serve.Requests;
import io.ocicat.lab.serve.ServeClient;
import io.ocicat.lab.serve.ServeServer;
import io.ocicat.lab.traffic.Prober;
import io.ocicat.lab.traffic.Protocol;
import io.ocicat.libc.NetNamespace;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.Rtnetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A cluster of one node inside one process, for the JVM to record what each role loads: controller, agent, commands,
 * probes. The record becomes the start-up cache.
 *
 * <p>The process must stand in a network namespace of its own, for it is itself the node.
 */
public final class Rehearsal {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: %1$s, namespace: default, labels: {app: %1$s}}
      spec:
        nodeName: node-1
        containers: [{name: a, image: none, ports: [{name: http, containerPort: 80}]}]
      ---
      """;
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: p, namespace: default}
      spec:
        podSelector: {matchLabels: {app: one}}
        policyTypes: [Ingress, Egress]
        ingress:
        - from: [{podSelector: {matchLabels: {app: two}}}, {ipBlock: {cidr: 192.0.2.0/24}}]
          ports: [{port: http}]
        egress: [{}]
      """;

  private final Commands commands;
  private final Path directory;

  /** The command line, in this process. */
  @FunctionalInterface
  public interface Commands {
    /** Runs {@code ocicat ARGUMENTS…} and answers its exit status. */
    int run(String... arguments);
  }

  private Rehearsal(Commands commands, Path directory) {
    this.commands = commands;
    this.directory = directory;
  }

  /**
   * Plays everything through once. Controller and agent run on until the process ends.
   *
   * @throws LabException if this process stands in the machine's own network namespace
   */
  public static void run(Commands commands) {
    try (NetNamespace own = NetNamespace.current();
        NetNamespace machine = NetNamespace.ofProcess(1)) {
      if (own.inode() == machine.inode()) {
        throw new LabException(
            "rehearse: this process is in the machine's own network namespace; start it with 'unshare --net'");
      }
    }
    try {
      Path directory = Files.createTempDirectory("ocicat-rehearsal");
      try {
        new Rehearsal(commands, directory).play();
      } finally {
        Remains.deleteTree(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("make a directory to rehearse in", e);
    }
  }

  private void play() {
    try (Rtnetlink links = Rtnetlink.open()) {
      links.execute(LinkCodec.setLink("lo", LinkSettings.NONE.up()));
    }
    Path kubeconfig = directory.resolve("kubeconfig");
    startController(kubeconfig);
    try (ApiClient api = new ApiClient(Kubeconfig.read(List.of(kubeconfig)))) {
      LabStart.createPools(api, LabSpec.Families.DUAL_STACK);
    }
    LabNode node =
        new LabNode(
            "node-1",
            Path.of("/proc/self/ns/net"),
            List.of(IpAddress.parse("127.0.0.1"), IpAddress.parse("::1")),
            directory.resolve("node-1"));
    startAgent(node);
    Path manifest = directory.resolve("pods.yaml");
    LabStart.write(manifest, POD.formatted("one") + POD.formatted("two") + POLICY);
    command(kubeconfig, "apply", "-f", manifest.toString(), "--wait");
    talk(node);
    for (String form : List.of("table", "wide", "yaml", "json", "name")) {
      command(kubeconfig, "get", "pods", "-A", "-o", form);
    }
    command(kubeconfig, "describe", "netpol", "p");
    command(kubeconfig, "status");
    command(kubeconfig, "node", "status");
    command(kubeconfig, "ipam", "show");
    command(kubeconfig, "delete", "-f", manifest.toString(), "--wait");
    int _ = commands.run("lab", "probe", "--help");
    int _ = commands.run("version");
  }

  private void command(Path kubeconfig, String... words) {
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--kubeconfig";
    all[words.length + 1] = kubeconfig.toString();
    int _ = commands.run(all);
  }

  private void startController(Path kubeconfig) {
    Path configuration = directory.resolve("controller.yaml");
    LabStart.write(
        configuration,
        """
        stateDir: controller
        apiListen: 127.0.0.1:0
        syncListen: 127.0.0.1:7946
        kubeconfigFile: kubeconfig
        joinTokenFile: join-token
        """);
    inBackground("controller", "--config", configuration.toString());
    await("the controller", () -> Files.exists(kubeconfig));
  }

  private void startAgent(LabNode node) {
    try {
      Files.createDirectories(node.cniBin());
      Files.createDirectories(node.cniConfDirectory());
    } catch (IOException e) {
      throw new UncheckedIOException("make the node's directories", e);
    }
    Path file = node.directory().resolve("agent.yaml");
    LabStart.write(
        file, LabStart.agentYaml(node, "127.0.0.1:7946", directory.resolve("join-token")));
    inBackground("agent", "--config", file.toString());
    await("the agent", () -> node.runtime().configured());
  }

  /** Two pods, a connection between them, and their end. */
  private void talk(LabNode node) {
    Path socket = directory.resolve("serve.sock");
    ServeServer server = ServeServer.open(socket, new SecureRandom());
    Thread _ = Thread.ofPlatform().daemon().name("serve").start(server::run);
    ServeClient client = new ServeClient(socket);
    IpAddress goal = IpAddress.parse("127.0.0.1");
    for (String name : List.of("one", "two")) {
      Path netns = directory.resolve("netns").resolve(name);
      try (NetNamespace _ = NetNamespace.createNamed(directory.resolve("netns"), name)) {
        CniRuntime.Sandbox sandbox =
            new CniRuntime.Sandbox("rehearsal-" + name, netns, "default", name, name);
        LabPod pod =
            new LabPod("node-1", sandbox, PodSpec.DEFAULT_LISTEN, node.runtime().add(sandbox));
        client.ask(new Requests.Answer(netns, pod.title(), pod.listen()));
        for (Protocol protocol : Protocol.values()) {
          Prober.Target target = new Prober.Target(goal, 80, protocol, Duration.ofMillis(50));
          int _ = client.probe(List.of(new Requests.Probe(netns, target))).size();
        }
        goal = pod.addresses().getFirst();
        client.ask(new Requests.Silence(netns));
        node.runtime().del(sandbox, pod.added());
      } finally {
        NetNamespace.deleteNamed(directory.resolve("netns"), name);
      }
    }
  }

  private void inBackground(String... arguments) {
    Thread _ =
        Thread.ofPlatform()
            .daemon()
            .name("rehearse-" + arguments[0])
            .start(
                () -> {
                  int _ = commands.run(arguments);
                });
  }

  private static void await(String what, java.util.function.BooleanSupplier ready) {
    boolean _ =
        Waiting.until(
            LIMIT,
            () -> ready.getAsBoolean() ? Optional.of(true) : Optional.empty(),
            () -> new LabException("rehearse: " + what + " is not ready"));
  }
}
