package io.ocicat.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.model.KindName;
import io.ocicat.store.ContinueToken;
import io.ocicat.store.ListRequest;
import io.ocicat.store.ListResult;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MirrorTest {
  private static final KindName KIND = new KindName("", "things");
  private static final long START = 5_000;

  private final Mirror mirror = new Mirror(START, 4);

  @Test
  void aLateAnswerDoesNotBringBackWhatIsGone() {
    mirror.enter(state("a", "uid-1", 1));
    mirror.leave(key("a"), "uid-1");
    StoredObject answered = mirror.enter(state("a", "uid-1", 1)).orElseThrow();
    assertThat(answered.revision()).isEqualTo(START + 1);
    assertThat(mirror.held(key("a"))).isEmpty();
    assertThat(mirror.enter(state("a", "uid-1", 2))).isEmpty();
    assertThat(mirror.held(key("a"))).isEmpty();
  }

  @Test
  void aNewObjectUnderTheSameKeyIsADeletionAndAnAddition() throws Exception {
    mirror.enter(state("a", "uid-1", 1));
    mirror.enter(state("a", "uid-2", 5));
    assertThat(events(START + 1))
        .satisfiesExactly(
            first -> assertThat(first).isInstanceOf(WatchEvent.Deleted.class),
            second -> assertThat(second).isInstanceOf(WatchEvent.Added.class));
    mirror.leave(key("a"), "uid-1");
    assertThat(mirror.held(key("a")).orElseThrow().uid()).isEqualTo("uid-2");
  }

  @Test
  void newsOfAnEarlierObjectUnderTheSameKeyComeTooLate() {
    mirror.enter(state("a", "uid-2", 5));
    mirror.enter(state("a", "uid-1", 1));
    assertThat(mirror.held(key("a")).orElseThrow().uid()).isEqualTo("uid-2");
    assertThat(mirror.currentRevision()).isEqualTo(START + 1);
  }

  @Test
  void whatChangesNothingThatIsKeptIsNoEvent() {
    mirror.enter(state("a", "uid-1", 1));
    mirror.enter(new ServerObject(key("a"), "uid-1", 9, state("a", "uid-1", 1).json()));
    assertThat(mirror.currentRevision()).isEqualTo(START + 1);
    assertThat(mirror.held(key("a")).orElseThrow().version()).isEqualTo(9);
  }

  @Test
  void aReaderThatIsTooFarBehindMustBeginAgain() throws Exception {
    for (int i = 1; i <= 6; i++) {
      mirror.enter(state("a", "uid-1", i));
    }
    assertThat(mirror.compactedRevision()).isEqualTo(START + 2);
    try (Watch watch = mirror.watch(Selection.all(), START + 1)) {
      assertThat(watch.next(Duration.ZERO)).isEqualTo(new WatchResult.Compacted(START + 2));
    }
    assertThat(events(START + 2)).hasSize(4);
    String token = new ContinueToken(START + 1, key("0"), 1).text();
    assertThat(mirror.list(ListRequest.all(Selection.all()).next(token)))
        .isEqualTo(new ListResult.Expired(START + 2));
  }

  @Test
  void aReaderOfAnEarlierStoreMustBeginAgain() throws Exception {
    try (Watch watch = mirror.watch(Selection.all(), START - 100)) {
      assertThat(watch.next(Duration.ZERO)).isEqualTo(new WatchResult.Compacted(START));
    }
  }

  @Test
  void aListOfOneKindLeavesOthersAlone() {
    ResourceKey other = new ResourceKey(new KindName("", "thingsandmore"), "ns", "a");
    mirror.enter(new ServerObject(other, "uid-9", 1, "{}"));
    mirror.enter(state("a", "uid-1", 1));
    mirror.replace(KIND, List.of(), 10);
    assertThat(mirror.held(key("a"))).isEmpty();
    assertThat(mirror.held(other)).isPresent();
  }

  private List<WatchEvent> events(long from) throws InterruptedException {
    try (Watch watch = mirror.watch(Selection.all(), from)) {
      return ((WatchResult.Events) watch.next(Duration.ZERO)).events();
    }
  }

  private static ServerObject state(String name, String uid, long version) {
    return new ServerObject(key(name), uid, version, "{\"v\":" + version + "}");
  }

  private static ResourceKey key(String name) {
    return new ResourceKey(KIND, "ns", name);
  }
}
