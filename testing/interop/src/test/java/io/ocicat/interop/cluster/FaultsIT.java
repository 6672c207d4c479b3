package io.ocicat.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.inet.IpAddress;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabException;
import io.ocicat.lab.LabNode;
import io.ocicat.lab.LabPods;
import io.ocicat.lab.LabSpec;
import io.ocicat.lab.LabTraffic;
import io.ocicat.lab.PodSpec;
import io.ocicat.lab.Progress;
import io.ocicat.lab.traffic.Prober;
import io.ocicat.lab.traffic.Protocol;
import io.ocicat.lab.traffic.Verdict;
import io.ocicat.libc.NetNamespace;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes are killed and the kernel's state is damaged while pods talk. */
@Timeout(180)
final class FaultsIT {

  private static final String NAME = "faults-it";
  private static final Duration SOON = Duration.ofSeconds(20);

  /** A JVM starts and connects; on a machine that builds at the same time that takes its time. */
  private static final Duration STARTED = Duration.ofSeconds(60);

  /** How often an agent looks for drift, and a little. */
  private static final Duration DRIFT_CHECK = Duration.ofSeconds(11);

  private static final Duration DRIFT_FOUND = Duration.ofSeconds(30);

  private static final String POLICIES =
      "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies";

  private static @Nullable Lab up;
  private static LabPods.@Nullable Added server;
  private static LabPods.@Nullable Added client;
  private static LabPods.@Nullable Added stranger;

  private final Lab lab = present(up);
  private final List<Talk> talks = new ArrayList<>();
  private final List<CniCall> containers = new ArrayList<>();

  private static <T> T present(@Nullable T thing) {
    if (thing == null) {
      throw new IllegalStateException("the lab is not up");
    }
    return thing;
  }

  @BeforeAll
  static void bringUp() {
    BuiltProgram.use();
    Lab.down(NAME);
    Lab lab = Lab.up(new LabSpec(NAME, 2, LabSpec.Families.DUAL_STACK), Progress.SILENT);
    up = lab;
    client = lab.pods().add(pod("client").on("node-1"));
    stranger = lab.pods().add(pod("stranger").on("node-1"));
    server = lab.pods().add(pod("server").on("node-2"));
  }

  private static PodSpec pod(String name) {
    return PodSpec.of("default", name).labelled(Map.of("role", name));
  }

  @AfterAll
  static void takeDown() {
    Lab.down(NAME);
  }

  /** Only clients reach the server. */
  @BeforeEach
  void protectTheServer() {
    try (ApiClient api = lab.api()) {
      JsonNode written =
          api.create(
              new ApiClient.Attempt("create the policy", POLICIES), policy("role", "client"));
      lab.awaitEnforced(revision(written), SOON);
    }
  }

  private static ObjectNode policy(String label, String value) {
    ObjectNode policy = JsonNodeFactory.instance.objectNode();
    policy.put("apiVersion", "networking.k8s.io/v1").put("kind", "NetworkPolicy");
    policy.putObject("metadata").put("name", "server");
    ObjectNode spec = policy.putObject("spec");
    spec.putObject("podSelector").putObject("matchLabels").put("role", "server");
    ObjectNode peer = spec.putArray("ingress").addObject().putArray("from").addObject();
    peer.putObject("podSelector").putObject("matchLabels").put(label, value);
    return policy;
  }

  @AfterEach
  void mend() {
    talks.forEach(Talk::close);
    if (pid("controllerPid").isEmpty()) {
      lab.startController();
    }
    for (LabNode node : lab.nodes()) {
      if (agentPid(node).isEmpty()) {
        lab.startAgent(node);
      }
    }
    awaitReady();
    for (CniCall container : containers) {
      CniCall.Answer _ = container.call("DEL");
      NetNamespace.deleteNamed(NetNamespace.NAMED_DIRECTORY, netnsName(container.containerId()));
    }
    try (ApiClient api = lab.api()) {
      JsonNode _ = api.delete(new ApiClient.Attempt("delete the policy", POLICIES + "/server"));
    }
  }

  @Test
  void podsDoNotNoticeThatAnAgentIsKilledAndStartedAgain() {
    for (LabNode node : List.of(lab.nodes().get(1), lab.nodes().get(0))) {
      String rules = rulesWithHandles(node);
      startTalks();
      awaitTalk();
      kill(agentPid(node).orElseThrow());
      pause(Duration.ofSeconds(2));
      lab.startAgent(node);
      awaitServing(node);
      awaitReady();
      changeSomething();
      awaitTalk();
      endTalksWell();
      assertThat(rulesWithHandles(node)).isEqualTo(rules);
    }
  }

