package io.ocicat.controller.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
  private static final class Events implements EventSink {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<ObjectNode> bodies = new CopyOnWriteArrayList<>();
    volatile boolean forgotten;

    @Override
    public Outcome create(ObjectNode event) {
      bodies.add(event);
      calls.add("create " + event.at("/metadata/namespace").asText());
      return Outcome.DONE;
    }

    @Override
    public Outcome patch(String namespace, String name, ObjectNode patch) {
      bodies.add(patch);
      calls.add("patch " + namespace + "/" + name);
      return forgotten ? Outcome.NOT_FOUND : Outcome.DONE;
    }
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
    assertThat(server.calls.get(2)).isEqualTo("patch shop/" + name);
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
    assertThat(server.calls.get(2)).isEqualTo("create shop");
    assertThat(server.bodies.get(2).path("count").asInt()).isEqualTo(1);
    pass(Duration.ofHours(1));
    recorder.warn(POD, "NoAddress", "much later");
    awaitCalls(4);
    assertThat(server.calls.get(3)).startsWith("create");
  }

  @Test
  void saysNoMoreOfAnObjectThanABurst() throws InterruptedException {
    for (int i = 0; i < EventRecorder.BURST + 10; i++) {
      recorder.warn(POD, "Reason" + i, "m");
    }
    recorder.warn(ObjectReference.node("n1"), "NodeReason", "m");
    awaitCalls(EventRecorder.BURST + 1);
    assertThat(server.calls.getLast()).isEqualTo("create default");
    assertThat(server.bodies.getLast().at("/involvedObject/uid").asText()).isEqualTo("n1");
  }
}
