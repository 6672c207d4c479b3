package io.ocicat.interop.cluster;

import static io.ocicat.interop.cluster.KubernetesWorld.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.interop.cluster.KubernetesWorld.Pod;
import io.ocicat.lab.CniRuntime;
import io.ocicat.lab.LabException;
import io.ocicat.lab.LabNode;
import io.ocicat.lab.traffic.Prober;
import io.ocicat.lab.traffic.Protocol;
import io.ocicat.lab.traffic.Verdict;
import io.ocicat.libc.NetNamespace;
import io.ocicat.plan.DesiredRoute;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import io.ocicat.testkit.kubernetes.RealApiServer;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Controllers and agents in a cluster of Kubernetes lose one another, and the API server, while
 * pods talk. The last case takes everything away, so the order is fixed.
 */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class KubernetesClusterIT {

  private static final int PORT = 9000;
  private static final Duration OUTAGE = Duration.ofSeconds(14);
  private static final Prober PROBER = new Prober(new SplittableRandom(7));

  @TempDir private static Path directory;
  private static @Nullable KubernetesWorld up;
  private static @Nullable Pod client;
  private static @Nullable Pod stranger;
  private static @Nullable Pod server;

  private final KubernetesWorld world = present(up);
  private final List<Talk> talks = new ArrayList<>();

  private static <T> T present(@Nullable T thing) {
    if (thing == null) {
      throw new IllegalStateException("it has not been made");
    }
    return thing;
  }

  @BeforeAll
  static void bringUp() throws Exception {
    assumeTrue(RealApiServer.whyNone().isEmpty(), () -> RealApiServer.whyNone().orElse(""));
    KubernetesWorld world = new KubernetesWorld(directory);
    up = world;
    for (LabNode node : world.nodes) {
      await("the conflist of " + node.name(), () -> node.runtime().configured());
    }
    // Only clients reach servers, and this holds before there is any.
    world.create(
        KubernetesWorld.POLICIES,
        """
        {"metadata": {"name": "servers"},
         "spec": {"podSelector": {"matchLabels": {"role": "server"}},
                  "ingress": [{"from": [{"podSelector": {"matchLabels": {"role": "client"}}}]}]}}
        """);
    client = world.run(world.nodes.getFirst(), "client", Map.of("role", "client"));
    stranger = world.run(world.nodes.getFirst(), "stranger", Map.of("role", "stranger"));
    server = world.run(world.nodes.getLast(), "server", Map.of("role", "server"));
  }

  @AfterAll
  static void takeDown() {
    if (up != null) {
      up.close();
    }
  }

  @AfterEach
  void mend() throws Exception {
    talks.forEach(Talk::close);
    world.deleteAllBut(List.of(present(client), present(stranger), present(server)));
  }

  private LabNode first() {
    return world.nodes.getFirst();
  }

  private LabNode second() {
    return world.nodes.getLast();
  }

  private static IpAddress addressOf(Pod pod) {
    return pod.addresses().getFirst();
  }

  // ---- talking

  private Talk talk() throws Exception {
    Talk talk =
        Talk.start(
            present(client).netns(),
            present(server).netns(),
            present(stranger).netns(),
            addressOf(present(server)));
    talks.add(talk);
    await("they talk", () -> talk.account().exchanged() > 20 && talk.account().strangerTried() > 3);
    return talk;
  }

  /** More of everything since then, and nothing that anybody would have noticed. */
  private static void assertNothingNoticed(Talk talk, Talk.Account before) throws Exception {
    await(
        "they still talk",
        () ->
            talk.account().exchanged() > before.exchanged() + 100
                && talk.account().connected() > before.connected() + 5
                && talk.account().strangerTried() > before.strangerTried() + 3);
    Talk.Account after = talk.account();
    assertThat(after.failures()).isEmpty();
    assertThat(after.strangerConnected()).isZero();
  }

  private static Verdict probe(Pod from, IpAddress to, Duration timeout) {
    try (NetNamespace place = NetNamespace.open(from.netns())) {
      return PROBER.probe(place, new Prober.Target(to, PORT, Protocol.TCP, timeout)).verdict();
    }
  }

  private JsonNode podOf(String name) {
    return world.find(KubernetesWorld.DEFAULT + "pods/" + name);
  }

  private String annotation(String pod, String name) {
    return podOf(pod).at("/metadata/annotations").path("cni.projectcalico.org/" + name).asText();
  }

  // ---- the cases

  @Test
  @Order(1)
  void podsAreAnnotatedAndNodesAreCalledReady() throws Exception {
    Pod pod = present(server);
    await("the annotation", () -> annotation("server", "containerID").equals("server-03"));
    assertThat(annotation("server", "podIP")).isEqualTo(addressOf(pod) + "/32");
    assertThat(annotation("server", "podIPs"))
        .isEqualTo(addressOf(pod) + "/32," + pod.addresses().getLast() + "/128");
    for (LabNode node : world.nodes) {
      String path = "/api/v1/nodes/" + node.name();
      await(
          "the condition of " + node.name(),
          () ->
              world.find(path).at("/status/conditions").findParents("type").stream()
                  .anyMatch(
                      each ->
                          each.path("type").asText().equals("NetworkUnavailable")
                              && each.path("status").asText().equals("False")));
      await(
          "the taint of " + node.name(),
          () -> !world.find(path).at("/spec/taints").toString().contains("network-unavailable"));
    }
  }

  @Test
  @Order(2)
  void aPolicyHoldsFromTheFirstPacket() throws Exception {
    world.create(
        KubernetesWorld.POLICIES,
        """
        {"metadata": {"name": "mute"},
         "spec": {"podSelector": {"matchLabels": {"role": "mute"}}, "policyTypes": ["Egress"]}}
        """);
    CniRuntime.Sandbox sandbox =
        world.emptySandbox("mute", world.bind(first(), "mute", Map.of("role", "mute")));
    AtomicBoolean ended = new AtomicBoolean();
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger arrived = new AtomicInteger();
    Pod listening = present(client);
    Thread eager;
    Pod mute;
    try (ServerSocketChannel _ = listener(listening)) {
      eager =
          Thread.ofPlatform()
              .name("eager")
              .start(() -> knock(sandbox, addressOf(listening), ended, sent, arrived));
      mute = world.add(first(), sandbox);
      await("it has tried after ADD, too", () -> sent.get() > 30);
      ended.set(true);
      eager.join();
      assertThat(arrived).hasValue(0);
      world.delete(KubernetesWorld.POLICIES + "/mute");
      await(
          "it may speak again",
          () -> probe(mute, addressOf(listening), Duration.ofSeconds(1)) == Verdict.ALLOWED);
    }
    world.delete(mute);
  }

  private static ServerSocketChannel listener(Pod pod) throws Exception {
    try (NetNamespace place = NetNamespace.open(pod.netns())) {
      ServerSocketChannel listener = place.call(ServerSocketChannel::open);
      listener.bind(new InetSocketAddress(addressOf(pod).toInetAddress(), PORT));
      return listener;
    }
  }

  /** Tries to connect all the time, from before there is any interface. */
  private static void knock(
      CniRuntime.Sandbox sandbox,
      IpAddress to,
      AtomicBoolean ended,
      AtomicInteger sent,
      AtomicInteger arrived) {
    try (NetNamespace place = NetNamespace.open(sandbox.netns())) {
      while (!ended.get()) {
        Verdict verdict =
            PROBER
                .probe(place, new Prober.Target(to, PORT, Protocol.TCP, Duration.ofMillis(50)))
                .verdict();
        sent.incrementAndGet();
        if (verdict == Verdict.ALLOWED) {
          arrived.incrementAndGet();
        }
      }
    }
  }

  @Test
  @Order(3)
  void aPodThatNobodyKnowsIsNotWired() {
    CniRuntime.Sandbox sandbox = world.emptySandbox("nobody", "no-such-uid");
    assertThatThrownBy(() -> world.add(first(), sandbox))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("error 11")
        .hasMessageContaining("default/nobody with uid no-such-uid is not known");
  }

  @Test
  @Order(4)
  void theDeathOfTheLeaderIsNotNoticed() throws Exception {
    Talk talk = talk();
    Talk.Account before = talk.account();
    String leader = world.leader();
    assertThat(KubernetesWorld.REPLICAS).contains(leader);
    world.kill(leader);
    await(
        "the other leads",
        () -> !world.leader().equals(leader) && KubernetesWorld.REPLICAS.contains(world.leader()));
    // It needs a controller that knows the pod, and one that hears of it.
    Pod fresh = world.run(second(), "fresh", Map.of());
    await(
        "its annotation",
        () -> annotation("fresh", "containerID").equals(fresh.sandbox().containerId()));
    assertNothingNoticed(talk, before);
    world.delete(fresh);
    world.startController(leader);
  }

  @Test
  @Order(5)
  void theDeathOfAnAgentIsNotNoticed() throws Exception {
    Talk talk = talk();
    Talk.Account before = talk.account();
    List<String> table = chains(first());
    for (LabNode node : world.nodes) {
      world.kill(KubernetesWorld.agent(node));
    }
    assertNothingNoticed(talk, before);
    for (LabNode node : world.nodes) {
      world.startAgent(node);
    }
    Pod fresh = world.run(first(), "fresh", Map.of());
    await(
        "its annotation",
        () -> annotation("fresh", "containerID").equals(fresh.sandbox().containerId()));
    assertNothingNoticed(talk, talk.account());
    assertThat(chains(first())).as("the kernel's objects are the same").containsAll(table);
    world.delete(fresh);
  }

  @Test
  @Order(6)
  void anApiServerThatIsAwayStopsNoPodThatIsKnown() throws Exception {
    Pod known = world.run(first(), "known", Map.of("role", "server"));
    Talk talk = talk();
    Talk.Account before = talk.account();
    List<String> table = chains(first());
    // Its own go, and those of policies that select it alone there.
    table.removeIf(
        line ->
            line.matches("chain (.*-%s|(tier|row|rule)-.*) .*".formatted(known.hostInterface())));
    List<String> other = chains(second());
    Pod again;
    world.server.stopServer();
    try {
      Thread.sleep(OUTAGE);
      world.takeDown(known);
      again = world.sandbox(first(), "known", known.uid());
      try (ServerSocketChannel _ = listener(again)) {
        assertThat(probe(present(client), addressOf(again), Duration.ofSeconds(3)))
            .isEqualTo(Verdict.ALLOWED);
        assertThat(probe(present(stranger), addressOf(again), Duration.ofMillis(500)))
            .isEqualTo(Verdict.DROPPED);
      }
      for (LabNode node : world.nodes) {
        assertThat(world.isAlive(KubernetesWorld.agent(node))).isTrue();
      }
      for (String replica : KubernetesWorld.REPLICAS) {
        assertThat(world.isAlive(replica)).as(world.logged(replica)).isTrue();
      }
    } finally {
      world.server.startServer();
    }
    await(
        "the new sandbox is told",
        () -> annotation("known", "containerID").equals(again.sandbox().containerId()));
    Pod fresh = world.run(second(), "fresh", Map.of());
    assertNothingNoticed(talk, before);
    assertThat(chains(first())).as("the kernel's objects are the same").containsAll(table);
    assertThat(chains(second())).as("and on the other node").containsAll(other);
    world.delete(again);
    world.delete(fresh);
  }

  /** Chains with their handles, which another chain of the same name would not have. */
  private List<String> chains(LabNode node) {
    return new ArrayList<>(
        world.tableOf(node).stream().filter(line -> line.startsWith("chain ")).toList());
  }

  @Test
  @Order(7)
  void afterEverythingWasDeletedNothingIsLeft() throws Exception {
    for (Pod pod : List.of(present(client), present(stranger), present(server))) {
      world.delete(pod);
    }
    world.delete(KubernetesWorld.POLICIES + "/servers");
    for (LabNode node : world.nodes) {
      await(
          "chains and sets of " + node.name() + " are gone",
          () ->
              world.tableOf(node).stream()
                  .noneMatch(line -> line.matches("(chain (from|to)-oci|chain policy-|set g-).*")));
      assertThat(routes(node).stream().filter(Cidr::isHost)).isEmpty();
      try (Rtnetlink links = Rtnetlink.openIn(NetNamespace.open(node.netns()))) {
        assertThat(links.links()).noneMatch(link -> link.name().startsWith("oci"));
      }
    }
    world.stop(KubernetesWorld.agent(second()));
    assertThat(second().runtime().configured()).as("the conflist").isFalse();
    world.delete("/api/v1/nodes/" + second().name());
    await("its leases are given back", () -> leases(second()).isEmpty());
    await(
        "and nobody routes there",
        () -> routes(first()).stream().allMatch(cidr -> leases(first()).contains(cidr.toString())));
  }

  private List<String> leases(LabNode node) {
    List<String> cidrs = new ArrayList<>();
    for (JsonNode item : world.find("/apis/projectcalico.org/v3/blockaffinities").path("items")) {
      if (item.at("/spec/node").asText().equals(node.name())) {
        cidrs.add(item.at("/spec/cidr").asText());
      }
    }
    return cidrs;
  }

  private static List<Cidr> routes(LabNode node) {
    try (NetNamespace place = NetNamespace.open(node.netns());
        Rtnetlink links = Rtnetlink.openIn(place)) {
      return links.routes(DesiredRoute.PROTOCOL).stream().map(RouteMessage::destination).toList();
    }
  }
}
