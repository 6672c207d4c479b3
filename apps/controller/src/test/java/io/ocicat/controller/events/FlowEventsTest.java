package io.ocicat.controller.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.AddressBook;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Kinds;
import io.ocicat.store.Selection;
import io.ocicat.sync.LoggedFlow;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PolicyRef;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class FlowEventsTest {

  private static final int A_SECOND = 10;
  private static final List<PolicyRef> POLICY =
      List.of(new PolicyRef("NetworkPolicy", "shop", "db"));

  private final DocumentStamp stamp =
      new DocumentStamp(InstantSource.system(), new SplittableRandom(7));
  private final AtomicLong nowNs = new AtomicLong(1_000_000_000);
  private final EventStore store = new EventStore(stamp, nowNs::get);
  private final AtomicLong writes = new AtomicLong();
  private final EventSink counting =
      new EventSink() {
        @Override
        public Outcome create(ObjectNode event) {
          Outcome outcome = store.create(event);
          writes.incrementAndGet();
          return outcome;
        }

        @Override
        public Outcome patch(String namespace, String name, ObjectNode patch) {
          Outcome outcome = store.patch(namespace, name, patch);
          writes.incrementAndGet();
          return outcome;
        }
      };
  private final FlowEvents events =
      FlowEvents.start(counting, stamp, new FlowEvents.Settings("c", A_SECOND), nowNs::get);

  @AfterEach
  void close() {
    events.close();
    store.close();
  }

  private static LoggedFlow flow(int port, List<PolicyRef> policies, String rule) {
    return new LoggedFlow(
        new PodName("shop", "db-0"),
        "u1",
        IpAddress.parse("10.65.0.7"),
        6,
        port,
        new LoggedFlow.Decision("deny", "ingress", "default", policies, rule),
        2,
        1_700_000_000_000L);
  }

  private void tell(LoggedFlow flow) {
    events.tell(
        new FlowEvents.Told(
            "n1",
            flow,
            ObjectReference.pod("shop", "db-0", "u1"),
            Optional.of(new AddressBook.Owner.OfPod("shop", "web-1")),
            Optional.of(ObjectReference.pod("shop", "web-1", "u2"))));
  }

  private List<ObjectNode> told() {
    return store.store().snapshot(Selection.of(Kinds.EVENT.name())).objects().stream()
        .map(each -> each.tree())
        .toList();
  }

  private void awaitWrites(int count) throws InterruptedException {
    long endNs = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (writes.get() < count && System.nanoTime() < endNs) {
      Thread.sleep(5);
    }
    assertThat(writes.get()).isEqualTo(count);
  }

  @Test
  void tellsOfPodsPortDirectionPolicyAndRule() throws InterruptedException {
    tell(flow(5432, POLICY, ""));
    awaitWrites(1);
    ObjectNode event = told().getFirst();
    assertThat(event.path("message").asText())
        .isEqualTo(
            "ingress TCP from shop/web-1 (10.65.0.7) to port 5432 denied: no rule of NetworkPolicy shop/db allows it (end of tier default)");
    assertThat(event.path("reason").asText()).isEqualTo("PolicyDenied");
    assertThat(event.path("type").asText()).isEqualTo("Warning");
    assertThat(event.at("/involvedObject/name").asText()).isEqualTo("db-0");
    assertThat(event.at("/related/uid").asText()).isEqualTo("u2");
    assertThat(event.at("/metadata/annotations").path("ocicat.io/drop").asText())
        .contains("\"port\":5432", "\"packets\":2", "\"direction\":\"ingress\"");
    PolicyRef other = new PolicyRef("GlobalNetworkPolicy", "", "all");
    tell(flow(1, List.of(POLICY.getFirst(), other), ""));
    tell(flow(2, POLICY, "spec.ingress[1]"));
    awaitWrites(3);
    assertThat(told())
        .extracting(each -> each.path("message").asText())
        .anyMatch(
            text ->
                text.endsWith(
                    "no rule of NetworkPolicy shop/db, GlobalNetworkPolicy all allows it (end of tier default)"))
        .anyMatch(text -> text.endsWith("NetworkPolicy shop/db spec.ingress[1] (tier default)"));
  }

  @Test
  void countsUpOnceASecondWhatGoesOn() throws InterruptedException {
    tell(flow(80, POLICY, ""));
    awaitWrites(1);
    for (int i = 0; i < 100; i++) {
      tell(flow(80, POLICY, ""));
    }
    Thread.sleep(200);
    assertThat(writes.get()).isEqualTo(1);
    nowNs.addAndGet(FlowEvents.AGAIN.toNanos());
    awaitWrites(2);
    assertThat(told()).hasSize(1);
    assertThat(told().getFirst().path("count").asInt()).isEqualTo(202);
    nowNs.addAndGet(FlowEvents.FORGOTTEN.toNanos());
    tell(flow(80, POLICY, ""));
    awaitWrites(3);
    assertThat(told()).hasSize(2);
  }

  @Test
  void writesABoundedNumberASecondAndLeavesOutWhatIsTooMuch() throws InterruptedException {
    for (int port = 1; port <= 1000; port++) {
      tell(flow(port, POLICY, ""));
    }
    Thread.sleep(300);
    long first = writes.get();
    assertThat(first).isBetween((long) A_SECOND, 2L * A_SECOND + 1);
    nowNs.addAndGet(Duration.ofSeconds(1).toNanos());
    awaitWrites((int) first + A_SECOND);
    assertThat(events.lost()).isZero();
    for (int port = 1; port <= 3 * FlowEvents.MOST_SERIES; port++) {
      tell(flow(port, POLICY, "spec.ingress[0]"));
    }
    Thread.sleep(300);
    assertThat(events.lost()).isPositive();
  }

  @Test
  void keepsTheNewestThousandOfAnHour() {
    for (int i = 0; i < EventStore.MOST_EVENTS + 5; i++) {
      assertThat(store.create(ObjectReference.node("n1").event("e" + i)))
          .isEqualTo(EventSink.Outcome.DONE);
    }
    assertThat(told()).hasSize(EventStore.MOST_EVENTS);
    assertThat(told()).noneMatch(each -> each.at("/metadata/name").asText().equals("e4"));
    nowNs.addAndGet(EventStore.KEPT.toNanos());
    assertThat(store.create(ObjectReference.node("n1").event("last")))
        .isEqualTo(EventSink.Outcome.DONE);
    assertThat(told()).hasSize(1);
    assertThat(store.patch("default", "e7", told().getFirst()))
        .isEqualTo(EventSink.Outcome.NOT_FOUND);
  }
}
