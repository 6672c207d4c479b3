package io.ocicat.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.KindName;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What must hold in every store after any sequence of writes. A test class per implementation
 * extends this one.
 */
@Timeout(120)
public abstract class StoreHistoryContract {
  private static final KindName THINGS = new KindName("", "things");

  /** A step of a generated history. */
  private sealed interface Step {
    record Create(int name, int value) implements Step {}

    record Update(int name, int value) implements Step {}

    record Delete(int name) implements Step {}

    record Compact(int back) implements Step {}
  }

  private static final Gen<Integer> NAMES = Gen.ints(0, 4);
  private static final Gen<Integer> VALUES = Gen.ints(0, 2);

  private static final Gen<Step> STEPS =
      Gen.oneOf(
          NAMES.flatMap(name -> VALUES.map(value -> new Step.Create(name, value))),
          NAMES.flatMap(name -> VALUES.map(value -> new Step.Update(name, value))),
          NAMES.map(Step.Delete::new),
          Gen.ints(0, 6).map(Step.Compact::new));

  /** A new, empty store. */
  protected abstract Store open() throws Exception;

  /** How many histories to try; fewer for a store that takes long to open. */
  protected abstract int cases();

  /** A namespaced kind that the store has. */
  protected KindName kind() {
    return THINGS;
  }

  @Test
  void eventsSinceAnyRevisionLeadFromItsStateToTheCurrentOne() {
    Property.cases(cases())
        .check(
            STEPS.list(0, 40),
            steps -> {
              try (Store store = open()) {
                long start = store.currentRevision();
                List<Map<ResourceKey, StoredObject>> states = run(store, steps);
                for (long from = store.compactedRevision(); from < start + states.size(); from++) {
                  Map<ResourceKey, StoredObject> state =
                      new TreeMap<>(states.get((int) (from - start)));
                  replay(store, from, state);
                  assertThat(state).as("from revision %d", from).isEqualTo(states.getLast());
                }
              }
            });
  }

  @Test
  void pagesShowTheStateOfTheirRevision() {
    Property.cases(cases())
        .check(
            STEPS.list(0, 40),
            steps -> {
              try (Store store = open()) {
                long start = store.currentRevision();
                List<Map<ResourceKey, StoredObject>> states = run(store, steps);
                ResourceKey first = key(0);
                for (long at = store.compactedRevision(); at < start + states.size(); at++) {
                  List<StoredObject> rest =
                      states.get((int) (at - start)).values().stream()
                          .filter(object -> object.key().compareTo(first) > 0)
                          .toList();
                  String token = new ContinueToken(at, first, rest.size()).text();
                  ListResult result =
                      store.list(ListRequest.firstPage(Selection.of(kind()), 100).next(token));
                  assertThat(result).isEqualTo(new ListResult.Page(rest, at, "", 0));
                }
              }
            });
  }

  /** Runs the steps and tells the state at every revision, that before the first write first. */
  private List<Map<ResourceKey, StoredObject>> run(Store store, List<Step> steps) {
    long start = store.currentRevision();
    List<Map<ResourceKey, StoredObject>> states = new ArrayList<>();
    states.add(Map.of());
    for (Step step : steps) {
      switch (step) {
        case Step.Create(int name, int value) -> {
          CreateResult _ = store.create(key(name), document(value));
        }
        case Step.Update(int name, int value) -> {
          UpdateResult _ = store.update(key(name), document(value), Expected.any());
        }
        case Step.Delete(int name) -> {
          DeleteResult _ = store.delete(key(name), Expected.any());
        }
        case Step.Compact(int back) -> store.compact(store.currentRevision() - back);
      }
      Snapshot snapshot = store.snapshot(Selection.all());
      if (snapshot.revision() == start + states.size()) {
        Map<ResourceKey, StoredObject> state = new TreeMap<>();
        snapshot.objects().forEach(object -> state.put(object.key(), object));
        states.add(state);
      }
      assertThat(snapshot.revision()).isEqualTo(start + states.size() - 1L);
    }
    return states;
  }

  private static void replay(Store store, long from, Map<ResourceKey, StoredObject> state)
      throws InterruptedException {
    long completeTo = from;
    try (Watch watch = store.watch(Selection.all(), from)) {
      while (completeTo < store.currentRevision()) {
        WatchResult result = watch.next(Duration.ofSeconds(10));
        assertThat(result).isInstanceOf(WatchResult.Events.class);
        WatchResult.Events events = (WatchResult.Events) result;
        completeTo = events.completeTo();
        events.events().forEach(event -> apply(event, state));
      }
    }
  }

  private static void apply(WatchEvent event, Map<ResourceKey, StoredObject> state) {
    switch (event) {
      case WatchEvent.Added(StoredObject object) ->
          assertThat(state.put(object.key(), object)).isNull();
      case WatchEvent.Modified(StoredObject object, StoredObject previous) ->
          assertThat(state.put(object.key(), object)).isEqualTo(previous);
      case WatchEvent.Deleted(StoredObject object) -> {
        StoredObject last = Objects.requireNonNull(state.remove(object.key()));
        assertThat(object)
            .isEqualTo(
                new StoredObject(
                    last.key(), object.revision(), last.createRevision(), last.json()));
      }
    }
  }

  private ResourceKey key(int name) {
    return new ResourceKey(kind(), "ns", "thing-" + name);
  }

  private static ObjectNode document(int value) {
    return JsonNodeFactory.instance.objectNode().put("value", value);
  }
}
