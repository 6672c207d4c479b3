package io.ocicat.agent.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.routing.Neighbour;
import io.ocicat.routing.NodeSpeaker;
import io.ocicat.routing.OriginatedRoute;
import io.ocicat.routing.RoutingInputs;
import io.ocicat.selector.Labels;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.NodeRouting;
import io.ocicat.sync.Notice;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpeakerPlanningTest {

  private static final long DEADLINE_MS = 10_000;
  private static final long QUIET_MS = 100;

  private record Told(NodeSpeaker speaker, Set<String> nodes) {}

  private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
  private final BlockingQueue<List<String>> problems = new LinkedBlockingQueue<>();
  private final List<Set<NodeRouting.Part>> asked = new CopyOnWriteArrayList<>();
  private final RoutingStatus status =
      (parts, answer) -> {
        asked.add(parts);
        answer.accept(NodeRouting.SILENT);
      };
  private final SpeakerPlanning planning =
      SpeakerPlanning.start(
          "n1",
          new SpeakerPlanning.Outlets(
              (speaker, nodes) -> told.add(new Told(speaker, nodes)),
              status,
              notices::add,
              problems::add),
          System::nanoTime);

  @AfterEach
  void end() {
    planning.close();
  }

  private static SyncItem node(String name, String label, String cluster) {
    return new SyncItem.Node(
        name,
        List.of(IpAddress.parse("192.0.2." + name.substring(1))),
        label.isEmpty() ? Map.of() : Map.of("role", label),
        cluster.isEmpty()
            ? Map.of()
            : Map.of("projectcalico.org/RouteReflectorClusterID", cluster));
  }

  private static SyncItem document(String kind, String name, String spec) {
    return new SyncItem.Routing(
        kind,
        name,
        "{'metadata':{'name':'%s'},'spec':%s}".formatted(name, spec).replace('\'', '"'));
  }

  private void change(SyncItem... items) {
    planning.table(new SyncDelta("e", 1, false, List.of(items), List.of(), List.of()));
  }

  private void begin(SyncItem... items) {
    planning.table(new SyncDelta("e", 1, true, List.of(items), List.of(), List.of()));
  }

  private void remove(ItemKey... keys) {
    planning.table(new SyncDelta("e", 1, false, List.of(), List.of(keys), List.of()));
  }

  private Told awaitTold(Predicate<NodeSpeaker> wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MS);
    List<Told> others = new ArrayList<>();
    while (true) {
      Told next = told.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      assertThat(next).as("what was wanted, after %s", others).isNotNull();
      if (next != null && wanted.test(next.speaker())) {
        return next;
      }
      others.add(next);
    }
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(DEADLINE_MS, TimeUnit.MILLISECONDS);
    if (next == null) {
      throw new AssertionError("nothing came in %d ms".formatted(DEADLINE_MS));
    }
    return next;
  }

  private static List<String> names(NodeSpeaker speaker) {
    return speaker.neighbours().stream().map(Neighbour::name).toList();
  }

  private static Neighbour neighbour(NodeSpeaker speaker, String name) {
    return speaker.neighbour(name).orElseThrow(() -> new AssertionError(name + ": " + speaker));
  }

  @Test
  void aMeshGivesWayToAReflector() throws InterruptedException {
    begin(node("n1", "worker", ""), node("n2", "", ""), node("n3", "", ""));
    Told mesh = awaitTold(each -> each.neighbours().size() == 2);
    assertThat(names(mesh.speaker())).containsExactly("192.0.2.2", "192.0.2.3");
    assertThat(mesh.nodes()).containsExactlyInAnyOrder("n1", "n2", "n3");
    change(
        document("BGPConfiguration", "default", "{'nodeToNodeMeshEnabled':false}"),
        document(
            "BGPPeer",
            "reflected",
            "{'peerSelector':'has(role) && role != \\'worker\\''}".replace("\\'", "\\\"")),
        node("n2", "reflector", "244.0.0.1"));
    NodeSpeaker reflected = awaitTold(each -> each.neighbours().size() == 1).speaker();
    assertThat(neighbour(reflected, "192.0.2.2").sort()).isEqualTo(Neighbour.Sort.GLOBAL_PEER);
  }

  @Test
  void aPeerComesAndGoesWithTheLabelsOfTheNode() throws InterruptedException {
    begin(
        node("n1", "", ""),
        document("BGPPeer", "rack", "{'peerIP':'198.51.100.1','nodeSelector':'has(role)'}"));
    assertThat(names(awaitTold(_ -> true).speaker())).isEmpty();
    change(node("n1", "edge", ""));
    assertThat(names(awaitTold(each -> !each.neighbours().isEmpty()).speaker()))
        .containsExactly("198.51.100.1");
    change(node("n1", "", ""));
    assertThat(awaitTold(each -> each.neighbours().isEmpty())).isNotNull();
  }

  @Test
  void aSessionWaitsForItsPasswordWhichCanBeChanged() throws InterruptedException {
    begin(
        node("n1", "", ""),
        document(
            "BGPPeer",
            "rack",
            "{'peerIP':'198.51.100.1','password':{'secretKeyRef':{'name':'bgp','key':'k'}}}"));
    NodeSpeaker waiting = awaitTold(_ -> true).speaker();
    assertThat(neighbour(waiting, "198.51.100.1").transport().password())
        .isInstanceOf(Neighbour.Password.Awaited.class);
    assertThat(next(problems)).singleElement().asString().contains("BGPPeer/rack", "Secret bgp");
    assertThat(next(notices))
        .isEqualTo(
            new Notice.Unmet(
                List.of(
                    new Notice.Unfulfilled(
                        "BGPPeer/rack",
                        "spec.password",
                        "key k of Secret bgp is not there: the session waits for it"))));
    for (String text : List.of("old", "new")) {
      change(new SyncItem.Password("bgp", "k", text));
      NodeSpeaker speaker = awaitTold(_ -> true).speaker();
      assertThat(neighbour(speaker, "198.51.100.1").transport().password())
          .isEqualTo(new Neighbour.Password.Known(text));
      assertThat(speaker.toString()).doesNotContain("text=" + text);
    }
    assertThat(next(problems)).isEmpty();
    assertThat(next(notices)).isEqualTo(new Notice.Unmet(List.of()));
    remove(new ItemKey(ItemKey.Kind.PASSWORD, "", "bgp/k"));
    assertThat(next(problems)).hasSize(1);
  }

  @Test
  void aServiceWithLocalTrafficIsAnnouncedWhereItIsTold() throws InterruptedException {
    begin(
        node("n1", "", ""),
        document(
            "BGPConfiguration",
            "default",
            "{'serviceExternalIPs':[{'cidr':'198.51.100.0/24'}],"
                + "'serviceLoadBalancerIPs':[{'cidr':'203.0.113.0/24'}]}"));
    assertThat(prefixes(awaitTold(_ -> true).speaker()))
        .containsExactly("198.51.100.0/24", "203.0.113.0/24");
    change(
        new SyncItem.Service(
            "shop",
            "web",
            List.of(),
            List.of(IpAddress.parse("198.51.100.7")),
            List.of(IpAddress.parse("203.0.113.9")),
            true));
    assertThat(prefixes(awaitTold(_ -> true).speaker()))
        .containsExactly("198.51.100.0/24", "198.51.100.7/32", "203.0.113.0/24", "203.0.113.9/32");
    remove(new ItemKey(ItemKey.Kind.SERVICE, "shop", "web"));
    assertThat(prefixes(awaitTold(_ -> true).speaker())).hasSize(2);
  }

  @Test
  void ownBlocksAreAnnouncedAndPodsOutsideThem() throws InterruptedException {
    begin(
        node("n1", "", ""),
        new SyncItem.Pool(
            "closed",
            "{\"metadata\":{\"name\":\"closed\"},\"spec\":{\"cidr\":\"10.9.0.0/16\","
                + "\"disableBGPExport\":true}}"),
        new SyncItem.Block(Cidr.parse("10.0.0.0/26"), "p", "n1", List.of()),
        new SyncItem.Block(Cidr.parse("10.0.0.64/26"), "p", "n2", List.of()));
    planning.workloads(List.of(workload("in", "10.0.0.5"), workload("out", "10.0.0.70")));
    assertThat(prefixes(awaitTold(each -> each.routes().size() == 2).speaker()))
        .containsExactly("10.0.0.0/26", "10.0.0.70/32");
  }

  private static RoutingInputs.Workload workload(String name, String address) {
    return new RoutingInputs.Workload(
        "shop/" + name,
        Labels.of("app", name),
        List.of(IpAddress.parse(address)),
        "oci" + name,
        Optional.empty());
  }

  private static List<String> prefixes(NodeSpeaker speaker) {
    return speaker.routes().stream().map(OriginatedRoute::prefix).map(Cidr::toString).toList();
  }

  @Test
  void nothingIsToldBeforeTheNodeIsKnownNorTwiceTheSame() throws InterruptedException {
    planning.workloads(List.of());
    begin(node("n2", "", ""));
    assertThat(told.poll(QUIET_MS, TimeUnit.MILLISECONDS)).isNull();
    change(node("n1", "", ""));
    assertThat(names(awaitTold(_ -> true).speaker())).containsExactly("192.0.2.2");
    change(node("n1", "irrelevant", ""));
    assertThat(told.poll(QUIET_MS, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void manyChangesMakeFewPlans() throws InterruptedException {
    List<SyncItem> many = new ArrayList<>();
    for (int i = 1; i <= 250; i++) {
      many.add(node("n" + i, "", ""));
    }
    begin(many.toArray(SyncItem[]::new));
    for (int i = 0; i < 500; i++) {
      change(node("n2", "", "244.0.0." + i % 250));
    }
    change(node("n2", "", ""), node("n251", "", ""));
    Told last = awaitTold(each -> each.neighbours().size() == 250);
    assertThat(last.speaker().notices()).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void aDocumentThatCannotBeReadIsAProblemAndNothingElse() throws InterruptedException {
    begin(node("n1", "", ""), document("BGPPeer", "rack", "{'peerIP':'nowhere'}"));
    assertThat(names(awaitTold(_ -> true).speaker())).isEmpty();
    assertThat(next(problems)).singleElement().asString().contains("BGPPeer rack", "passed over");
    change(document("BGPPeer", "rack", "{'peerIP':'198.51.100.1'}"));
    assertThat(names(awaitTold(_ -> true).speaker())).containsExactly("198.51.100.1");
    assertThat(next(problems)).isEmpty();
  }

  @Test
  void aStatusIsAnsweredAtOnceAndWhenAControllerComesBack() throws InterruptedException {
    Set<NodeRouting.Part> parts = Set.of(NodeRouting.Part.BGP);
    begin(node("n1", "", ""), new SyncItem.StatusRequest("s", "u", parts, 0));
    assertThat(next(notices)).isEqualTo(new Notice.Routed("s", "u", NodeRouting.SILENT));
    assertThat(notices.poll(QUIET_MS, TimeUnit.MILLISECONDS)).isNull();
    planning.connected();
    assertThat(List.of(next(notices), next(notices)))
        .containsExactlyInAnyOrder(
            new Notice.Unmet(List.of()), new Notice.Routed("s", "u", NodeRouting.SILENT));
    assertThat(asked).containsExactly(parts, parts);
  }

  @Test
  void aNodeThatSpeaksNoBgpSaysSo() throws InterruptedException {
    try (SpeakerPlanning silent =
        SpeakerPlanning.start(
            "n1", SpeakerPlanning.Outlets.silent(notices::add), System::nanoTime)) {
      silent.table(
          new SyncDelta(
              "e",
              1,
              true,
              List.of(node("n1", "", ""), new SyncItem.StatusRequest("s", "u", Set.of(), 0)),
              List.of(),
              List.of()));
      assertThat(next(notices)).isEqualTo(new Notice.Routed("s", "u", NodeRouting.SILENT));
    }
    assertThat(told).isEmpty();
  }

  @Test
  void aStatusIsAnsweredAsOftenAsItAsksFor() throws InterruptedException {
    begin(node("n1", "", ""), new SyncItem.StatusRequest("s", "u", Set.of(), 1));
    long began = System.nanoTime();
    for (int i = 0; i < 3; i++) {
      assertThat(next(notices)).isInstanceOf(Notice.Routed.class);
    }
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)).isGreaterThan(1_900);
    remove(new ItemKey(ItemKey.Kind.STATUS_REQUEST, "", "s"));
    assertThat(notices.poll(1_200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void theFamiliesOfADualStackNodeAreBothPlanned() throws InterruptedException {
    begin(
        new SyncItem.Node("n1", both("192.0.2.1", "2001:db8::1"), Map.of(), Map.of()),
        new SyncItem.Node("n2", both("192.0.2.2", "2001:db8::2"), Map.of(), Map.of()));
    NodeSpeaker speaker = awaitTold(_ -> true).speaker();
    assertThat(names(speaker)).containsExactly("192.0.2.2", "2001:db8::2");
    assertThat(neighbour(speaker, "2001:db8::2").exchange().families())
        .containsExactly(IpFamily.IPV6);
  }

  private static List<IpAddress> both(String v4, String v6) {
    return List.of(IpAddress.parse(v4), IpAddress.parse(v6));
  }
}
