package io.ocicat.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class EventRecorderTest {

  private static final ObjectReference POD = ObjectReference.pod("shop", "web", "u1");

  /** Remembers what is sent, and forgets all Events when asked. */
  private static final class Events implements ApiServer {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<ObjectNode> bodies = new CopyOnWriteArrayList<>();
    volatile boolean forgotten;

    @Override
    public String location() {
      return "nowhere";
    }

    @Override
    public ObjectNode call(Verb verb, String path, Optional<ObjectNode> body) throws ApiException {
      calls.add(verb + " " + path);
      bodies.add(body.orElseThrow());
      if (verb == Verb.MERGE_PATCH && forgotten) {
        throw new ApiException("PATCH " + path, 404, "NotFound", "no such event");
      }
      return body.orElseThrow();
    }

    @Override
    public Stream stream(String path) {
      throw new IllegalStateException("nothing is watched");
    }

    @Override
    public void close() {}
  }

  private final Events server = new Events();
  private final AtomicLong nowNs = new AtomicLong();
  private final EventRecorder recorder =
      EventRecorder.start(
          server,
          new DocumentStamp(InstantSource.system(), new SplittableRandom(7)),
          "controller-x",
          nowNs::get);

  @AfterEach
  void close() {
    recorder.close();
  }

  private void pass(Duration time) {
    nowNs.addAndGet(time.toNanos());
  }

  private void awaitCalls(int count) throws InterruptedException {
    long endNs = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (server.calls.size() < count && System.nanoTime() < endNs) {
      Thread.sleep(5);
    }
    assertThat(server.calls).hasSize(count);
  }

  @Test
  void countsUpWhatComesAgain() throws InterruptedException {
    recorder.warn(POD, "NoAddress", "first");
    awaitCalls(1);
    recorder.warn(POD, "NoAddress", "at once");
    recorder.warn(POD, "Other", "another reason");
    awaitCalls(2);
    pass(EventRecorder.AGAIN);
    recorder.warn(POD, "NoAddress", "later");
    awaitCalls(3);
    String name = server.bodies.getFirst().at("/metadata/name").asText();
    assertThat(server.calls.get(2)).isEqualTo("MERGE_PATCH /api/v1/namespaces/shop/events/" + name);
    assertThat(server.bodies.get(2).path("count").asInt()).isEqualTo(3);
    assertThat(server.bodies.get(2).path("message").asText()).isEqualTo("later");
  }

  @Test
  void beginsAnewWhenTheServerHasForgotten() throws InterruptedException {
    recorder.warn(POD, "NoAddress", "first");
    awaitCalls(1);
    server.forgotten = true;
    pass(EventRecorder.AGAIN);
    recorder.warn(POD, "NoAddress", "later");
    awaitCalls(3);
    assertThat(server.calls.get(2)).isEqualTo("POST /api/v1/namespaces/shop/events");
    assertThat(server.bodies.get(2).path("count").asInt()).isEqualTo(1);
    pass(Duration.ofHours(1));
    recorder.warn(POD, "NoAddress", "much later");
    awaitCalls(4);
    assertThat(server.calls.get(3)).startsWith("POST");
  }

  @Test
  void saysNoMoreOfAnObjectThanABurst() throws InterruptedException {
    for (int i = 0; i < EventRecorder.BURST + 10; i++) {
      recorder.warn(POD, "Reason" + i, "m");
    }
    recorder.warn(ObjectReference.node("n1"), "NodeReason", "m");
    awaitCalls(EventRecorder.BURST + 1);
    assertThat(server.calls.getLast()).isEqualTo("POST /api/v1/namespaces/default/events");
    assertThat(server.bodies.getLast().at("/involvedObject/uid").asText()).isEqualTo("n1");
  }
}
