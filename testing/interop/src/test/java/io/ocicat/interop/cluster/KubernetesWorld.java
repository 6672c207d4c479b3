package io.ocicat.interop.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.lab.CniRuntime;
import io.ocicat.lab.Fabric;
import io.ocicat.lab.LabException;
import io.ocicat.lab.LabNode;
import io.ocicat.lab.LabSpec;
import io.ocicat.libc.NetNamespace;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import io.ocicat.store.kubernetes.ClusterAccess;
import io.ocicat.testkit.Shell;
import io.ocicat.testkit.kubernetes.RealApiServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A Kubernetes cluster without kubelets: a real API server; two controllers and two agents, the
 * built program as processes with what the chart gives them and no more; nodes as network
 * namespaces. What kubelets do, which is to mount tokens and maps, call plugins and write the
 * status, is done here.
 */
final class KubernetesWorld implements AutoCloseable {

  static final String SYSTEM = "kube-system";
  static final String DEFAULT = "/api/v1/namespaces/default/";
  static final String POLICIES = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies";
  static final List<String> REPLICAS = List.of("controller-a", "controller-b");

  /** A JVM starts and connects; on a machine that builds at the same time that takes its time. */
  static final Duration SOON = Duration.ofSeconds(90);

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration END = Duration.ofSeconds(20);
  private static final int SYNC_PORT = 7946;

  /** The kinds of the manifests that a cluster without kubelets has a use for. */
  private static final String RIGHTS =
      "(?s).*\nkind: (ServiceAccount|(Cluster)?Role(Binding)?)\n.*";

  /**
   * A pod that runs.
   *
   * @param added what its ADD came to
   */
  record Pod(
      LabNode node,
      String name,
      String uid,
      CniRuntime.Sandbox sandbox,
      CniRuntime.Added added,
      List<IpAddress> addresses) {

    /** Its network namespace. */
    Path netns() {
      return sandbox.netns();
    }

    /** The name of its host end. */
    String hostInterface() {
      return added.result().path("interfaces").path(0).path("name").asText();
    }
  }

  final RealApiServer server;
  final ApiServer admin;
  final List<LabNode> nodes = new ArrayList<>();
  private final Path directory;
  private final Path netns;
  private final Fabric fabric = new Fabric(LabSpec.Families.DUAL_STACK);
  private final Map<String, Process> processes = new TreeMap<>();
  private final List<Pod> pods = new ArrayList<>();
  private int sandboxes;

