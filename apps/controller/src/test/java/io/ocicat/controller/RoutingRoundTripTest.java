package io.ocicat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.Kinds;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.memory.MemoryStore;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.NodeRouting;
import io.ocicat.sync.Notice;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.client.LocalTransport;
import io.ocicat.sync.client.TableStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents about BGP on their way to agents, and what agents answer on its way back. */
final class RoutingRoundTripTest {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final ResourceKey STATUS =
      ResourceKey.ofCluster(Kinds.CALICO_NODE_STATUS.name(), "s");
  private static final NodeRouting ANSWER =
      new NodeRouting(
          new NodeRouting.Speaker(Set.of(IpFamily.IPV4), "1.0", "192.0.2.1", 1_000, 2_000),
          List.of(
              new NodeRouting.Session(
                  "192.0.2.2",
                  IpFamily.IPV4,
                  NodeRouting.Origin.NODE_MESH,
                  "Established",
                  1_700_000_000_000L),
              new NodeRouting.Session(
                  "192.0.2.3", IpFamily.IPV4, NodeRouting.Origin.NODE_PEER, "Active", 0)),
          List.of(
              new NodeRouting.Route(
                  Cidr.parse("10.0.0.64/26"),
                  true,
                  "192.0.2.2",
                  "eth0",
                  NodeRouting.Source.NODE_MESH,
                  "192.0.2.2"),
              new NodeRouting.Route(
                  Cidr.parse("2001:db8::/64"), false, "", "", NodeRouting.Source.DIRECT, "")),
          2);

  private final MemoryStore store = new MemoryStore();
  private final ControllerLoop loop = start();

  private ControllerLoop start() {
    DocumentStamp stamp = new DocumentStamp(InstantSource.system(), new SplittableRandom(7));
    return ControllerLoop.start(store, stamp, ClusterSide.alone(store, stamp), "first");
  }

  @AfterEach
  void stop() {
    loop.close();
    store.close();
  }

  private TestAgent agent(String node) {
    return new TestAgent(node, new LocalTransport(loop, node), TableStore.NONE);
  }

  private void putStatus(String classes) {
    Documents.put(
        store,
        STATUS,
        Documents.json(
            """
            {"apiVersion":"projectcalico.org/v3","kind":"CalicoNodeStatus",
             "metadata":{"name":"s","uid":"u"},
             "spec":{"node":"n1","classes":[%s],"updatePeriodSeconds":10}}"""
                .formatted(classes)));
  }

  private JsonNode status() {
    return store.get(STATUS).orElseThrow().tree().path("status");
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(5);
    }
  }

  private static boolean isAsked(TestAgent agent) {
    return agent.table.items().containsKey(new ItemKey(ItemKey.Kind.STATUS_REQUEST, "", "s"));
  }

  @Test
  void theAnswerOfANodeIsWrittenAsCalicoWritesIt() throws InterruptedException {
    putStatus("\"Agent\",\"BGP\",\"Routes\"");
    try (TestAgent agent = agent("n1")) {
      agent.await("the question", _ -> isAsked(agent));
      agent.client.tell(new Notice.Routed("s", "u", ANSWER));
      await("the status", () -> !status().isMissingNode());
    }
    assertThat(status().path("lastUpdated").asText()).isNotEmpty();
    assertThat(status().at("/agent/birdV4"))
        .isEqualTo(
            Documents.json(
                """
                {"state":"Ready","version":"1.0","routerID":"192.0.2.1",
                 "lastBootTime":"1970-01-01T00:00:01Z",
                 "lastReconfigurationTime":"1970-01-01T00:00:02Z"}"""));
    assertThat(status().at("/agent/birdV6")).isEqualTo(Documents.json("{\"state\":\"NotReady\"}"));
    assertThat(status().at("/bgp").toString())
        .isEqualTo(
            Documents.json(
                    """
                    {"numberEstablishedV4":1,"numberNotEstablishedV4":1,
                     "peersV4":[
                       {"peerIP":"192.0.2.2","type":"NodeMesh","state":"Established",
                        "since":"2023-11-14T22:13:20Z"},
                       {"peerIP":"192.0.2.3","type":"NodePeer","state":"Active"}],
                     "numberEstablishedV6":0,"numberNotEstablishedV6":0,"peersV6":[]}""")
                .toString());
    assertThat(status().at("/routes"))
        .isEqualTo(
            Documents.json(
                """
                {"routesV4":[
                   {"type":"FIB","destination":"10.0.0.64/26","gateway":"192.0.2.2",
                    "interface":"eth0",
                    "learnedFrom":{"sourceType":"NodeMesh","peerIP":"192.0.2.2"}}],
                 "routesV6":[
                   {"type":"RIB","destination":"2001:db8::/64",
                    "learnedFrom":{"sourceType":"Direct"}}]}"""));
  }

  @Test
  void onlyWhatIsAskedForIsWrittenAndOnlyByTheNodeThatIsAsked() throws InterruptedException {
    putStatus("\"BGP\"");
    try (TestAgent agent = agent("n1");
        TestAgent other = agent("n2")) {
      other.awaitConnected();
      other.client.tell(new Notice.Routed("s", "u", NodeRouting.SILENT));
      agent.await("the question", _ -> isAsked(agent));
      agent.client.tell(new Notice.Routed("s", "of an earlier object", NodeRouting.SILENT));
      agent.client.tell(new Notice.Routed("s", "u", ANSWER));
      await("the status", () -> !status().isMissingNode());
      assertThat(isAsked(other)).isFalse();
    }
    assertThat(status().at("/bgp/numberEstablishedV4").asInt()).isEqualTo(1);
    assertThat(status().has("agent")).isFalse();
    assertThat(status().has("routes")).isFalse();
  }

  @Test
  void aPasswordReachesTheNodeOfItsSessionAndNoOther() {
    Documents.put(store, Documents.nodeKey("n1"), Documents.node("n1", "", "192.0.2.1"));
    Documents.put(store, Documents.nodeKey("n2"), Documents.node("n2", "", "192.0.2.2"));
    Documents.put(
        store,
        new ResourceKey(Kinds.SECRET.name(), ClusterSide.USUAL_NAMESPACE, "bgp"),
        Documents.json(
            "{\"metadata\":{\"name\":\"bgp\"},\"stringData\":{\"k\":\"hidden\",\"other\":\"x\"}}"));
    long revision =
        Documents.put(
            store,
            ResourceKey.ofCluster(Kinds.BGP_PEER.name(), "rack"),
            Documents.json(
                """
                {"metadata":{"name":"rack"},"spec":{"node":"n1","peerIP":"192.0.2.9",
                 "password":{"secretKeyRef":{"name":"bgp","key":"k"}}}}"""));
    try (TestAgent agent = agent("n1");
        TestAgent other = agent("n2")) {
      agent.awaitGeneration(revision);
      other.awaitGeneration(revision);
      SyncItem.Password password = new SyncItem.Password("bgp", "k", "hidden");
      assertThat(agent.table.items()).containsEntry(password.key(), password);
      assertThat(other.table.items().values()).noneMatch(SyncItem.Password.class::isInstance);
      assertThat(other.table.items()).containsKey(ItemKey.routing("BGPPeer", "rack"));
    }
  }
}
