package io.ocicat.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.bgpcontrol.BgpClient;
import io.ocicat.client.ApiClient;
import io.ocicat.client.Documents;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabNode;
import io.ocicat.lab.LabPods;
import io.ocicat.lab.LabSpec;
import io.ocicat.lab.LabTraffic;
import io.ocicat.lab.PodSpec;
import io.ocicat.lab.Progress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.rtnetlink.NextHop;
import io.ocicat.rtnetlink.Rtnetlink;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** Three nodes that tell each other their routes by BGP, and what happens to packets meanwhile. */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LearnedRoutesIT {

  private static final String NAME = "bgp-it";

  /** A JVM starts and connects; on a machine that builds at the same time that takes its time. */
  private static final Duration STARTED = Duration.ofSeconds(60);

  /** Three packets in 100 ms, what one interval more may cost, and a machine that is busy. */
  private static final Duration MOVED_BY = Duration.ofMillis(600);

  private static final int PROTOCOL = 79;
  private static final String NODES = "/api/v1/nodes/";
  private static final String CALICO = "/apis/projectcalico.org/v3/";

  private static @Nullable Lab up;
  private static final List<LabPods.Added> PODS = new ArrayList<>();

  private final Lab lab = present(up);
  private final List<Datagrams> streams = new ArrayList<>();

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
    Lab lab =
        Lab.up(
            new LabSpec(NAME, 3, LabSpec.Families.DUAL_STACK, LabSpec.Routes.BGP), Progress.SILENT);
    up = lab;
    for (LabNode node : lab.nodes()) {
      PODS.add(lab.pods().add(PodSpec.of("default", "on-" + node.name()).on(node.name())));
    }
  }

  @AfterAll
  static void takeDown() {
    Lab.down(NAME);
  }

  @AfterEach
  void stopStreams() {
    streams.forEach(Datagrams::close);
  }

  @Test
  @Order(1)
  void podsOfAllNodesReachOneAnother() {
    awaitMesh();
    for (IpFamily family : IpFamily.values()) {
      awaitUntil(
          "every pod reaches every other over " + family,
          () -> lab.traffic().matrix(LabTraffic.Attempt.tcp(80).to(family)).allAllowed());
    }
    assertThat(shell(node(1), "ip", "route"))
        .contains("via 172.31.0.2 dev eth0 proto 79 metric 1024")
        .contains("via 172.31.0.3 dev eth0 proto 79 metric 1024");
    assertThat(shell(node(1), "ip", "-6", "route"))
        .contains("via fd31::2 dev eth0 proto 79 metric 1024");
    assertThat(established(node(1)))
        .containsExactly("172.31.0.2", "172.31.0.3", "fd31::2", "fd31::3");
  }

  @Test
  @Order(2)
  void noPacketIsLostWhileAnAgentIsKilledAndStartsAgain() {
    startStreams();
    kill(node(1));
    pause(Duration.ofSeconds(2));
    assertThat(shell(node(2), "ip", "route")).contains("via 172.31.0.1 dev eth0 proto 79");
    lab.startAgent(node(1));
    awaitMesh();
    // What was taken over has been told again, by now on both sides.
    awaitUntil("nothing is stale", () -> node2KnowsFreshly() && !hasStale(node(1)));
    endStreams();
  }

  private boolean node2KnowsFreshly() {
    return !hasStale(node(2)) && shell(node(2), "ip", "route").contains("via 172.31.0.1 ");
  }

  @Test
  @Order(3)
  void noPacketIsLostWhileAnAgentEndsAndStartsAgain() {
    startStreams();
    ProcessHandle agent = agent(node(2));
    assertThat(agent.destroy()).isTrue();
    awaitUntil("the agent ends", () -> !agent.isAlive());
    pause(Duration.ofSeconds(1));
    lab.startAgent(node(2));
    awaitMesh();
    awaitUntil("nothing is stale", () -> !hasStale(node(1)) && !hasStale(node(2)));
    endStreams();
  }

  @Test
  @Order(4)
  void aRouterInTheRackReachesPodsAndLearnsOfServices() throws IOException {
    try (Rack rack = Rack.start(NAME)) {
      create(
          "bgpconfigurations",
          """
          kind: BGPConfiguration
          metadata: {name: default}
          spec: {serviceClusterIPs: [{cidr: 10.96.0.0/16}, {cidr: "fd10:96::/112"}]}
          """);
      create(
          "bgppeers",
          """
          kind: BGPPeer
          metadata: {name: rack-v4}
          spec: {peerIP: %s, asNumber: 65100}
          """
              .formatted(Rack.IPV4));
      create(
          "bgppeers",
          """
          kind: BGPPeer
          metadata: {name: rack-v6}
          spec: {peerIP: "%s", asNumber: 65100}
          """
              .formatted(Rack.IPV6));
      awaitUntil(
          "the rack's router knows all nodes' ways to Services, and has them in its kernel",
          () -> {
            String routes = rack.routes();
            return routes.contains("10.96.0.0/16")
                && routes.contains("fd10:96::/112")
                && lab.nodes().stream()
                    .flatMap(node -> node.addresses().stream())
                    .allMatch(address -> routes.contains("via " + address + " "));
          });
      for (LabPods.Added pod : PODS) {
        for (IpAddress address : pod.addresses()) {
          awaitUntil("the rack reaches " + address, () -> rack.reaches(address, 80));
        }
      }
      // What the router says is for pods to go to.
      awaitUntil(
          "the node knows the rack's network",
          () -> shell(node(1), "ip", "route").contains(Rack.BEHIND + " via " + Rack.IPV4));
      delete("bgppeers/rack-v4");
      delete("bgppeers/rack-v6");
      awaitUntil(
          "its routes go with it", () -> !shell(node(1), "ip", "route").contains(Rack.BEHIND));
    }
  }

  @Test
  @Order(5)
  void routesMoveFromARouterThatFallsSilent() throws Exception {
    try (Router one = Router.start(NAME, 1);
        Router other = Router.start(NAME, 2)) {
      for (Router router : List.of(one, other)) {
        create(
            "bgppeers",
            """
            kind: BGPPeer
            metadata: {name: %s}
            spec: {node: node-1, peerIP: %s, asNumber: %d}
            """
                .formatted(router.name(), router.address(), Router.AS));
      }
      try (ApiClient api = lab.api()) {
        JsonNode _ =
            api.create(
                new ApiClient.Attempt("create options", "/apis/ocicat.io/v1/bgppeeroptions"),
                yaml(
                    """
                    apiVersion: ocicat.io/v1
                    kind: BGPPeerOptions
                    metadata: {name: watched}
                    spec:
                      peers: [%s, %s]
                      bfd: {transmitInterval: 100ms, receiveInterval: 100ms, multiplier: 3}
                    """
                        .formatted(one.name(), other.name())));
      }
      awaitUntil("both lead there", () -> waysTo(Router.NETWORK).size() == 2);
      awaitUntil("both are watched", () -> watched(node(1)) == 2);
      // The fast timers are in force when both sides have polled.
      pause(Duration.ofMillis(1500));
      long cut = System.nanoTime();
      one.cut();
      while (waysTo(Router.NETWORK).size() != 1) {
        assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(MOVED_BY);
      }
      assertThat(waysTo(Router.NETWORK)).containsExactly(other.address());
      assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(MOVED_BY);
      delete("bgppeers/" + one.name());
      delete("bgppeers/" + other.name());
    }
  }

  /** The gateways that the first node's kernel has for that network. */
  private Set<IpAddress> waysTo(String network) {
    try (NetNamespace place = NetNamespace.open(node(1).netns());
        Rtnetlink kernel = Rtnetlink.openIn(place)) {
      return kernel.routes(PROTOCOL).stream()
          .filter(route -> route.destination().toString().equals(network))
          .flatMap(route -> route.nextHops().stream())
          .map(NextHop::gateway)
          .collect(Collectors.toSet());
    }
  }

  private static int watched(LabNode node) {
    int up = 0;
    for (JsonNode peer : peers(node)) {
      up += peer.path("bfd").asText().equals("up") ? 1 : 0;
    }
    return up;
  }

  @Test
  @Order(6)
  void noPacketIsLostWhileANodeTakesThePlaceOfTheMeshAsReflector() {
    startStreams();
    try (ApiClient api = lab.api()) {
      JsonNode _ =
          api.mergePatch(
              new ApiClient.Attempt("make a reflector of node-3", NODES + "node-3"),
              yaml(
                  """
                  metadata:
                    labels: {reflects: "yes"}
                    annotations: {projectcalico.org/RouteReflectorClusterID: 244.0.0.1}
                  """));
    }
    create(
        "bgppeers",
        """
        kind: BGPPeer
        metadata: {name: reflectors}
        spec: {nodeSelector: all(), peerSelector: has(reflects)}
        """);
    try (ApiClient api = lab.api()) {
      JsonNode _ =
          api.mergePatch(
              new ApiClient.Attempt("end the mesh", CALICO + "bgpconfigurations/default"),
              yaml("spec: {nodeToNodeMeshEnabled: false}"));
    }
    awaitUntil(
        "nodes speak to the reflector alone",
        () ->
            established(node(1)).equals(Set.of("172.31.0.3", "fd31::3"))
                && established(node(2)).equals(Set.of("172.31.0.3", "fd31::3")));
    pause(Duration.ofSeconds(1));
    assertThat(shell(node(1), "ip", "route")).contains("via 172.31.0.2 dev eth0 proto 79");
    assertThat(shell(node(1), "ip", "-6", "route")).contains("via fd31::2 dev eth0 proto 79");
    endStreams();
  }

  // ---- packets

  /** From the pod of the first node to that of the second, over both families. */
  private void startStreams() {
    for (IpAddress address : PODS.get(1).addresses()) {
      streams.add(Datagrams.start(PODS.get(0).netns(), PODS.get(1).netns(), address));
    }
    pause(Duration.ofMillis(500));
  }

  private void endStreams() {
    for (Datagrams stream : streams) {
      assertThat(stream.lost()).as("lost of %d datagrams", stream.sent()).isZero();
      assertThat(stream.sent()).isGreaterThan(500);
    }
  }

  // ---- sessions

  private void awaitMesh() {
    for (LabNode node : lab.nodes()) {
      awaitUntil(node.name() + " has all its sessions", () -> established(node).size() == 4);
    }
  }

  private static Set<String> established(LabNode node) {
    Set<String> names = new TreeSet<>();
    for (JsonNode peer : peers(node)) {
      if (peer.path("state").asText().equals("Established")) {
        names.add(peer.path("name").asText());
      }
    }
    return names;
  }

  private static boolean hasStale(LabNode node) {
    for (JsonNode peer : peers(node)) {
      for (JsonNode family : peer.path("families")) {
        if (family.path("stale").asInt() > 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static JsonNode peers(LabNode node) {
    try {
      return new BgpClient(node.bgpSocket()).ask("peers", Map.of()).path("peers");
    } catch (UncheckedIOException e) {
      return new ObjectMapper().createArrayNode();
    }
  }

  // ---- the cluster

  private LabNode node(int number) {
    return lab.nodes().get(number - 1);
  }

  private void create(String resource, String document) {
    try (ApiClient api = lab.api()) {
      JsonNode _ =
          api.create(
              new ApiClient.Attempt("create " + resource, CALICO + resource),
              yaml("apiVersion: projectcalico.org/v3\n" + document));
    }
  }

  private void delete(String path) {
    try (ApiClient api = lab.api()) {
      JsonNode _ = api.delete(new ApiClient.Attempt("delete " + path, CALICO + path));
    }
  }

  private static JsonNode yaml(String text) {
    return Documents.read("the test", text).documents().getFirst().content();
  }

  private ProcessHandle agent(LabNode node) {
    for (JsonNode each : lab.describe().path("nodes")) {
      if (each.path("name").asText().equals(node.name())) {
        return ProcessHandle.of(each.path("agentPid").asLong()).orElseThrow();
      }
    }
    throw new AssertionError("no agent on " + node.name());
  }

  /** As kill -9 does. */
  private void kill(LabNode node) {
    ProcessHandle agent = agent(node);
    assertThat(agent.destroyForcibly()).isTrue();
    awaitUntil("the agent is dead", () -> !agent.isAlive());
  }

  private static String shell(LabNode node, String... command) {
    return Shell.run(Shell.inside(node.netns(), List.of(command))).orFail();
  }

  static void awaitUntil(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + STARTED.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + STARTED.toSeconds() + " s: " + what);
      }
      pause(Duration.ofMillis(50));
    }
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