  KubernetesWorld(Path directory) throws Exception {
    this.directory = directory;
    this.netns = Files.createDirectories(directory.resolve("netns"));
    this.server = RealApiServer.start(List.of(), List.of());
    this.admin = ClusterAccess.ofToken(server.uri(), server.certificates(), server.adminToken());
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::killAll));
    install();
    layNetwork();
    for (String replica : REPLICAS) {
      startController(replica);
    }
    for (LabNode node : nodes) {
      joinNode(node);
      startAgent(node);
    }
  }

  // ---- the cluster

  private void install() throws Exception {
    Path manifests = repository().resolve("deploy/manifests");
    kubectl("apply", "--validate=false", "-f", manifests.resolve("crds-before-1.31.yaml"));
    List<String> rights =
        Arrays.stream(Files.readString(manifests.resolve("ocicat.yaml")).split("\n---\n"))
            .filter(document -> document.matches(RIGHTS))
            .toList();
    Path file = directory.resolve("rights.yaml");
    Files.writeString(file, String.join("\n---\n", rights));
    kubectl("apply", "-f", file);
    kubectl("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
    for (Map.Entry<String, String> pool :
        Map.of("v4", "10.244.0.0/16", "v6", "fd00:244::/64").entrySet()) {
      ObjectNode _ =
          create(
              "/apis/projectcalico.org/v3/ippools",
              """
              {"apiVersion": "projectcalico.org/v3", "kind": "IPPool",
               "metadata": {"name": "%s"}, "spec": {"cidr": "%s"}}
              """
                  .formatted(pool.getKey(), pool.getValue()));
    }
  }

  private void kubectl(Object... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of("kubectl", "--kubeconfig", server.kubeconfig(server.adminToken()).toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    String _ = Shell.run(command).orFail();
  }

  private static Path repository() {
    Path each = Path.of("").toAbsolutePath();
    while (each != null) {
      if (Files.isDirectory(each.resolve("deploy/manifests"))) {
        return each;
      }
      each = each.getParent();
    }
    throw new AssertionError("the tests run in the repository");
  }

  private void layNetwork() throws IOException {
    try (NetNamespace bridge = NetNamespace.createNamed(netns, "fabric")) {
      fabric.layBridge(bridge);
      for (int number = 1; number <= 2; number++) {
        String name = "n" + number;
        LabNode node =
            new LabNode(name, netns.resolve(name), fabric.node(number), directory.resolve(name));
        try (NetNamespace place = NetNamespace.createNamed(netns, name)) {
          fabric.plug(bridge, place, number);
        }
        Files.createDirectories(node.cniBin());
        Files.createDirectories(node.cniConfDirectory());
        nodes.add(node);
      }
    }
  }

  /** As a kubelet and a cloud controller register a node on which there is no network yet. */
  private void joinNode(LabNode node) throws Exception {
    ObjectNode _ =
        create(
            "/api/v1/nodes",
            """
            {"metadata": {"name": "%s"}, "spec": {"taints": [
              {"key": "node.kubernetes.io/network-unavailable", "effect": "NoSchedule"}]}}
            """
                .formatted(node.name()));
    ObjectNode _ = podObject(SYSTEM, agent(node), node.name(), "ocicat-agent");
  }

  static String agent(LabNode node) {
    return "agent-" + node.name();
  }

  // ---- the processes

  void startController(String replica) throws Exception {
    Path home = Files.createDirectories(directory.resolve(replica));
    if (find("/api/v1/namespaces/" + SYSTEM + "/pods/" + replica).isEmpty()) {
      ObjectNode _ = podObject(SYSTEM, replica, "n1", "ocicat-controller");
    }
    Files.writeString(
        home.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: c
          cluster: {server: "%s", certificate-authority: "%s"}
        users:
        - name: u
          user: {token: "%s"}
        contexts:
        - name: x
          context: {cluster: c, user: u}
        current-context: x
        """
            .formatted(
                server.uri(), server.certificateFile(), token("ocicat-controller", "", replica)));
    String listen = fabric.gateway().getFirst() + ":" + (SYNC_PORT + REPLICAS.indexOf(replica));
    Files.writeString(
        home.resolve("controller.yaml"),
        """
        store: kubernetes
        stateDir: %s
        syncListen: "%s"
        syncNetns: %s
        kubernetes:
          kubeconfig: %s
          namespace: %s
          replica: %s
          advertise: "%s"
          agentServiceAccount: ocicat-agent
        """
            .formatted(
                home.resolve("state"),
                listen,
                netns.resolve("fabric"),
                home.resolve("kubeconfig"),
                SYSTEM,
                replica,
                listen));
    start(replica, NetNamespace.current(), "controller", home.resolve("controller.yaml"));
  }

  void startAgent(LabNode node) throws Exception {
    Path mounts = Files.createDirectories(node.directory().resolve("mounts"));
    mount(mounts);
    Files.writeString(mounts.resolve("token"), token("ocicat-agent", "ocicat", agent(node)));
    Files.writeString(
        node.directory().resolve("agent.yaml"),
        """
        nodeName: %s
        nodeAddresses: ["%s", "%s"]
        controllersFile: mounts/controllers
        serviceAccount: {tokenFile: mounts/token, authorityFile: mounts/ca.crt}
        stateDir: state
        runDir: run
        cniBinDir: %s
        cniConfDir: %s
        """
            .formatted(
                node.name(),
                node.addresses().getFirst(),
                node.addresses().getLast(),
                node.cniBin(),
                node.cniConfDirectory()));
    start(
        agent(node),
        NetNamespace.open(node.netns()),
        "agent",
        node.directory().resolve("agent.yaml"));
  }

  /** The map that names both replicas and their authority, as a kubelet mounts it. */
  private void mount(Path mounts) throws Exception {
    await(
        "both replicas are in the map",
        () ->
            find("/api/v1/namespaces/" + SYSTEM + "/configmaps/ocicat-ca")
                    .path("data")
                    .path("controllers")
                    .asText()
                    .lines()
                    .count()
                == REPLICAS.size());
    JsonNode data = find("/api/v1/namespaces/" + SYSTEM + "/configmaps/ocicat-ca").path("data");
    for (String file : List.of("controllers", "ca.crt")) {
      Files.writeString(mounts.resolve(file), data.path(file).asText());
    }
  }

  private void start(String role, NetNamespace place, String command, Path configuration)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            BuiltProgram.home().resolve("bin/ocicat").toString(),
            command,
            "--config",
            configuration.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // Compiling well does not pay in a cluster this small.
    builder.environment().put("OCICAT_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
    builder.redirectInput(new File("/dev/null"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log(role).toFile()));
    try (place) {
      processes.put(role, place.call(builder::start));
    }
  }

  private Path log(String role) {
    return directory.resolve(role + ".log");
  }

  /** What a process said. */
  String logged(String role) {
    try {
      return Files.exists(log(role)) ? Files.readString(log(role)) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the process that was started for this role still runs. */
  boolean isAlive(String role) {
    Process process = processes.get(role);
    return process != null && process.isAlive();
  }

  /** As kill -9. */
  void kill(String role) throws InterruptedException {
    Process process = processes.get(role);
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(role + " does not die");
      }
    }
  }

  /** Asks it to end, and awaits that. */
  void stop(String role) throws InterruptedException {
    Process process = processes.get(role);
    if (process != null) {
      process.destroy();
      if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(role + " does not end: " + logged(role));
      }
    }
  }

  private void killAll() {
    for (Process process : processes.values()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** The replica that holds the Lease. */
  String leader() {
    String holder =
        find("/apis/coordination.k8s.io/v1/namespaces/" + SYSTEM + "/leases/ocicat-controller")
            .path("spec")
            .path("holderIdentity")
            .asText();
    return holder.replaceFirst("_.*", "");
  }

  // ---- what kubelets do

  private ObjectNode podObject(String namespace, String name, String node, String account)
      throws Exception {
    return podObject(namespace, name, node, account, Map.of());
  }

  private ObjectNode podObject(
      String namespace, String name, String node, String account, Map<String, String> labels)
      throws Exception {
    ObjectNode pod =
        json(
            """
            {"metadata": {"name": "%s", "labels": {}},
             "spec": {"nodeName": "%s", "serviceAccountName": "%s",
               "terminationGracePeriodSeconds": 0,
               "containers": [{"name": "c", "image": "i"}]}}
            """
                .formatted(name, node, account));
    labels.forEach(pod.withObject("/metadata/labels")::put);
    return admin.send(Verb.POST, "/api/v1/namespaces/" + namespace + "/pods", pod);
  }

  /** The token that a kubelet projects into a pod. */
  private String token(String account, String audience, String pod) throws Exception {
    return create(
            "/api/v1/namespaces/" + SYSTEM + "/serviceaccounts/" + account + "/token",
            """
            {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
             "spec": {"audiences": [%s],
               "boundObjectRef": {"apiVersion": "v1", "kind": "Pod", "name": "%s"}}}
            """
                .formatted(audience.isEmpty() ? "" : '"' + audience + '"', pod))
        .path("status")
        .path("token")
        .asText();
  }

  /** Binds a pod to a node and runs it there. */
  Pod run(LabNode node, String name, Map<String, String> labels) throws Exception {
    String uid = bind(node, name, labels);
    Pod pod = sandbox(node, name, uid);
    ObjectNode _ =
        admin.send(
            Verb.MERGE_PATCH,
            DEFAULT + "pods/" + name + "/status",
            json(
                "{\"status\": {\"phase\": \"Running\", \"podIP\": \"%s\"}}"
                    .formatted(pod.addresses().getFirst())));
    return pod;
  }

  /** Makes the object of a pod and answers its uid. */
  String bind(LabNode node, String name, Map<String, String> labels) throws Exception {
    return podObject("default", name, node.name(), "default", labels)
        .path("metadata")
        .path("uid")
        .asText();
  }

  /** A new sandbox of a pod, tried until there is one, as kubelets do. */
  Pod sandbox(LabNode node, String name, String uid) throws Exception {
    CniRuntime.Sandbox sandbox = emptySandbox(name, uid);
    long endNs = System.nanoTime() + SOON.toNanos();
    while (true) {
      try {
        return add(node, sandbox);
      } catch (LabException e) {
        if (System.nanoTime() > endNs) {
          throw e;
        }
        Thread.sleep(200);
      }
    }
  }

  /** A namespace for a pod to be in. */
  CniRuntime.Sandbox emptySandbox(String name, String uid) {
    String container = "%s-%02d".formatted(name, ++sandboxes);
    NetNamespace.createNamed(netns, container).close();
    return new CniRuntime.Sandbox(container, netns.resolve(container), "default", name, uid);
  }

  /**
   * One ADD.
   *
   * @throws LabException if the plugin refuses
   */
  Pod add(LabNode node, CniRuntime.Sandbox sandbox) {
    CniRuntime.Added added = node.runtime().add(sandbox);
    List<IpAddress> addresses = new ArrayList<>();
    for (JsonNode ip : added.result().path("ips")) {
      addresses.add(IpAddress.parse(ip.path("address").asText().split("/", 2)[0]));
    }
    Pod pod = new Pod(node, sandbox.pod(), sandbox.uid(), sandbox, added, addresses);
    pods.add(pod);
    return pod;
  }

  /** Takes a pod's sandbox away; its object stays. */
  void takeDown(Pod pod) {
    pod.node().runtime().del(pod.sandbox(), pod.added());
    NetNamespace.deleteNamed(netns, pod.sandbox().containerId());
    pods.remove(pod);
  }

  /** Ends a pod for good. */
  void delete(Pod pod) throws Exception {
    takeDown(pod);
    delete(DEFAULT + "pods/" + pod.name());
  }

  /** Ends what a case that failed has left. */
  void deleteAllBut(List<Pod> kept) throws Exception {
    for (Pod pod : List.copyOf(pods)) {
      if (!kept.contains(pod)) {
        delete(pod);
      }
    }
  }

  // ---- the API server

  ObjectNode create(String collection, String body) throws Exception {
    return admin.send(Verb.POST, collection, json(body));
  }

  void delete(String path) throws Exception {
    ObjectNode _ = admin.send(Verb.DELETE, path, json("{\"gracePeriodSeconds\": 0}"));
  }

  /** What is there, or nothing; also nothing when the server is away. */
  JsonNode find(String path) {
    try {
      return admin.get(path);
    } catch (ApiException e) {
      return JSON.createObjectNode();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  static void await(String what, Callable<Boolean> condition) throws Exception {
    long endNs = System.nanoTime() + SOON.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > endNs) {
        throw new AssertionError("not within " + SOON + ": " + what);
      }
      Thread.sleep(100);
    }
  }

  /** Everything in a node's table, with the handles that the kernel gave. */
  List<String> tableOf(LabNode node) {
    try (NetNamespace place = NetNamespace.open(node.netns())) {
      return place
          .call(() -> Shell.run(List.of("nft", "-a", "list", "table", "inet", "ocicat")))
          .orFail()
          .lines()
          .map(String::strip)
          .toList();
    }
  }

  @Override
  public void close() {
    killAll();
    admin.close();
    server.close();
    for (String name : names()) {
      NetNamespace.deleteNamed(netns, name);
    }
  }

  private List<String> names() {
    try (var files = Files.list(netns)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
