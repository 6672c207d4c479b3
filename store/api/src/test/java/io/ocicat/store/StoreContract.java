package io.ocicat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.KindName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store does. A test class per implementation extends this one. */
@Timeout(60)
public abstract class StoreContract {
  protected static final KindName PODS = new KindName("", "pods");
  protected static final KindName POOLS = new KindName("projectcalico.org", "ippools");
  private static final Duration SOON = Duration.ofSeconds(20);

  /** The store under test, new and empty. */
  protected Store store;

  /** The revision before the first write. */
  private long start;

  /** A new, empty store. */
  protected abstract Store open() throws Exception;

  /** The kind of {@link #pod}: namespaced, and before that of {@link #pool} in order. */
  protected KindName podKind() {
    return PODS;
  }

  /** The kind of {@link #pool}: of cluster scope. */
  protected KindName poolKind() {
    return POOLS;
  }

  /** What of a stored document is the writer's, in a store whose server adds to it. */
  protected ObjectNode asWritten(ObjectNode stored) {
    return stored;
  }

  /** Which revision a new store begins with; 0 unless the store promises another one. */
  protected void checkStart(long revision) {
    assertThat(revision).isZero();
  }

  /** How many writes are many; fewer for a store whose writes take long. */
  protected int manyWrites() {
    return 6000;
  }

  @BeforeEach
  void openStore() throws Exception {
    store = open();
    start = store.currentRevision();
  }

