package io.ocicat.controller.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.controller.Documents;
import io.ocicat.model.Kinds;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.StoredObject;
import io.ocicat.store.memory.MemoryStore;
import io.ocicat.sync.Notice;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RoutingEventsTest {

  private static final ResourceKey PEER = ResourceKey.ofCluster(Kinds.BGP_PEER.name(), "rack");

  private final BlockingQueue<ObjectNode> told = new LinkedBlockingQueue<>();
  private final MemoryStore store = new MemoryStore();
  private final DocumentStamp stamp =
      new DocumentStamp(InstantSource.system(), new SplittableRandom(7));
  private final EventSink sink =
      new EventSink() {
        @Override
        public Outcome create(ObjectNode event) {
          told.add(event);
          return Outcome.DONE;
        }

        @Override
        public Outcome patch(String namespace, String name, ObjectNode patch) {
          return Outcome.DONE;
        }
      };
  private final EventRecorder recorder =
      EventRecorder.start(sink, stamp, "controller-x", System::nanoTime);
  private final FlowEvents flows =
      FlowEvents.start(sink, stamp, new FlowEvents.Settings("controller-x", 10), System::nanoTime);
  private final EventNotices notices = new EventNotices(store, recorder, flows);

  @AfterEach
  void close() {
    recorder.close();
    flows.close();
    store.close();
  }

  private static Notice.Unfulfilled unmet(String object, String field, String text) {
    return new Notice.Unfulfilled(object, field, text);
  }

  private ObjectNode next() throws InterruptedException {
    ObjectNode event = told.poll(10, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no Event");
    }
    return event;
  }

  @Test
  void whatIsNotDoneOfAPeerIsAnEventOnIt() throws InterruptedException {
    Documents.put(
        store,
        PEER,
        Documents.json(
            """
            {"apiVersion":"projectcalico.org/v3","kind":"BGPPeer","metadata":{"name":"rack","uid":"u"}}"""));
    notices.unmet(
        "n1",
        List.of(
            unmet("BGPPeer/gone", "spec.peerIP", "x"),
            unmet("BGPPeer/rack", "spec.password", "waits"),
            unmet("BGPPeer/rack", "spec.filters[0]", "is not there"),
            unmet("BGPConfiguration", "spec.asNumber", "x"),
            unmet("Node/n2", "metadata.annotations[x]", "is no AS number")));
    ObjectNode onPeer = next();
    assertThat(onPeer.at("/involvedObject/name").asText()).isEqualTo("rack");
    assertThat(onPeer.at("/involvedObject/uid").asText()).isEqualTo("u");
    assertThat(onPeer.path("reason").asText()).isEqualTo("RoutingProblem");
    assertThat(onPeer.path("message").asText())
        .isEqualTo("spec.password waits; spec.filters[0] is not there (seen at node n1)");
    assertThat(next().at("/involvedObject/name").asText()).isEqualTo("n2");
    assertThat(told).isEmpty();
  }

  @Test
  void aDocumentThatCannotBeReadIsAnEventOnIt() throws InterruptedException {
    StoredObject object =
        new StoredObject(PEER, 1, 1, "{\"kind\":\"BGPPeer\",\"metadata\":{\"name\":\"rack\"}}");
    notices.misunderstood(object, List.of("is left out"));
    assertThat(next().path("reason").asText()).isEqualTo("RoutingProblem");
  }
}
