package io.ocicat.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.agent.FakeController;
import io.ocicat.agent.FakeEnforcement;
import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.agent.journal.Ledger;
import io.ocicat.agent.routing.RoutingFeed;
import io.ocicat.cni.AttachmentKey;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.ipam.Block;
import io.ocicat.nft.Drift;
import io.ocicat.nftables.NftTable;
import io.ocicat.routing.RoutingInputs;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.Notice;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class NodeLoopTest {

  private static final SyncItem.Policy FROM_WEB =
      new SyncItem.Policy(
          "NetworkPolicy",
          "shop",
          "from-web",
          """
          {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",
           "metadata":{"name":"from-web","namespace":"shop"},
           "spec":{"podSelector":{"matchLabels":{"app":"db"}},
                   "ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"web"}}}]}]}}
          """);

  @TempDir private Path folder;
  private Ledger ledger;
  private final FakeController controller = new FakeController();
  private final FakeEnforcement kernel = new FakeEnforcement();
  private NodeLoop loop;

  @BeforeEach
  void makeLoop() {
    ledger = Ledger.open(folder, "boot");
    loop =
        new NodeLoop(
            new NodeLoop.Settings(
                new NodeReport(List.of(), Map.of(), false, Map.of(), List.of()),
                "n1",
                Duration.ofMillis(200)),
            ledger,
            kernel,
            System::nanoTime);
  }

  @AfterEach
  void endLoop() {
    loop.close();
    ledger.close();
  }

  private static EndpointRecord endpoint(String container, Map<String, String> labels) {
    return new EndpointRecord(
        new AttachmentKey(container, "eth0"),
        "net",
        "shop",
        container,
        "",
        "",
        List.of(IpAddress.parse("10.0.0.1").plus(container.hashCode() & 0xff)),
        labels,
        EndpointRecord.Stage.ADDING);
  }

  private CompletableFuture<Programmed> put(String container, Map<String, String> labels) {
    CompletableFuture<Programmed> done = new CompletableFuture<>();
    loop.put(new LocalEndpoint(endpoint(container, labels), List.of()), done);
    return done;
  }

  private void send(long generation, List<SyncItem> upserts, List<ItemKey> removals) {
    controller.updates.add(new SyncDelta("e", generation, false, upserts, removals, List.of()));
    loop.updatesPending();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within the deadline").isLessThan(end);
      Thread.sleep(2);
    }
  }

  private static Programmed get(CompletableFuture<Programmed> done) throws Exception {
    return done.get(10, TimeUnit.SECONDS);
  }

  @Test
  void touchesNothingBeforeItKnowsAnything() throws Exception {
    loop.start(controller, List.of(endpoint("old", Map.of())));
    assertThat(loop.remove(endpoint("gone", Map.of()).key()).get(10, TimeUnit.SECONDS))
        .isEqualTo(new Programmed.Enforced());
    Thread.sleep(300);
    assertThat(kernel.tables).isEmpty();
    assertThat(kernel.plans).isEmpty();
    assertThat(loop.isInSync()).isFalse();
    assertThat(controller.reports).allMatch(report -> !report.ready());
    send(3, List.of(), List.of());
    await(loop::isInSync);
    assertThat(kernel.tables).hasSize(1);
    await(() -> !kernel.plans.isEmpty());
    assertThat(kernel.plans.getFirst().pods()).hasSize(1);
  }

  @Test
  void acknowledgesAGenerationWhenItIsEnforced() throws Exception {
    loop.start(controller, List.of());
    send(3, List.of(), List.of());
    await(() -> controller.acknowledged.equals(List.of(3L)));
    kernel.gate.drainPermits();
    CompletableFuture<Programmed> done = put("a", Map.of());
    send(7, List.of(FROM_WEB), List.of());
    Thread.sleep(100);
    assertThat(done).isNotDone();
    assertThat(controller.acknowledged).doesNotContain(7L);
    kernel.gate.release(100);
    assertThat(get(done)).isEqualTo(new Programmed.Enforced());
    await(() -> controller.acknowledged.contains(7L));
    await(() -> controller.reports.stream().anyMatch(NodeReport::ready));
  }

  @Test
  void waitsForTheMembersOfGroupsThatAPolicyNeeds() throws Exception {
    loop.start(controller, List.of());
    send(1, List.of(FROM_WEB), List.of());
    await(loop::isInSync);
    CompletableFuture<Programmed> done = put("db", Map.of("app", "db"));
    await(() -> !controller.subscriptions.isEmpty());
    Set<String> wanted = controller.subscriptions.getLast();
    assertThat(wanted).hasSize(1);
    send(2, List.of(), List.of());
    assertThat(done).isNotDone();
    assertThat(controller.acknowledged).doesNotContain(2L);
    send(3, List.of(new SyncItem.Group(wanted.iterator().next(), Set.of())), List.of());
    assertThat(get(done)).isEqualTo(new Programmed.Enforced());
    await(() -> controller.acknowledged.contains(3L));
    Future<Programmed> _ = loop.remove(endpoint("db", Map.of()).key());
    await(() -> controller.subscriptions.contains(Set.of()));
  }

  @Test
  void goesOnWithPeersDeniedWhenGroupsDoNotArrive() throws Exception {
    loop.start(controller, List.of());
    send(1, List.of(FROM_WEB), List.of());
    await(loop::isInSync);
    assertThat(get(put("db", Map.of("app", "db")))).isEqualTo(new Programmed.Incomplete());
    controller.connected = false;
    assertThat(get(put("db2", Map.of("app", "db")))).isEqualTo(new Programmed.Incomplete());
    assertThat(controller.acknowledged).isEqualTo(List.of(1L));
  }

  @Test
  void makesOneTransactionOfWhatComesTogether() throws Exception {
    loop.start(controller, List.of());
    send(1, List.of(), List.of());
    await(loop::isInSync);
    kernel.gate.drainPermits();
    List<CompletableFuture<Programmed>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(put("c" + i, Map.of()));
    }
    kernel.gate.release(1_000);
    for (CompletableFuture<Programmed> one : all) {
      assertThat(get(one)).isEqualTo(new Programmed.Enforced());
    }
    assertThat(kernel.tables.size()).isLessThanOrEqualTo(4);
  }

  @Test
  void triesAgainWhatTheKernelRefused() throws Exception {
    loop.start(controller, List.of());
    send(1, List.of(), List.of());
    await(loop::isInSync);
    kernel.refusals.add(new IllegalStateException("the kernel says no"));
    Programmed answer = get(put("a", Map.of()));
    assertThat(answer).isInstanceOf(Programmed.Failed.class);
    assertThat(((Programmed.Failed) answer).reason()).contains("the kernel says no");
    await(loop::isFailing);
    send(2, List.of(), List.of());
    await(() -> !loop.isFailing());
    await(() -> controller.acknowledged.contains(2L));
    assertThat(kernel.tables.getLast().set("egress").orElseThrow().elements().toList()).hasSize(1);
  }

  @Test
  void followsLabelsOfTheApiAndThenThoseOfTheCall() throws Exception {
    loop.start(controller, List.of());
    send(1, List.of(FROM_WEB), List.of());
    await(loop::isInSync);
    CompletableFuture<Programmed> _ = put("db", Map.of());
    NftTable open = tableAfter(1);
    send(
        2,
        List.of(
            new SyncItem.LocalPod("shop", "db", "u", Map.of("app", "db"), "", Map.of(), List.of())),
        List.of());
    await(() -> controller.subscriptions.size() == 1);
    send(
        3,
        List.of(new SyncItem.Group(controller.subscriptions.getLast().iterator().next(), Set.of())),
        List.of());
    await(() -> controller.acknowledged.contains(3L));
    assertThat(kernel.tables.getLast()).isNotEqualTo(open);
    send(4, List.of(), List.of(new ItemKey(ItemKey.Kind.POD, "shop", "db")));
    await(() -> controller.acknowledged.contains(4L));
    assertThat(kernel.tables.getLast()).isEqualTo(open);
  }

  @Test
  void keepsGroupsWhileThereIsNobodyToSendThemAgain() throws Exception {
    loop.start(controller, List.of());
    send(1, List.of(FROM_WEB), List.of());
    await(loop::isInSync);
    CompletableFuture<Programmed> _ = put("db", Map.of("app", "db"));
    await(() -> controller.subscriptions.size() == 1);
    Set<String> wanted = controller.subscriptions.getLast();
    send(2, List.of(new SyncItem.Group(wanted.iterator().next(), Set.of())), List.of());
    await(() -> controller.acknowledged.contains(2L));
    controller.connected = false;
    AttachmentKey key = endpoint("db", Map.of()).key();
    assertThat(loop.remove(key).get(10, TimeUnit.SECONDS)).isEqualTo(new Programmed.Enforced());
    assertThat(get(put("db", Map.of("app", "db")))).isEqualTo(new Programmed.Enforced());
    assertThat(loop.remove(key).get(10, TimeUnit.SECONDS)).isEqualTo(new Programmed.Enforced());
    assertThat(controller.subscriptions).hasSize(1);
    controller.connected = true;
    loop.connectionChanged(true);
    await(() -> controller.subscriptions.getLast().isEmpty());
  }

  @Test
  void keepsTheLabelsOfAPodWhoseNameHasGoneOverToAnother() throws Exception {
    loop.start(controller, List.of());
    send(1, List.of(FROM_WEB, new SyncItem.Cluster(true)), List.of());
    await(loop::isInSync);
    assertThat(loop.podObjects()).isTrue();
    SyncItem.LocalPod first = pod("u1", Map.of("app", "db"));
    CompletableFuture<Programmed> done = new CompletableFuture<>();
    loop.put(new LocalEndpoint(withUid("u1"), List.of(first)), done);
    await(() -> controller.subscriptions.size() == 1);
    send(
        2,
        List.of(new SyncItem.Group(controller.subscriptions.getLast().iterator().next(), Set.of())),
        List.of());
    NftTable isolated = tableAfter(1);
    send(3, List.of(pod("u2", Map.of("app", "other"))), List.of());
    send(4, List.of(), List.of(first.key()));
    await(() -> controller.acknowledged.contains(4L));
    assertThat(kernel.tables.getLast()).isEqualTo(isolated);
    send(5, List.of(pod("u1", Map.of("app", "other"))), List.of());
    await(() -> controller.acknowledged.contains(5L));
    assertThat(kernel.tables.getLast()).isNotEqualTo(isolated);
  }

  @Test
  void doesNotGiveAPodTheLabelsOfAnEarlierOneOfItsName() throws Exception {
    loop.start(controller, List.of());
    send(
        1,
        List.of(FROM_WEB, new SyncItem.Cluster(true), pod("u1", Map.of("app", "db"))),
        List.of());
    await(loop::isInSync);
    CompletableFuture<Programmed> done = new CompletableFuture<>();
    loop.put(new LocalEndpoint(withUid("u2"), List.of(pod("u2", Map.of("app", "other")))), done);
    assertThat(get(done)).isEqualTo(new Programmed.Enforced());
    assertThat(controller.subscriptions).isEmpty();
  }

  private static SyncItem.LocalPod pod(String uid, Map<String, String> labels) {
    return new SyncItem.LocalPod("shop", "db", uid, labels, "", Map.of(), List.of());
  }

  private static EndpointRecord withUid(String uid) {
    EndpointRecord plain = endpoint("db", Map.of());
    return new EndpointRecord(
        plain.key(),
        plain.network(),
        plain.namespace(),
        plain.pod(),
        uid,
        plain.netnsPath(),
        plain.addresses(),
        plain.labels(),
        plain.stage());
  }

  private NftTable tableAfter(int endpoints) throws InterruptedException {
    await(
        () ->
            kernel.tables.getLast().set("egress").orElseThrow().elements().toList().size()
                == endpoints);
    return kernel.tables.getLast();
  }

  @Test
  void reportsWhatWasPutRight() throws Exception {
    kernel.repairs.add(
        new Enforcement.Repair(Map.of("route", List.of("r1", "r2")), List.of("r3 is stuck")));
    loop.start(controller, List.of());
    send(1, List.of(), List.of());
    await(
        () ->
            controller.reports.stream()
                .anyMatch(
                    report ->
                        report.counters().equals(Map.of("route", 2L))
                            && report.problems().equals(List.of("r3 is stuck"))));
  }

  @Test
  void holdsTheLeasesThatTheControllerKnowsAndNoOthers() throws Exception {
    Cidr block = Cidr.parse("10.0.0.0/26");
    loop.start(controller, List.of());
    send(1, List.of(new SyncItem.Block(block, "p", "n1", List.of())), List.of());
    await(() -> ledger.blocks().equals(List.of(new Block(block, "p"))));
    await(() -> !kernel.plans.isEmpty() && kernel.plans.getLast().routes().size() == 1);
    send(2, List.of(), List.of(new ItemKey(ItemKey.Kind.BLOCK, "", block.toString())));
    await(() -> ledger.blocks().isEmpty());
    await(() -> kernel.plans.getLast().routes().isEmpty());
  }

  @Test
  void saysWhichPolicyItCannotReadAndDeniesForIt() throws Exception {
    loop.start(controller, List.of());
    send(1, List.of(new SyncItem.Policy("NetworkPolicy", "shop", "odd", "{")), List.of());
    await(
        () ->
            controller.reports.stream()
                .anyMatch(r -> r.problems().stream().anyMatch(p -> p.contains("shop/odd"))));
    assertThat(controller.acknowledged).containsExactly(1L);
  }

  @Test
  void answersAnInspectionOnceTheKernelHoldsWhatCameWithIt() throws Exception {
    kernel.differences.add(new Drift(Drift.Kind.MISSING, "rule x"));
    loop.start(controller, List.of());
    SyncItem.Inspection inspection = new SyncItem.Inspection("i", "u1", List.of(), Set.of("n1"));
    SyncItem.Inspection others = new SyncItem.Inspection("o", "u2", List.of(), Set.of("n2"));
    send(5, List.of(inspection, others), List.of());
    await(() -> controller.notices.size() == 1);
    assertThat(controller.notices.getFirst())
        .isEqualTo(
            new Notice.Inspected("u1", 5, List.of("missing rule x"), 1, 0, List.of(), List.of()));
    send(6, List.of(), List.of(inspection.key()));
    await(() -> controller.acknowledged.contains(6L));
    assertThat(controller.notices).hasSize(1);
  }

  @Test
  void tellsWhatItPutRightAndKeepsItInMindForInspections() throws Exception {
    loop.start(controller, List.of());
    List<String> changes = java.util.stream.IntStream.range(0, 30).mapToObj(i -> "c" + i).toList();
    send(1, List.of(), List.of());
    await(loop::isInSync);
    kernel.repairs.add(new Enforcement.Repair(Map.of("nft", changes), List.of()));
    await(() -> controller.notices.size() == 1);
    assertThat(controller.notices.getFirst())
        .isEqualTo(new Notice.Repaired("nft", changes.subList(0, 20), 30));
    send(2, List.of(new SyncItem.Inspection("i", "u1", List.of(), Set.of())), List.of());
    await(() -> controller.notices.size() == 2);
    assertThat(controller.notices.getLast())
        .isInstanceOfSatisfying(
            Notice.Inspected.class,
            inspected -> {
              assertThat(inspected.repaired()).isEqualTo(30);
              assertThat(inspected.lastRepaired())
                  .hasSize(20)
                  .allMatch(e -> e.contains(" s ago: c"));
            });
  }

  @Test
  void routingIsToldOfTheTableAndOfPodsWhoseLinksAreComplete() throws Exception {
    List<SyncDelta> tables = new CopyOnWriteArrayList<>();
    List<List<RoutingInputs.Workload>> pods = new CopyOnWriteArrayList<>();
    List<String> connections = new CopyOnWriteArrayList<>();
    loop.start(
        controller,
        List.of(),
        new RoutingFeed() {
          @Override
          public void table(SyncDelta delta) {
            tables.add(delta);
          }

          @Override
          public void workloads(List<RoutingInputs.Workload> workloads) {
            pods.add(workloads);
          }

          @Override
          public void connected() {
            connections.add("connected");
          }
        });
    loop.connectionChanged(true);
    send(1, List.of(new SyncItem.Namespace("shop", Map.of("team", "a"))), List.of());
    assertThat(get(put("web", Map.of("app", "web")))).isInstanceOf(Programmed.Enforced.class);
    assertThat(pods).isEmpty();
    loop.settle(new AttachmentKey("web", "eth0"));
    await(() -> !pods.isEmpty());
    RoutingInputs.Workload pod = pods.getFirst().getFirst();
    assertThat(pod.name()).isEqualTo("shop/web");
    assertThat(pod.labels().asMap())
        .containsEntry("app", "web")
        .containsEntry("pcns.team", "a")
        .containsEntry("projectcalico.org/namespace", "shop");
    assertThat(loop.remove(new AttachmentKey("web", "eth0")).get(10, TimeUnit.SECONDS)).isNotNull();
    await(() -> pods.getLast().isEmpty());
    assertThat(tables).extracting(SyncDelta::generation).containsExactly(1L);
    assertThat(connections).hasSize(1);
  }
}