  /** The revision of so many writes after the start. */
  private long rev(long writes) {
    return start + writes;
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void countsRevisionsOfAllKindsOneByOne() {
    checkStart(store.currentRevision());
    assertThat(created(pod("a", "web"), "v", 1).revision()).isEqualTo(rev(1));
    assertThat(created(pool("default"), "v", 1).revision()).isEqualTo(rev(2));
    assertThat(updated(pod("a", "web"), "v", 2).revision()).isEqualTo(rev(3));
    assertThat(deleted(pool("default")).revision()).isEqualTo(rev(4));
    assertThat(store.currentRevision()).isEqualTo(rev(4));
  }

  @Test
  void givesBackWhatWasPut() {
    StoredObject created = created(pod("a", "web"), "text", "ä \"quoted\"\n\u0000");
    assertThat(store.get(pod("a", "web"))).contains(created);
    assertThat(asWritten(created.tree())).isEqualTo(document("text", "ä \"quoted\"\n\u0000"));
    assertThat(store.get(pod("b", "web"))).isEmpty();
    assertThat(store.get(new ResourceKey(poolKind(), "a", "web"))).isEmpty();
  }

  @Test
  void keepsACopyOfTheDocument() {
    ObjectNode document = document("v", "1");
    store.create(pod("a", "web"), document);
    document.put("v", "2");
    store.get(pod("a", "web")).orElseThrow().tree().put("v", "3");
    assertThat(asWritten(store.get(pod("a", "web")).orElseThrow().tree()))
        .isEqualTo(document("v", "1"));
  }

  @Test
  void refusesToCreateWhatIsThere() {
    StoredObject first = created(pod("a", "web"), "v", 1);
    assertThat(store.create(pod("a", "web"), document("v", "2")))
        .isEqualTo(new AlreadyExists(first));
    assertThat(store.currentRevision()).isEqualTo(rev(1));
  }

  @Test
  void updatesWhatTheWriterHasSeen() {
    StoredObject first = created(pod("a", "web"), "v", 1);
    UpdateResult result =
        store.update(pod("a", "web"), document("v", "2"), Expected.revision(first.revision()));
    StoredObject second = ((Written) result).object();
    assertThat(second.revision()).isEqualTo(rev(2));
    assertThat(second.createRevision()).isEqualTo(rev(1));
    assertThat(store.get(pod("a", "web"))).contains(second);
  }

  @Test
  void refusesAnUpdateOfAnotherRevision() {
    created(pod("a", "web"), "v", 1);
    StoredObject second = updated(pod("a", "web"), "v", 2);
    assertThat(store.update(pod("a", "web"), document("v", "3"), Expected.revision(rev(1))))
        .isEqualTo(new Conflict(second));
    assertThat(store.update(pod("a", "web"), document("v", "3"), Expected.revision(rev(99))))
        .isEqualTo(new Conflict(second));
    assertThat(store.get(pod("a", "web"))).contains(second);
  }

  @Test
  void writesNothingWhenNothingChanges() {
    StoredObject first = created(pod("a", "web"), "v", 1);
    assertThat(store.update(pod("a", "web"), document("v", "1"), Expected.any()))
        .isEqualTo(new Written(first));
    assertThat(store.currentRevision()).isEqualTo(rev(1));
  }

  @Test
  void doesNotUpdateOrDeleteWhatIsNotThere() {
    NotFound notFound = new NotFound(pod("a", "web"));
    assertThat(store.update(pod("a", "web"), document("v", "1"), Expected.any()))
        .isEqualTo(notFound);
    assertThat(store.delete(pod("a", "web"), Expected.any())).isEqualTo(notFound);
    assertThat(store.delete(pod("a", "web"), Expected.revision(rev(1)))).isEqualTo(notFound);
    assertThat(store.currentRevision()).isEqualTo(rev(0));
  }

  @Test
  void tellsTheLastStateOfWhatItDeletes() {
    StoredObject first = created(pod("a", "web"), "v", 1);
    assertThat(store.delete(pod("a", "web"), Expected.revision(rev(7))))
        .isEqualTo(new Conflict(first));
    assertThat(store.delete(pod("a", "web"), Expected.revision(rev(1))))
        .isEqualTo(new Written(new StoredObject(first.key(), rev(2), rev(1), first.json())));
    assertThat(store.get(pod("a", "web"))).isEmpty();
  }

  @Test
  void givesARecreatedObjectAHistoryOfItsOwn() {
    created(pod("a", "web"), "v", 1);
    deleted(pod("a", "web"));
    StoredObject again = created(pod("a", "web"), "v", 1);
    assertThat(again.createRevision()).isEqualTo(rev(3));
    assertThat(store.update(pod("a", "web"), document("v", "2"), Expected.revision(rev(1))))
        .isEqualTo(new Conflict(again));
  }

  @Test
  void listsInTheOrderOfKeys() {
    created(pool("b"), "v", 1);
    created(pod("b", "a"), "v", 1);
    created(pod("a", "z"), "v", 1);
    created(pod("a", "b"), "v", 1);
    created(pool("a"), "v", 1);
    assertThat(keys(Selection.all()))
        .containsExactly(pod("a", "b"), pod("a", "z"), pod("b", "a"), pool("a"), pool("b"));
    assertThat(keys(Selection.of(podKind())))
        .containsExactly(pod("a", "b"), pod("a", "z"), pod("b", "a"));
    assertThat(keys(Selection.of(podKind()).in("a"))).containsExactly(pod("a", "b"), pod("a", "z"));
    assertThat(keys(Selection.of(poolKind(), podKind()))).hasSize(5).isSorted();
    assertThat(keys(Selection.of(new KindName("", "nodes")))).isEmpty();
    assertThat(store.snapshot(Selection.all()).revision()).isEqualTo(rev(5));
  }

  @Test
  void pagesShowOneStateHoweverItChangesMeanwhile() {
    List<StoredObject> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(created(pod("a", "pod-" + i), "v", 1));
    }
    ListRequest request = ListRequest.firstPage(Selection.of(podKind()), 3);
    ListResult.Page page = page(request);
    assertThat(page.remaining()).isEqualTo(7);
    updated(pod("a", "pod-5"), "v", 2);
    deleted(pod("a", "pod-8"));
    created(pod("a", "pod-55"), "v", 1);
    deleted(pod("a", "pod-9"));
    created(pod("a", "pod-9"), "v", 3);
    List<StoredObject> seen = new ArrayList<>(page.objects());
    while (!page.isLast()) {
      page = page(request.next(page.continueToken()));
      assertThat(page.revision()).isEqualTo(rev(10));
      seen.addAll(page.objects());
      assertThat(page.remaining()).isEqualTo(10 - seen.size());
    }
    assertThat(seen).isEqualTo(all);
  }

  @Test
  void hasNoNextPageWhenTheLimitFitsExactly() {
    created(pod("a", "one"), "v", 1);
    created(pod("a", "two"), "v", 1);
    assertThat(page(ListRequest.firstPage(Selection.of(podKind()), 2)).isLast()).isTrue();
    assertThat(page(ListRequest.firstPage(Selection.of(podKind()), 1)).isLast()).isFalse();
  }

  @Test
  void pagingExpiresWhenItsStateIsCompacted() {
    created(pod("a", "one"), "v", 1);
    created(pod("a", "two"), "v", 1);
    ListRequest request = ListRequest.firstPage(Selection.all(), 1);
    String token = page(request).continueToken();
    updated(pod("a", "two"), "v", 2);
    store.compact(rev(2));
    assertThat(page(request.next(token)).objects().getFirst().revision()).isEqualTo(rev(2));
    updated(pod("a", "two"), "v", 3);
    store.compact(rev(3));
    assertThat(store.list(request.next(token))).isEqualTo(new ListResult.Expired(rev(3)));
  }

  @Test
  void refusesTokensThatAreNotItsOwn() {
    created(pod("a", "one"), "v", 1);
    ListRequest request = ListRequest.firstPage(Selection.all(), 1);
    String future = new ContinueToken(rev(99), pod("a", "one"), 1).text();
    for (String token : List.of("x", "%%%", "AAAA", future)) {
      assertThat(store.list(request.next(token))).isInstanceOf(ListResult.BadToken.class);
    }
  }

