package io.ocicat.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.agent.FakeController;
import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.cni.AttachmentKey;
import io.ocicat.cni.CniErrorCode;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.SyncItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PodSearchTest {

  private static final PodName WEB = new PodName("shop", "web-0");

  private final Map<PodName, SyncItem.LocalPod> table = new ConcurrentHashMap<>();
  private final FakeController controller = new FakeController();

  private PodSearch search(boolean podObjects, Duration patience) {
    return new PodSearch(
        name -> Optional.ofNullable(table.get(name)), () -> podObjects, controller, patience);
  }

  private static SyncItem.LocalPod pod(String uid) {
    return new SyncItem.LocalPod("shop", "web-0", uid, Map.of("uid", uid), "", Map.of(), List.of());
  }

  private static EndpointRecord endpoint(String pod, String uid) {
    return new EndpointRecord(
        new AttachmentKey("c1", "eth0"),
        "net",
        "shop",
        pod,
        uid,
        "",
        List.of(),
        Map.of(),
        EndpointRecord.Stage.ADDING);
  }

  @Test
  void asksNobodyForAPodOfTheTable() {
    table.put(WEB, pod("u1"));
    PodSearch search = search(true, Duration.ZERO);
    assertThat(search.isNeeded(endpoint("web-0", "u1"))).isFalse();
    assertThat(search.isNeeded(endpoint("web-0", ""))).isFalse();
    assertThat(search.isNeeded(endpoint("", ""))).as("a container that is no pod").isFalse();
    assertThat(search.isNeeded(endpoint("web-0", "u2"))).as("a later pod").isTrue();
  }

  @Test
  void takesThePodThatTheControllerHasOverAnEarlierOneOfTheTable() {
    table.put(WEB, pod("u1"));
    controller.podAnswers.add(new PodAnswer.Found(pod("u2"), Map.of()));
    assertThat(search(true, Duration.ZERO).find(endpoint("web-0", "u2")))
        .containsExactly(pod("u2"));
    assertThat(controller.podQuestions).containsExactly("shop/web-0 u2");
  }

  @Test
  void asksAgainUntilThePodIsKnown() {
    controller.podAnswers.add(new PodAnswer.Unavailable("it is asleep"));
    controller.podAnswers.add(new PodAnswer.NotFound(Map.of()));
    controller.podAnswers.add(new PodAnswer.Found(pod("u1"), Map.of()));
    controller.podAnswers.add(new PodAnswer.Found(pod("u2"), Map.of()));
    assertThat(search(true, Duration.ofSeconds(20)).find(endpoint("web-0", "u2")))
        .containsExactly(pod("u2"));
  }

  @Test
  void refusesAPodThatMustHaveAnObjectAndSaysWhatToDo() {
    PodSearch search = search(true, Duration.ofMillis(1));
    assertThatThrownBy(() -> search.find(endpoint("web-0", "u2")))
        .isInstanceOfSatisfying(
            CniRefusal.class,
            refusal -> assertThat(refusal.error().code()).isEqualTo(CniErrorCode.TRY_LATER))
        .hasMessageContaining("shop/web-0 with uid u2")
        .hasMessageContaining("the controller knows no such pod on this node")
        .hasMessageContaining("try again");
  }

  @Test
  void doesWithoutAnObjectWherePodsNeedNone() {
    PodSearch search = search(false, Duration.ofSeconds(20));
    assertThat(search.isNeeded(endpoint("web-0", ""))).isTrue();
    assertThat(search.find(endpoint("web-0", ""))).isEmpty();
    controller.connected = false;
    assertThat(search.isNeeded(endpoint("web-0", ""))).isFalse();
  }
}