  /**
   * Under either policy the client gets through and the stranger does not; under none the stranger
   * would, and between two with everything closed the client would not.
   */
  @Test
  void anAgentKilledInTheMiddleOfUpdatesLeavesTheOldOrTheNewPolicyInForce() {
    LabNode node = lab.nodes().get(1);
    startTalks();
    awaitTalk();
    for (int round = 0; round < 3; round++) {
      AtomicBoolean ended = new AtomicBoolean();
      AtomicLong updates = new AtomicLong();
      Thread updater =
          Thread.ofPlatform().daemon().name("updates").start(() -> update(ended, updates));
      try {
        await(SOON, "policy is updated", () -> updates.get() > 10);
        kill(agentPid(node).orElseThrow());
        awaitTalk();
      } finally {
        ended.set(true);
      }
      await(SOON, "updates end", () -> !updater.isAlive());
      lab.startAgent(node);
      awaitServing(node);
      awaitReady();
    }
    changeSomething();
    awaitTalk();
    endTalksWell();
  }

  /** Has the server's policy allow its client by one rule and by another in turn. */
  private void update(AtomicBoolean ended, AtomicLong updates) {
    try (ApiClient api = lab.api()) {
      while (!ended.get()) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode rule = patch.putObject("spec").putArray("ingress").addObject();
        ObjectNode peer = rule.putArray("from").addObject();
        peer.putObject("podSelector").putObject("matchLabels").put("role", "client");
        if (updates.incrementAndGet() % 2 == 0) {
          rule.putArray("ports")
              .addObject()
              .put("protocol", "TCP")
              .put("port", 1)
              .put("endPort", 65535);
        }
        JsonNode _ =
            api.mergePatch(new ApiClient.Attempt("update the policy", POLICIES + "/server"), patch);
      }
    }
  }

  @Test
  void podsDoNotNoticeThatTheControllerIsKilledAndNodesGoOnWithoutIt() {
    List<String> rules = lab.nodes().stream().map(FaultsIT::rulesWithHandles).toList();
    startTalks();
    awaitTalk();
    kill(pid("controllerPid").orElseThrow());
    for (LabNode node : lab.nodes()) {
      CniCall container = container(node, "alone-" + node.name());
      CniCall.Answer added = container.call("ADD");
      assertThat(added.exitStatus()).as("%s", added).isZero();
      assertThat(added.addresses()).hasSize(2);
      reach(client().netns(), added.addresses().getFirst());
      CniCall.Answer deleted = container.call("DEL");
      assertThat(deleted.exitStatus()).as("%s", deleted).isZero();
    }
    awaitTalk();
    assertThat(lab.nodes().stream().map(FaultsIT::rulesWithHandles)).isEqualTo(rules);
    lab.startController();
    awaitReady();
    awaitTalk();
    endTalksWell();
    assertThat(probe("stranger")).isEqualTo(Verdict.DROPPED);
    try (ApiClient api = lab.api()) {
      ObjectNode changed = policy("role", "stranger");
      JsonNode live = api.read(new ApiClient.Attempt("read the policy", POLICIES + "/server"));
      changed.set("metadata", live.path("metadata"));
      JsonNode written =
          api.replace(new ApiClient.Attempt("change the policy", POLICIES + "/server"), changed);
      lab.awaitEnforced(revision(written), SOON);
    }
    assertThat(probe("stranger")).isEqualTo(Verdict.ALLOWED);
    assertThat(probe("client")).isEqualTo(Verdict.DROPPED);
  }

  @Test
  void anAgentThatStartsWithNoControllerEnforcesWhatItKnew() {
    LabNode node = lab.nodes().get(1);
    String rules = rulesWithHandles(node);
    startTalks();
    awaitTalk();
    kill(pid("controllerPid").orElseThrow());
    kill(agentPid(node).orElseThrow());
    pause(Duration.ofSeconds(1));
    lab.startAgent(node);
    awaitServing(node);
    awaitTalk();
    assertThat(rulesWithHandles(node)).isEqualTo(rules);
    CniCall container = container(node, "from-the-lease");
    CniCall.Answer added = container.call("ADD");
    assertThat(added.exitStatus()).as("%s", added).isZero();
    assertThat(added.addresses()).doesNotContainAnyElementsOf(server().addresses());
    reach(client().netns(), added.addresses().getFirst());
    awaitTalk();
    endTalksWell();
  }

  @Test
  void whatIsDeletedByHandIsPutRightAndReported() throws IOException {
    LabNode node = lab.nodes().get(1);
    // What goes before the agent has looked for the first time is put right, but not as drift.
    pause(DRIFT_CHECK);
    Path forwarding = Path.of("/proc/sys/net/ipv4/ip_forward");
    String rules = shell(node, "nft", "list", "table", "inet", "ocicat");
    String routes = routes(node);
    Map<String, Long> before = drift(node);

    String all = rulesWithHandles(node);
    Matcher rule = Pattern.compile("drop.*# handle (\\d+)").matcher(all);
    assertThat(rule.find()).as(all).isTrue();
    String chain = chainOf(all, rule.start());
    String _ =
        shell(node, "nft", "delete", "rule", "inet", "ocicat", chain, "handle", rule.group(1));
    Matcher element = Pattern.compile("\"(oci[0-9a-f]{12})\" comment").matcher(all);
    assertThat(element.find()).as(all).isTrue();
    String _ =
        shell(node, "nft", "delete element inet ocicat ingress { \"" + element.group(1) + "\" }");
    String _ = shell(node, "ip", "route", "del", server().addresses().getFirst().toString());
    String _ = shell(node, "sh", "-c", "echo 0 > " + forwarding);
    assertThat(shell(node, "nft", "list", "table", "inet", "ocicat")).isNotEqualTo(rules);

    await(
        DRIFT_FOUND,
        "the damage is repaired",
        () ->
            withoutCounters(shell(node, "nft", "list", "table", "inet", "ocicat"))
                    .equals(withoutCounters(rules))
                && routes(node).equals(routes)
                && shell(node, "cat", forwarding.toString()).strip().equals("1"));
    assertThat(probe("client")).isEqualTo(Verdict.ALLOWED);
    assertThat(probe("stranger")).isEqualTo(Verdict.DROPPED);
    for (String kind : List.of("nft", "route", "sysctl")) {
      await(
          SOON,
          kind + " is reported",
          () -> drift(node).getOrDefault(kind, 0L) > before.getOrDefault(kind, 0L));
    }
    String told =
        BuiltProgram.run("node", "status", node.name(), "--kubeconfig", lab.kubeconfig().toString())
            .orFail();
    assertThat(told).contains("nft", "route", "sysctl");
  }

  @Test
  void downAfterEverythingWasKilledLeavesNothing() throws IOException {
    String name = "faults-it-down";
    Lab doomed = Lab.up(new LabSpec(name, 1, LabSpec.Families.DUAL_STACK), Progress.SILENT);
    LabPods.Added _ = doomed.pods().add(pod("lonely"));
    ObjectNode described = doomed.describe();
    List<Long> pids =
        List.of(
            described.path("controllerPid").asLong(),
            described.path("servePid").asLong(),
            described.path("nodes").path(0).path("agentPid").asLong());
    pids.forEach(FaultsIT::kill);
    Shell.Result down = BuiltProgram.run("lab", "down", name);
    assertThat(down.exitCode()).as("%s", down).isZero();
    assertThat(Files.exists(Path.of("/run/ocicat/lab", name))).isFalse();
    try (Stream<Path> names = Files.list(NetNamespace.NAMED_DIRECTORY)) {
      assertThat(names.map(file -> file.getFileName().toString()))
          .noneMatch(each -> each.startsWith("ocicat." + name + "."));
    }
    assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    assertThat(Lab.names()).doesNotContain(name);
  }

  private static LabPods.Added server() {
    return present(server);
  }

  private static LabPods.Added client() {
    return present(client);
  }

  private void startTalks() {
    for (IpAddress address : server().addresses()) {
      talks.add(Talk.start(client().netns(), server().netns(), present(stranger).netns(), address));
    }
  }

  /** Until every talk has gone on for a while from now. */
  private void awaitTalk() {
    for (Talk talk : talks) {
      Talk.Account now = talk.account();
      await(
          SOON,
          "pods go on talking; at first " + now,
          () -> {
            Talk.Account later = talk.account();
            assertThat(later.failures()).isEmpty();
            return later.exchanged() > now.exchanged() + 20
                && later.connected() > now.connected() + 5
                && later.strangerTried() > now.strangerTried() + 5;
          });
    }
  }

  private void endTalksWell() {
    for (Talk talk : talks) {
      Talk.Account account = talk.account();
      talk.close();
      assertThat(account.failures()).isEmpty();
      assertThat(account.strangerConnected()).as("%s", account).isZero();
      assertThat(account.lost()).as("%s", account).isZero();
    }
    talks.clear();
  }

  private Verdict probe(String from) {
    return lab.traffic()
        .probe("default/" + from, "default/server", LabTraffic.Attempt.tcp(80))
        .verdict();
  }

  private CniCall container(LabNode node, String name) {
    try (NetNamespace _ = NetNamespace.createNamed(NetNamespace.NAMED_DIRECTORY, netnsName(name))) {
      CniCall call = new CniCall(node, NetNamespace.NAMED_DIRECTORY.resolve(netnsName(name)), name);
      containers.add(call);
      return call;
    }
  }

  /** Named as if it were the lab's, so that the lab's end removes it in any case. */
  private static String netnsName(String container) {
    return "ocicat." + NAME + ".pod.cni." + container;
  }

  /** Nobody listens there, but the kernel answers to echo. */
  private static void reach(Path from, IpAddress to) {
    Prober.Target target = new Prober.Target(to, 0, Protocol.ICMP, Duration.ofSeconds(3));
    try (NetNamespace namespace = NetNamespace.open(from)) {
      assertThat(new Prober(new SecureRandom()).probe(namespace, target).verdict())
          .as("%s to %s", from, to)
          .isEqualTo(Verdict.ALLOWED);
    }
  }

  private void changeSomething() {
    try (ApiClient api = lab.api()) {
      ObjectNode patch = JsonNodeFactory.instance.objectNode();
      patch
          .putObject("metadata")
          .putObject("labels")
          .put("changed", Long.toString(System.nanoTime()));
      JsonNode patched =
          api.mergePatch(
              new ApiClient.Attempt("label a pod", "/api/v1/namespaces/default/pods/stranger"),
              patch);
      lab.awaitEnforced(revision(patched), SOON);
    }
  }

  private static long revision(JsonNode object) {
    return object.path("metadata").path("resourceVersion").asLong();
  }

  private Optional<Long> agentPid(LabNode node) {
    for (JsonNode each : lab.describe().path("nodes")) {
      if (each.path("name").asText().equals(node.name()) && each.has("agentPid")) {
        return Optional.of(each.path("agentPid").asLong());
      }
    }
    return Optional.empty();
  }

  private Optional<Long> pid(String field) {
    JsonNode pid = lab.describe().path(field);
    return pid.isMissingNode() ? Optional.empty() : Optional.of(pid.asLong());
  }

  /** As kill -9 does. */
  private static void kill(long pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    assertThat(process.destroyForcibly()).isTrue();
    await(SOON, "process " + pid + " is dead", () -> !process.isAlive());
  }

  private static void awaitServing(LabNode node) {
    CniCall status = new CniCall(node, Path.of("/none"), "status");
    await(
        STARTED,
        () -> "the agent of " + node.name() + " serves; it says " + status.call("STATUS"),
        () -> status.call("STATUS").exitStatus() == 0);
  }

  private void awaitReady() {
    await(
        STARTED,
        "every node is ready",
        () -> {
          try {
            JsonNode status = status();
            boolean ready = status.path("nodes").size() == lab.nodes().size();
            for (JsonNode node : status.path("nodes")) {
              ready &= node.path("ready").asBoolean();
            }
            return ready;
          } catch (ApiException | LabException e) {
            return false;
          }
        });
  }

  private JsonNode status() {
    try (ApiClient api = lab.api()) {
      return api.read(new ApiClient.Attempt("read the status", "/ocicat/v1/status"));
    }
  }

  private Map<String, Long> drift(LabNode node) {
    for (JsonNode each : status().path("nodes")) {
      if (each.path("name").asText().equals(node.name())) {
        return new ObjectMapper()
            .convertValue(
                each.path("counters"),
                new com.fasterxml.jackson.core.type.TypeReference<Map<String, Long>>() {});
      }
    }
    throw new AssertionError("no status of " + node.name());
  }

  private static String rulesWithHandles(LabNode node) {
    return withoutCounters(shell(node, "nft", "-a", "list", "table", "inet", "ocicat"));
  }

  private static String withoutCounters(String rules) {
    return rules.replaceAll("packets \\d+ bytes \\d+", "");
  }

  private static String chainOf(String rules, int position) {
    Matcher chain = Pattern.compile("chain (\\S+) \\{").matcher(rules.substring(0, position));
    String found = "";
    while (chain.find()) {
      found = chain.group(1);
    }
    return found;
  }

  private static String routes(LabNode node) {
    return shell(node, "ip", "route") + shell(node, "ip", "-6", "route");
  }

  private static String shell(LabNode node, String... command) {
    return Shell.run(Shell.inside(node.netns(), List.of(command))).orFail();
  }

  private static void await(Duration limit, String what, BooleanSupplier condition) {
    await(limit, () -> what, condition);
  }

  private static void await(Duration limit, Supplier<String> what, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + limit.toSeconds() + " s: " + what.get());
      }
      pause(Duration.ofMillis(50));
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