  @Test
  void watchTellsWhatHappenedSinceAndWhatHappensNow() throws Exception {
    StoredObject first = created(pod("a", "web"), "v", 1);
    StoredObject second = updated(pod("a", "web"), "v", 2);
    try (Watch watch = store.watch(Selection.all(), rev(0))) {
      assertThat(take(watch, 2))
          .containsExactly(new WatchEvent.Added(first), new WatchEvent.Modified(second, first));
      StoredObject last = deleted(pod("a", "web"));
      assertThat(take(watch, 1)).containsExactly(new WatchEvent.Deleted(last));
      assertThat(last.json()).isEqualTo(second.json());
    }
    try (Watch watch = store.watch(Selection.all(), rev(1))) {
      assertThat(take(watch, 2).getFirst()).isEqualTo(new WatchEvent.Modified(second, first));
    }
  }

  @Test
  void watchTellsOnlyWhatItSelectsButHowFarItHasCome() throws Exception {
    try (Watch watch = store.watch(Selection.of(podKind()).in("a"), rev(0))) {
      created(pod("b", "web"), "v", 1);
      created(pool("web"), "v", 1);
      assertThat(watch.next(Duration.ofMillis(10)))
          .isEqualTo(new WatchResult.Events(List.of(), rev(2)));
      StoredObject wanted = created(pod("a", "web"), "v", 1);
      assertThat(watch.next(SOON))
          .isEqualTo(new WatchResult.Events(List.of(new WatchEvent.Added(wanted)), rev(3)));
      created(pool("other"), "v", 1);
      assertThat(watch.next(Duration.ZERO)).isEqualTo(new WatchResult.Events(List.of(), rev(4)));
    }
  }

  @Test
  void watchWaitsForTheNextWrite() throws Exception {
    try (Watch watch = store.watch(Selection.all(), rev(0));
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<WatchResult> result = executor.submit(() -> watch.next(SOON));
      Thread.sleep(50);
      StoredObject created = created(pod("a", "web"), "v", 1);
      assertThat(result.get())
          .isEqualTo(new WatchResult.Events(List.of(new WatchEvent.Added(created)), rev(1)));
    }
  }

  @Test
  void watchOfCompactedHistoryMustBeginAgain() throws Exception {
    created(pod("a", "web"), "v", 1);
    updated(pod("a", "web"), "v", 2);
    updated(pod("a", "web"), "v", 3);
    store.compact(rev(2));
    assertThat(store.compactedRevision()).isEqualTo(rev(2));
    try (Watch watch = store.watch(Selection.all(), rev(1))) {
      assertThat(watch.next(SOON)).isEqualTo(new WatchResult.Compacted(rev(2)));
    }
    try (Watch watch = store.watch(Selection.all(), rev(2))) {
      assertThat(take(watch, 1).getFirst().revision()).isEqualTo(rev(3));
    }
  }

  @Test
  void watchFromARevisionThatNeverWasMustBeginAgain() throws Exception {
    created(pod("a", "web"), "v", 1);
    try (Watch watch = store.watch(Selection.all(), rev(2))) {
      assertThat(watch.next(SOON)).isEqualTo(new WatchResult.Compacted(rev(0)));
    }
  }

  @Test
  void compactionKeepsCurrentStateAndPreviousStatesOfLaterEvents() throws Exception {
    created(pod("a", "gone"), "v", 1);
    StoredObject kept = created(pod("a", "kept"), "v", 1);
    deleted(pod("a", "gone"));
    store.compact(Long.MAX_VALUE);
    assertThat(store.compactedRevision()).isEqualTo(rev(3));
    assertThat(store.currentRevision()).isEqualTo(rev(3));
    assertThat(keys(Selection.all())).containsExactly(pod("a", "kept"));
    StoredObject next = updated(pod("a", "kept"), "v", 2);
    assertThat(next.revision()).isEqualTo(rev(4));
    try (Watch watch = store.watch(Selection.all(), rev(3))) {
      assertThat(take(watch, 1)).containsExactly(new WatchEvent.Modified(next, kept));
    }
    store.compact(rev(1));
    assertThat(store.compactedRevision()).isEqualTo(rev(3));
  }

