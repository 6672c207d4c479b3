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
import io.ocicat.rtnetlink.Rtnetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A cluster of one node: a process with the controller, one that is an agent, one with the commands
 * of everyday, and a BGP speaker on its own, for the JVM to record what each loads. The records
 * become the start-up caches of them; a process maps its own whole, so none is to hold what another
 * needs.
 *
 * <p>The processes must stand in a network namespace of their own, for that is itself the node.
 */
public final class Rehearsal {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Lists and watches begin within this time; there is no end to wait for. */
  private static final Duration FOLLOWING = Duration.ofSeconds(3);

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

  /** Pods that are nowhere, to be explained. */
  private static final String EXPLAINED =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        {name: asker, namespace: default, annotations: {cni.projectcalico.org/podIPs: 192.0.2.8/32}}
      spec: {nodeName: node-1, containers: [{name: a, image: none}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: asked
        namespace: default
        labels: {app: one}
        annotations: {cni.projectcalico.org/podIPs: 192.0.2.9/32}
      spec: {nodeName: node-1, containers: [{name: a, image: none, ports: [{name: http, containerPort: 80}]}]}
      ---
      apiVersion: projectcalico.org/v3
      kind: HostEndpoint
      metadata: {name: h}
      spec: {node: node-1, interfaceName: "*", profiles: [projectcalico-default-allow]}
      ---
      apiVersion: projectcalico.org/v3
      kind: GlobalNetworkPolicy
      metadata: {name: g}
      spec: {order: 1, selector: "app == 'one'", ingress: [{action: Pass, source: {nets: [198.51.100.0/24]}}]}
      """;

  private final Commands commands;
  private final Path directory;
  private final Fabric fabric = new Fabric(LabSpec.Families.DUAL_STACK);
  private final LabNode node;

  /** The command line, in this process. */
  @FunctionalInterface
  public interface Commands {
    /** Runs {@code ocicat ARGUMENTS…} and answers its exit status. */
    int run(String... arguments);
  }

  private Rehearsal(Commands commands, Path directory) {
    this.commands = commands;
    this.directory = directory;
    this.node =
        new LabNode(
            "node-1", Path.of("/proc/self/ns/net"), fabric.gateway(), directory.resolve("node-1"));
  }

  /**
   * Plays the controller, and lets other processes be the agent and play the commands. The
   * controller runs on until this process ends, so the directory is the caller's to remove after
   * that.
   *
   * @param directory exists and is empty
   * @throws LabException if this process stands in a network namespace that others use
   */
  public static void servers(Commands commands, Path directory) {
    try (Rtnetlink links = Rtnetlink.open()) {
      if (links.links().stream().anyMatch(link -> !link.name().equals("lo") && link.isUp())) {
        throw new LabException(
            "rehearse: this process is in a network namespace that is in use; start it with 'unshare --net'");
      }
    }
    new Rehearsal(commands, directory).playServers();
  }

  /**
   * Plays the commands against what {@link #servers} started, as the process that it starts for
   * that.
   */
  public static void commands(Commands commands, Path directory) {
    new Rehearsal(commands, directory).playCommands();
  }

  private void playServers() {
    try (NetNamespace own = NetNamespace.current()) {
      fabric.layBridge(own);
    }
    startController();
    try (ApiClient api = new ApiClient(Kubeconfig.read(List.of(kubeconfig())))) {
      LabStart.createPools(api, LabSpec.Families.DUAL_STACK);
    }
    Process agent = startAgent();
    try {
      inProcess("--commands");
      inProcess("--bgp");
      followCluster();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(agent);
    }
  }

  private void inProcess(String what) throws InterruptedException {
    int status = start("rehearse", what, directory.toString()).waitFor();
    if (status != 0) {
      throw new LabException("rehearse: %s ended with status %d".formatted(what, status));
    }
  }

  private static Process start(String... arguments) {
    List<String> command = new ArrayList<>(Program.command());
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command).inheritIO().start();
    } catch (IOException e) {
      throw new UncheckedIOException("rehearse: start " + String.join(" ", command), e);
    }
  }

  /** Its JVM writes down what it recorded when it ends, which takes a while. */
  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void playCommands() {
    Path manifest = directory.resolve("pods.yaml");
    LabStart.write(manifest, POD.formatted("one") + POD.formatted("two") + POLICY);
    command("apply", "-f", manifest.toString(), "--wait");
    talk();
    for (String form : List.of("table", "wide", "yaml", "json", "name")) {
      command("get", "pods", "-A", "-o", form);
    }
    command("describe", "netpol", "p");
    command("status");
    command("node", "status");
    command("ipam", "show");
    explain();
    command("delete", "-f", manifest.toString(), "--wait");
    int _ = commands.run("lab", "probe", "--help");
    int _ = commands.run("version");
  }

  private void explain() {
    Path manifest = directory.resolve("explained.yaml");
    LabStart.write(manifest, EXPLAINED);
    command("apply", "-f", manifest.toString());
    for (String form : List.of("text", "json")) {
      String[] flow = {"explain", "--from", "default/asker", "--to", "default/asked"};
      command(with(flow, "--port", "81", "-o", form));
      command(with(flow, "--port", "80", "-o", form));
    }
    for (String to : List.of("203.0.113.1", "node:node-1")) {
      command("explain", "--from", "192.0.2.8", "--to", to, "--port", "80");
    }
    command("delete", "-f", manifest.toString());
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  private Path kubeconfig() {
    return directory.resolve("kubeconfig");
  }

  private void command(String... words) {
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--kubeconfig";
    all[words.length + 1] = kubeconfig().toString();
    int _ = commands.run(all);
  }

  private void startController() {
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
    await("the controller", () -> Files.exists(kubeconfig()));
  }

  /**
   * A controller as in a Kubernetes cluster, with the other one's API in place of Kubernetes'. It
   * will not lead, since that API has no Leases, and follows what kinds there are.
   */
  private void followCluster() throws InterruptedException {
    Path configuration = directory.resolve("cluster.yaml");
    LabStart.write(
        configuration,
        """
        store: kubernetes
        stateDir: cluster
        syncListen: 127.0.0.1:7947
        healthListen: 127.0.0.1:9440
        kubernetes: {kubeconfig: kubeconfig, namespace: kube-system, replica: a, advertise: "127.0.0.1:7947"}
        """);
    inBackground("controller", "--config", configuration.toString());
    Thread.sleep(FOLLOWING);
  }

  private Process startAgent() {
    try {
      Files.createDirectories(node.cniBin());
      Files.createDirectories(node.cniConfDirectory());
    } catch (IOException e) {
      throw new UncheckedIOException("make the node's directories", e);
    }
    Path file = node.directory().resolve("agent.yaml");
    LabStart.write(
        file,
        LabStart.agentYaml(
            node, "127.0.0.1:7946", directory.resolve("join-token"), LabSpec.Routes.BGP));
    Process agent = start("agent", "--config", file.toString());
    await("the agent", () -> node.runtime().configured());
    return agent;
  }

  /** Two pods, a connection between them, and their end. */
  private void talk() {
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
        client.ask(new Requests.Answer(netns, pod.title(), List.of(), pod.listen()));
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
