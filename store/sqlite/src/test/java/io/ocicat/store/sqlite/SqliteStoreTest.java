package io.ocicat.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoreContract;
import io.ocicat.store.StoreException;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import io.ocicat.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
  @TempDir Path directory;

  @Override
  protected Store open() {
    return open(Retention.FOREVER, InstantSource.system());
  }

  private Store open(Retention retention, InstantSource clock) {
    return SqliteStore.open(directory.resolve("store.db"), retention, clock);
  }

  @Test
  void goesOnWhereItWasClosed() throws Exception {
    StoredObject first = created(pod("a", "web"), "v", 1);
    StoredObject second = updated(pod("a", "web"), "v", 2);
    created(pod("a", "gone"), "v", 1);
    deleted(pod("a", "gone"));
    store.compact(1);
    store.close();
    store = open();
    assertThat(store.currentRevision()).isEqualTo(4);
    assertThat(store.compactedRevision()).isEqualTo(1);
    assertThat(store.get(pod("a", "web"))).contains(second);
    try (Watch watch = store.watch(Selection.all(), 1)) {
      assertThat(take(watch, 3).getFirst()).isEqualTo(new WatchEvent.Modified(second, first));
    }
  }

  @Test
  void neverUsesARevisionTwiceEvenIfTheLastDeletionWasCompacted() {
    created(pod("a", "web"), "v", 1);
    deleted(pod("a", "web"));
    store.compact(2);
    store.close();
    store = open();
    assertThat(created(pod("a", "web"), "v", 1).revision()).isEqualTo(3);
  }

  @Test
  void refusesAFileThatIsOpenAlready() {
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("another controller has it open");
  }

  @Test
  void refusesADatabaseThatIsNotItsOwn() throws Exception {
    Path other = directory.resolve("other.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + other);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE notes (text TEXT)");
    }
    assertThatThrownBy(() -> SqliteStore.open(other, Retention.FOREVER, InstantSource.system()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("another application");
    Path noise = directory.resolve("noise.db");
    Files.writeString(noise, "not a database at all, but long enough to have a header of its own");
    assertThatThrownBy(() -> SqliteStore.open(noise, Retention.FOREVER, InstantSource.system()))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(
            () ->
                SqliteStore.open(
                    directory.resolve("missing/store.db"),
                    Retention.FOREVER,
                    InstantSource.system()))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void compactsWhatExceedsTheNumberOfRevisions() throws Exception {
    store.close();
    ManualClock clock = new ManualClock();
    store = open(new Retention(10, Duration.ofDays(1), Duration.ofMinutes(1)), clock);
    for (int i = 0; i < 50; i++) {
      created(pod("a", "pod-" + i), "v", 1);
    }
    assertThat(store.compactedRevision()).isZero();
    clock.advance(Duration.ofMinutes(1));
    created(pod("a", "last"), "v", 1);
    awaitCompacted(40);
  }

  @Test
  void compactsWhatIsTooOld() throws Exception {
    store.close();
    ManualClock clock = new ManualClock();
    store = open(new Retention(1000, Duration.ofMinutes(30), Duration.ofMinutes(1)), clock);
    for (int i = 0; i < 5; i++) {
      created(pod("a", "old-" + i), "v", 1);
    }
    clock.advance(Duration.ofMinutes(1));
    created(pod("a", "middle"), "v", 1);
    clock.advance(Duration.ofMinutes(29));
    created(pod("a", "young"), "v", 1);
    assertThat(store.compactedRevision()).isZero();
    clock.advance(Duration.ofMinutes(2));
    created(pod("a", "now"), "v", 1);
    awaitCompacted(5);
  }

  @Test
  void aLiveWatchIsNotDisturbedByCompaction() throws Exception {
    try (Watch watch = store.watch(Selection.of(POOLS), 0)) {
      assertThat(watch.next(Duration.ZERO)).isInstanceOf(WatchResult.Events.class);
      for (int i = 0; i < 10; i++) {
        created(pod("a", "pod-" + i), "v", 1);
      }
      store.compact(10);
      StoredObject wanted = created(pool("default"), "v", 1);
      assertThat(take(watch, 1)).isEqualTo(List.of(new WatchEvent.Added(wanted)));
    }
  }

  private void awaitCompacted(long revision) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (store.compactedRevision() != revision && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    assertThat(store.compactedRevision()).isEqualTo(revision);
  }
}