  @Test
  void closingEndsAWaitingWatch() throws Exception {
    Watch watch = store.watch(Selection.all(), rev(0));
    Watch other = store.watch(Selection.all(), rev(0));
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<WatchResult> ended = executor.submit(() -> watch.next(SOON));
      Future<WatchResult> orphaned = executor.submit(() -> other.next(SOON));
      Thread.sleep(50);
      watch.close();
      assertThat(ended.get()).isEqualTo(new WatchResult.Closed());
      store.close();
      assertThat(orphaned.get()).isEqualTo(new WatchResult.Closed());
    }
    store.close();
    assertThatThrownBy(() -> store.get(pod("a", "web"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.create(pod("a", "web"), document("v", "1")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.watch(Selection.all(), rev(0)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSlowWatchMissesNothing() throws Exception {
    int writes = manyWrites();
    try (Watch watch = store.watch(Selection.of(podKind()), rev(0))) {
      assertThat(watch.next(Duration.ZERO)).isEqualTo(new WatchResult.Events(List.of(), rev(0)));
      created(pod("a", "web"), "v", 1);
      assertThat(take(watch, 1)).hasSize(1);
      concurrently(
          8,
          () -> {
            for (int i = 0; i < writes / 8; i++) {
              created(pod("a", Thread.currentThread().threadId() + "-" + i), "v", 1);
            }
            return true;
          });
      List<WatchEvent> events = take(watch, writes);
      for (int i = 0; i < writes; i++) {
        assertThat(events.get(i).revision()).isEqualTo(rev(i + 2L));
      }
    }
  }

  @Test
  void compareAndSwapLosesNoUpdate() throws Exception {
    ResourceKey key = pod("a", "counter");
    created(key, "v", 0);
    concurrently(
        8,
        () -> {
          for (int i = 0; i < 50; i++) {
            increment(key);
          }
          return true;
        });
    assertThat(store.get(key).orElseThrow().tree().path("v").asInt()).isEqualTo(400);
    assertThat(store.currentRevision()).isEqualTo(rev(401));
  }

  @Test
  void everyWatchSeesEveryWriteInOrderWhileOthersWrite() throws Exception {
    int writes = 400;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<WatchEvent>>> readers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        readers.add(
            executor.submit(
                () -> {
                  try (Watch watch = store.watch(Selection.all(), rev(0))) {
                    return take(watch, writes);
                  }
                }));
      }
      concurrently(
          4,
          () -> {
            for (int i = 0; i < writes / 4; i++) {
              created(pod("a", Thread.currentThread().threadId() + "-" + i), "v", 1);
            }
            return true;
          });
      for (Future<List<WatchEvent>> reader : readers) {
        List<Long> revisions = reader.get().stream().map(WatchEvent::revision).toList();
        assertThat(revisions).hasSize(writes).isSorted().doesNotHaveDuplicates();
      }
    }
  }

  private void increment(ResourceKey key) {
    while (true) {
      StoredObject current = store.get(key).orElseThrow();
      ObjectNode next = current.tree();
      next.put("v", Integer.toString(next.path("v").asInt() + 1));
      if (store.update(key, next, Expected.revision(current.revision())) instanceof Written) {
        return;
      }
    }
  }

  private static void concurrently(int threads, Callable<Boolean> work) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Boolean>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(executor.submit(work));
      }
      for (Future<Boolean> each : running) {
        assertThat(each.get()).isTrue();
      }
    }
  }

  /** The next so many events, waiting for them. */
  protected static List<WatchEvent> take(Watch watch, int count) throws InterruptedException {
    List<WatchEvent> events = new ArrayList<>();
    while (events.size() < count) {
      WatchResult result = watch.next(SOON);
      if (!(result instanceof WatchResult.Events(List<WatchEvent> more, long completeTo))
          || more.isEmpty()) {
        throw new AssertionError(
            "%s after %d of %d events".formatted(result, events.size(), count));
      }
      assertThat(completeTo).isGreaterThanOrEqualTo(more.getLast().revision());
      events.addAll(more);
    }
    assertThat(events).hasSize(count);
    return events;
  }

  private ListResult.Page page(ListRequest request) {
    ListResult result = store.list(request);
    assertThat(result).isInstanceOf(ListResult.Page.class);
    return (ListResult.Page) result;
  }

  private List<ResourceKey> keys(Selection selection) {
    return store.snapshot(selection).objects().stream().map(StoredObject::key).toList();
  }

  protected StoredObject created(ResourceKey key, String field, Object value) {
    return written(store.create(key, document(field, value.toString())));
  }

  protected StoredObject updated(ResourceKey key, String field, Object value) {
    return written(store.update(key, document(field, value.toString()), Expected.any()));
  }

  protected StoredObject deleted(ResourceKey key) {
    return written(store.delete(key, Expected.any()));
  }

  private static StoredObject written(Object result) {
    assertThat(result).isInstanceOf(Written.class);
    return ((Written) result).object();
  }

  protected ResourceKey pod(String namespace, String name) {
    return new ResourceKey(podKind(), namespace, name);
  }

  protected ResourceKey pool(String name) {
    return ResourceKey.ofCluster(poolKind(), name);
  }

  protected static ObjectNode document(String field, String value) {
    return JsonNodeFactory.instance.objectNode().put(field, value);
  }
}
