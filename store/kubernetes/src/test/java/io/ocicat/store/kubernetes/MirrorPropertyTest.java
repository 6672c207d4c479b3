package io.ocicat.store.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.model.KindName;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * However the answers to writes, the watch's echoes and lists come in between each other, the
 * mirror ends where the server is, and its events lead there.
 */
class MirrorPropertyTest {
  private static final KindName KIND = new KindName("", "things");

  /**
   * A write at the server, and when the mirror learns of it.
   *
   * @param change whether an object that is there is changed, and not deleted
   * @param answer so many steps later the writer's answer arrives; 0 if somebody else wrote
   * @param echo at least so many steps later the watch tells of it
   */
  private record Step(int name, boolean change, int answer, int echo) {}

  private static final Gen<Step> STEPS =
      Gen.ints(0, 2)
          .flatMap(
              name ->
                  Gen.booleans()
                      .flatMap(
                          change ->
                              Gen.ints(0, 6)
                                  .flatMap(
                                      answer ->
                                          Gen.ints(0, 6)
                                              .map(echo -> new Step(name, change, answer, echo)))));

  /** Something the mirror is told, and when. */
  private record Delivery(int time, Runnable telling) {}

  @Test
  void endsWhereTheServerIs() {
    Property.cases(1500)
        .check(
            STEPS.list(0, 25),
            steps -> {
              Mirror mirror = new Mirror(0, 10_000);
              Map<ResourceKey, ServerObject> server = run(mirror, steps);
              Map<ResourceKey, String> expected = new TreeMap<>();
              server.forEach((key, object) -> expected.put(key, object.json()));
              Map<ResourceKey, String> actual = new TreeMap<>();
              for (ResourceKey key : keys()) {
                mirror.held(key).ifPresent(held -> actual.put(key, held.object().json()));
              }
              assertThat(actual).isEqualTo(expected);
              assertThat(replayed(mirror)).isEqualTo(expected);
            });
  }

  /** Plays the steps at the server and tells the mirror; returns the server's final state. */
  private static Map<ResourceKey, ServerObject> run(Mirror mirror, List<Step> steps) {
    Map<ResourceKey, ServerObject> server = new TreeMap<>();
    List<Delivery> deliveries = new ArrayList<>();
    int echoed = 0;
    for (int time = 0; time < steps.size(); time++) {
      Step step = steps.get(time);
      ResourceKey key = key(step.name());
      ServerObject before = server.get(key);
      long version = time + 1L;
      Runnable telling;
      if (before != null && !step.change()) {
        server.remove(key);
        telling = () -> mirror.leave(key, before.uid());
      } else {
        String uid = before == null ? "uid-" + time : before.uid();
        ServerObject after = new ServerObject(key, uid, version, "{\"v\":" + version + "}");
        server.put(key, after);
        telling = () -> mirror.enter(after);
      }
      echoed = Math.max(echoed, time + step.echo());
      deliveries.add(new Delivery(echoed, telling));
      if (step.answer() > 0) {
        deliveries.add(new Delivery(time + step.answer() - 1, telling));
      }
      if (step.echo() == 6) {
        // A list of this very moment, which may arrive late as well.
        List<ServerObject> list = List.copyOf(server.values());
        deliveries.add(new Delivery(echoed, () -> mirror.replace(KIND, list, version)));
      }
    }
    deliveries.sort(Comparator.comparingInt(Delivery::time));
    deliveries.forEach(each -> each.telling().run());
    return server;
  }

  /** The state to which the events lead, each of which must fit the state before it. */
  private static Map<ResourceKey, String> replayed(Mirror mirror) throws InterruptedException {
    Map<ResourceKey, StoredObject> state = new TreeMap<>();
    try (Watch watch = mirror.watch(Selection.all(), 0)) {
      WatchResult.Events events = (WatchResult.Events) watch.next(Duration.ZERO);
      for (WatchEvent event : events.events()) {
        StoredObject object = event.object();
        Optional<StoredObject> before = Optional.ofNullable(state.get(object.key()));
        switch (event) {
          case WatchEvent.Added _ -> assertThat(before).isEmpty();
          case WatchEvent.Modified(_, StoredObject previous) ->
              assertThat(before).contains(previous);
          case WatchEvent.Deleted _ -> assertThat(before).isPresent();
        }
        if (event instanceof WatchEvent.Deleted) {
          state.remove(object.key());
        } else {
          state.put(object.key(), object);
        }
      }
    }
    Map<ResourceKey, String> documents = new TreeMap<>();
    state.forEach((key, object) -> documents.put(key, object.json()));
    return documents;
  }

  private static List<ResourceKey> keys() {
    return List.of(key(0), key(1), key(2));
  }

  private static ResourceKey key(int name) {
    return new ResourceKey(KIND, "ns", "thing-" + name);
  }
}
