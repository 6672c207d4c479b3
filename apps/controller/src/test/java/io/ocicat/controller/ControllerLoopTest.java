package io.ocicat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.ClusterStatus.NodeStatus;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.Kinds;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.Node;
import io.ocicat.policy.PolicyCompiler;
import io.ocicat.policy.PolicySpecs;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.memory.MemoryStore;
import io.ocicat.store.sqlite.Retention;
import io.ocicat.store.sqlite.SqliteStore;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.Endpoint;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PolicyRef;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.client.LocalTransport;
import io.ocicat.sync.client.TableStore;
import io.ocicat.sync.grpc.TableFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ControllerLoopTest {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final String FROM_WEB = "{\"podSelector\":{\"matchLabels\":{\"app\":\"web\"}}}";

  private static final String WEB_GROUP =
      PolicyCompiler.groupsOf(
              PolicySpecs.from(NetworkPolicy.read(Documents.policy("ns", "p", FROM_WEB, ""))))
          .iterator()
          .next()
          .id()
          .value();

  private final MemoryStore store = new MemoryStore();
  private ControllerLoop loop = start(store, "first");

  private static ControllerLoop start(Store store, String epoch) {
    DocumentStamp stamp = new DocumentStamp(InstantSource.system(), new SplittableRandom(7));
    return ControllerLoop.start(store, stamp, ClusterSide.alone(store, stamp), epoch);
  }

  @AfterEach
  void stop() {
    loop.close();
    store.close();
  }

  private TestAgent agent(String node, Endpoint... wired) {
    return new TestAgent(node, new LocalTransport(loop, node), TableStore.NONE, wired);
  }

  private long policy() {
    Documents.put(store, Documents.namespaceKey("ns"), Documents.namespace("ns", ""));
    return Documents.put(
        store, Documents.policyKey("ns", "p"), Documents.policy("ns", "p", FROM_WEB, ""));
  }

  private long pod(String name, String node, String labels) {
    return Documents.put(
        store, Documents.podKey("ns", name), Documents.pod("ns", name, node, labels, "", ""));
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(5);
    }
  }

  @Test
  void aLateAgentGetsWhatIsThere() {
    long revision = policy();
    try (TestAgent agent = agent("n1")) {
      agent.awaitGeneration(revision);
      assertThat(agent.table.items())
          .containsKeys(
              ItemKey.policy("NetworkPolicy", "ns", "p"),
              new ItemKey(ItemKey.Kind.NAMESPACE, "", "ns"));
    }
  }

  @Test
  void anAgentGetsItsOwnPodsAndTheGroupsItAskedFor() {
    policy();
    pod("mine", "n1", "\"app\":\"web\"");
    long revision = pod("other", "n2", "\"app\":\"web\"");
    try (TestAgent agent = agent("n1")) {
      agent.awaitGeneration(revision);
      assertThat(agent.table.items())
          .containsKey(new ItemKey(ItemKey.Kind.POD, "ns", "mine"))
          .doesNotContainKey(new ItemKey(ItemKey.Kind.POD, "ns", "other"))
          .doesNotContainKey(ItemKey.group(WEB_GROUP));
      agent.client.subscribe(Set.of(WEB_GROUP));
      agent.awaitMembers(WEB_GROUP);
      agent.client.subscribe(Set.of());
      agent.await("the end of the group", _ -> agent.members(WEB_GROUP).isEmpty());
    }
  }

  @Test
  void anAddressReportedOnOneNodeReachesTheOtherAtOnce() {
    policy();
    pod("web-1", "n1", "\"app\":\"web\"");
    try (TestAgent one = agent("n1");
        TestAgent two = agent("n2")) {
      two.client.subscribe(Set.of(WEB_GROUP));
      two.awaitMembers(WEB_GROUP);
      one.client.endpointUp(TestAgent.endpoint("c1", "ns", "web-1", "10.0.0.1"));
      two.awaitMembers(WEB_GROUP, "10.0.0.1");
      pod("web-1", "n1", "\"app\":\"db\"");
      two.awaitMembers(WEB_GROUP);
      pod("web-1", "n1", "\"app\":\"web\"");
      two.awaitMembers(WEB_GROUP, "10.0.0.1");
      one.client.endpointDown(TestAgent.endpoint("c1", "ns", "web-1", "10.0.0.1").key());
      two.awaitMembers(WEB_GROUP);
    }
  }

  @Test
  void aContainerWithoutAPodObjectCountsWithTheLabelsOfItsReport() {
    Documents.put(store, Documents.namespaceKey("ns"), Documents.namespace("ns", ""));
    String peer = "{\"podSelector\":{\"matchLabels\":{\"app\":\"reported\"}}}";
    var policy = Documents.policy("ns", "p", peer, "");
    Documents.put(store, Documents.policyKey("ns", "p"), policy);
    String group =
        PolicyCompiler.groupsOf(PolicySpecs.from(NetworkPolicy.read(policy)))
            .iterator()
            .next()
            .id()
            .value();
    try (TestAgent one = agent("n1")) {
      one.client.subscribe(Set.of(group));
      one.client.endpointUp(TestAgent.endpoint("c1", "ns", "", "10.0.0.1"));
      one.client.endpointUp(TestAgent.endpoint("c2", "ns", "named", "10.0.0.2"));
      one.awaitMembers(group, "10.0.0.1", "10.0.0.2");
      pod("named", "n1", "\"app\":\"other\"");
      one.awaitMembers(group, "10.0.0.1");
    }
  }

  @Test
  void whatIsNotWiredAnyMoreIsForgottenWhenTheAgentComesBack() {
    policy();
    pod("web-1", "n1", "\"app\":\"web\"");
    pod("web-2", "n1", "\"app\":\"web\"");
    try (TestAgent watcher = agent("n2")) {
      watcher.client.subscribe(Set.of(WEB_GROUP));
      try (TestAgent before =
          agent(
              "n1",
              TestAgent.endpoint("c1", "ns", "web-1", "10.0.0.1"),
              TestAgent.endpoint("c2", "ns", "web-2", "10.0.0.2"))) {
        before.awaitConnected();
        watcher.awaitMembers(WEB_GROUP, "10.0.0.1", "10.0.0.2");
      }
      try (TestAgent after = agent("n1", TestAgent.endpoint("c2", "ns", "web-2", "10.0.0.2"))) {
        after.awaitConnected();
        watcher.awaitMembers(WEB_GROUP, "10.0.0.2");
      }
    }
  }

  @Test
  void theEndOfAnEarlierContainerLeavesItsSuccessorOfTheSameName() {
    policy();
    pod("web-1", "n1", "\"app\":\"web\"");
    try (TestAgent agent = agent("n1")) {
      agent.client.subscribe(Set.of(WEB_GROUP));
      agent.client.endpointUp(TestAgent.endpoint("old", "ns", "web-1", "10.0.0.1"));
      agent.awaitMembers(WEB_GROUP, "10.0.0.1");
      agent.client.endpointUp(TestAgent.endpoint("new", "ns", "web-1", "10.0.0.2"));
      agent.awaitMembers(WEB_GROUP, "10.0.0.2");
      agent.client.endpointDown(TestAgent.endpoint("old", "ns", "web-1", "10.0.0.1").key());
      agent.client.endpointUp(TestAgent.endpoint("c3", "ns", "", "10.0.0.3"));
      agent.awaitGeneration(store.currentRevision());
      assertThat(agent.members(WEB_GROUP)).contains(List.of("10.0.0.2"));
    }
  }

  @Test
  void aNodeHasReachedAGenerationWhenItSaysSo() throws InterruptedException {
    long revision = policy();
    try (TestAgent agent = agent("n1")) {
      agent.awaitGeneration(revision);
      agent.client.report(TestAgent.ready("192.0.2.1"));
      await("n1 ready", () -> loop.status().nodes().stream().anyMatch(NodeStatus::ready));
      assertThat(node("n1").policyGeneration()).isZero();
      assertThat(loop.status().policyGeneration()).isGreaterThanOrEqualTo(revision);
      agent.client.ack(revision);
      await("the acknowledgement", () -> node("n1").policyGeneration() == revision);
      agent.client.ack(revision + 1_000_000);
      agent.client.report(
          new NodeReport(List.of(), Map.of(), true, Map.of("routes", 1L), List.of()));
      await("the counter", () -> node("n1").counters().containsKey("routes"));
      assertThat(node("n1").policyGeneration()).isLessThanOrEqualTo(store.currentRevision());
    }
    await("n1 disconnected", () -> !node("n1").connected());
    assertThat(loop.status().ready()).isFalse();
  }

  private NodeStatus node(String name) {
    return loop.status().nodes().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anIdleNodeIsToldTheGenerationToo() {
    try (TestAgent agent = agent("n1")) {
      agent.awaitConnected();
      long revision = pod("elsewhere", "n2", "");
      agent.awaitGeneration(revision);
      assertThat(agent.taken.getLast().isEmpty()).isTrue();
    }
  }

  @Test
  void aReportMakesTheNodesDocument() throws InterruptedException {
    try (TestAgent agent = agent("n1")) {
      agent.client.report(TestAgent.ready("192.0.2.1"));
      await("the document", () -> store.get(Documents.nodeKey("n1")).isPresent());
      StoredObject document = store.get(Documents.nodeKey("n1")).orElseThrow();
      Node node = Node.read(document.tree());
      assertThat(node.ready()).isTrue();
      assertThat(node.internalAddresses()).hasToString("[192.0.2.1]");
      assertThat(node.labels().asMap())
          .containsEntry("zone", "a")
          .containsEntry("kubernetes.io/hostname", "n1");
      assertThat(node.metadata().uid()).isNotEmpty();
    }
  }

  @Test
  void aBlockIsLeasedAndARouteForAll() {
    Documents.put(store, Documents.poolKey("pool"), Documents.pool("pool", "10.0.0.0/24", ""));
    Documents.put(store, Documents.nodeKey("n1"), Documents.node("n1", "", "192.0.2.1"));
    try (TestAgent one = agent("n1");
        TestAgent two = agent("n2")) {
      BlockAnswer answer =
          one.client.requestBlock(new BlockRequest(IpFamily.IPV4, List.of()), DEADLINE);
      assertThat(answer).isInstanceOf(BlockAnswer.Leased.class);
      SyncItem.Block block = ((BlockAnswer.Leased) answer).block();
      assertThat(block.node()).isEqualTo("n1");
      two.await("the route", table -> table.items().containsValue(block));
      one.await("its own lease", table -> table.items().containsValue(block));
      assertThat(two.client.releaseBlock(block.cidr(), DEADLINE))
          .isEqualTo(new ReleaseAnswer.NotLeased());
      assertThat(one.client.releaseBlock(block.cidr(), DEADLINE))
          .isEqualTo(new ReleaseAnswer.Released());
      two.await("the end of the route", table -> !table.items().containsKey(block.key()));
    }
  }

  @Test
  void aPodOfAnotherUidIsAnotherPod() {
    policy();
    pod("mine", "n1", "\"app\":\"web\"");
    try (TestAgent agent = agent("n1")) {
      assertThat(agent.client.resolvePod(new PodName("ns", "mine"), "u-mine", DEADLINE))
          .isInstanceOf(PodAnswer.Found.class);
      assertThat(agent.client.resolvePod(new PodName("ns", "mine"), "u-later", DEADLINE))
          .isInstanceOf(PodAnswer.NotFound.class);
    }
  }

  @Test
  void aReportIsOfThePodWithItsUid() {
    policy();
    pod("mine", "n1", "\"app\":\"web\"");
    try (TestAgent one = agent("n1");
        TestAgent two = agent("n2")) {
      two.client.subscribe(Set.of(WEB_GROUP));
      one.client.endpointUp(TestAgent.endpoint("c1", "ns", "mine", "u-mine", "10.0.0.1"));
      two.awaitMembers(WEB_GROUP, "10.0.0.1");
      one.client.endpointUp(TestAgent.endpoint("c2", "ns", "mine", "u-later", "10.0.0.2"));
      two.awaitMembers(WEB_GROUP);
      ObjectNode later = Documents.pod("ns", "mine", "n1", "\"app\":\"web\"", "", "");
      later.withObject("/metadata").put("uid", "u-later");
      Documents.put(store, Documents.podKey("ns", "mine"), later);
      two.awaitMembers(WEB_GROUP, "10.0.0.2");
    }
  }

  @Test
  void aPodIsFoundTheMomentItsDocumentIsThereUnlessItIsAnothersNode() {
    policy();
    pod("mine", "n1", "\"app\":\"web\"");
    pod("other", "n2", "");
    try (TestAgent agent = agent("n1")) {
      assertThat(agent.client.resolvePod(new PodName("ns", "mine"), "", DEADLINE))
          .isInstanceOfSatisfying(
              PodAnswer.Found.class,
              found -> {
                assertThat(found.pod().labels()).containsEntry("app", "web");
                assertThat(found.namespaceLabels())
                    .containsEntry("kubernetes.io/metadata.name", "ns");
              });
      assertThat(agent.client.resolvePod(new PodName("ns", "other"), "", DEADLINE))
          .isInstanceOf(PodAnswer.NotFound.class);
      assertThat(agent.client.resolvePod(new PodName("ns", "none"), "", DEADLINE))
          .isInstanceOf(PodAnswer.NotFound.class);
    }
  }

  @Test
  void anAgentThatStartsAgainKnowsWhatItKnewBeforeAnybodyAnswers(@TempDir Path directory) {
    long revision = policy();
    TableFile saved = new TableFile(directory.resolve("table"));
    try (TestAgent agent = new TestAgent("n1", new LocalTransport(loop, "n1"), saved)) {
      agent.client.subscribe(Set.of(WEB_GROUP));
      agent.awaitGeneration(revision);
      agent.awaitMembers(WEB_GROUP);
    }
    try (TestAgent alone = new TestAgent("n1", new SwitchedTransport("n1"), saved)) {
      alone.table.apply(alone.client.takeUpdates().orElseThrow());
      assertThat(alone.table.generation()).isGreaterThanOrEqualTo(revision);
      assertThat(alone.table.items())
          .containsKeys(ItemKey.policy("NetworkPolicy", "ns", "p"), ItemKey.group(WEB_GROUP));
      assertThat(alone.client.connected()).isFalse();
    }
  }

  @Test
  void aRestartedControllerTellsTheSame(@TempDir Path directory) throws InterruptedException {
    Path file = directory.resolve("store.db");
    TableFile saved = new TableFile(directory.resolve("table"));
    SwitchedTransport transport = new SwitchedTransport("n1");
    try (TestAgent agent = new TestAgent("n1", transport, saved)) {
      long revision;
      try (Store first = SqliteStore.open(file, Retention.DEFAULT, InstantSource.system());
          ControllerLoop controller = start(first, "life-1")) {
        transport.connectTo(controller);
        Documents.put(first, Documents.namespaceKey("ns"), Documents.namespace("ns", ""));
        Documents.put(
            first, Documents.policyKey("ns", "p"), Documents.policy("ns", "p", FROM_WEB, ""));
        Documents.put(
            first,
            Documents.podKey("ns", "web-1"),
            Documents.pod("ns", "web-1", "n1", "\"app\":\"web\"", "", ""));
        agent.client.subscribe(Set.of(WEB_GROUP));
        agent.client.endpointUp(TestAgent.endpoint("c1", "ns", "web-1", "10.0.0.1"));
        agent.awaitMembers(WEB_GROUP, "10.0.0.1");
        revision = first.currentRevision();
        agent.awaitGeneration(revision);
        transport.connectToNobody();
      }
      var before = agent.table.items();
      agent.taken.clear();
      try (Store second = SqliteStore.open(file, Retention.DEFAULT, InstantSource.system());
          ControllerLoop controller = start(second, "life-2")) {
        transport.connectTo(controller);
        agent.await("the new life", table -> table.epoch().equals("life-2"));
        assertThat(agent.table.items()).isEqualTo(before);
        assertThat(agent.taken).allMatch(delta -> !delta.snapshot() && delta.isEmpty());
        agent.client.ack(agent.table.generation());
        long held = agent.table.generation();
        await(
            "the acknowledgement",
            () ->
                controller.status().nodes().stream()
                    .anyMatch(each -> each.policyGeneration() == held));
        assertThat(second.snapshot(Selection.of(Kinds.WORKLOAD_ENDPOINT.name())).objects())
            .hasSize(1);
      }
    }
  }

  private JsonNode inspection() {
    return store
        .get(ResourceKey.ofCluster(Kinds.POLICY_INSPECTION.name(), "i"))
        .map(object -> (JsonNode) object.tree())
        .orElseGet(MissingNode::getInstance);
  }

  private void ask(String spec) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", "ocicat.io/v1").put("kind", "PolicyInspection");
    document.putObject("metadata").put("name", "i").put("uid", "u1").put("generation", 1);
    document.set("spec", Documents.json(spec));
    Documents.put(store, ResourceKey.ofCluster(Kinds.POLICY_INSPECTION.name(), "i"), document);
  }

  private static Notice.Inspected answer(List<String> differences) {
    PolicyRef policy = new PolicyRef("NetworkPolicy", "ns", "p");
    return new Notice.Inspected(
        "u1",
        7,
        differences,
        differences.size(),
        3,
        List.of("1 s ago: missing rule"),
        List.of(new Notice.RuleCount(policy, "ingress", "spec.ingress[0]", 4, 240)));
  }

  @Test
  void anInspectionIsAskedOfAllNodesAndAnsweredInItsStatus() throws InterruptedException {
    try (TestAgent one = agent("n1");
        TestAgent two = agent("n2")) {
      one.client.report(TestAgent.ready("192.0.2.1"));
      two.client.report(TestAgent.ready("192.0.2.2"));
      await("nodes", () -> store.snapshot(Selection.of(Kinds.NODE.name())).objects().size() == 2);
      ask("{\"policies\":[{\"kind\":\"NetworkPolicy\",\"namespace\":\"ns\",\"name\":\"p\"}]}");
      ItemKey key = new ItemKey(ItemKey.Kind.INSPECTION, "", "i");
      one.await("the question", table -> table.items().containsKey(key));
      two.await("the question", table -> table.items().containsKey(key));
      assertThat(one.table.items().get(key))
          .isEqualTo(
              new SyncItem.Inspection(
                  "i", "u1", List.of(new PolicyRef("NetworkPolicy", "ns", "p")), Set.of()));
      one.client.tell(answer(List.of()));
      await("one answer", () -> inspection().at("/status/nodes").size() == 1);
      assertThat(inspection().at("/status/phase").asText()).isEqualTo("Running");
      assertThat(inspection().at("/status/waitingFor/0").asText()).isEqualTo("n2");
      two.client.tell(answer(List.of("missing rule")));
      await("both", () -> inspection().at("/status/phase").asText().equals("Complete"));
      JsonNode status = inspection().path("status");
      assertThat(status.at("/nodes/0/verified").asBoolean()).isTrue();
      assertThat(status.at("/nodes/1/verified").asBoolean()).isFalse();
      assertThat(status.at("/nodes/1/differences/0").asText()).isEqualTo("missing rule");
      assertThat(status.at("/nodes/0/counters/0/packets").asLong()).isEqualTo(4);
      one.await("that nobody asks any more", table -> !table.items().containsKey(key));
      two.client.tell(answer(List.of()));
      Thread.sleep(200);
      assertThat(inspection().at("/status/nodes/1/verified").asBoolean()).isFalse();
    }
  }

  @Test
  void anInspectionOfOneNodeWaitsForThatAlone() throws InterruptedException {
    try (TestAgent one = agent("n1");
        TestAgent two = agent("n2")) {
      one.client.report(TestAgent.ready("192.0.2.1"));
      two.client.report(TestAgent.ready("192.0.2.2"));
      one.awaitConnected();
      two.awaitConnected();
      ask("{\"nodes\":[\"n2\"]}");
      ItemKey key = new ItemKey(ItemKey.Kind.INSPECTION, "", "i");
      two.await("the question", table -> table.items().containsKey(key));
      one.client.tell(answer(List.of()));
      two.client.tell(answer(List.of()));
      await("the answer", () -> inspection().at("/status/phase").asText().equals("Complete"));
      assertThat(inspection().at("/status/nodes").size()).isEqualTo(1);
      assertThat(inspection().at("/status/nodes/0/name").asText()).isEqualTo("n2");
    }
  }
}
