package io.ocicat.controller;

import io.ocicat.controller.index.ClusterIndex;
import io.ocicat.model.KindName;
import io.ocicat.store.Snapshot;
import io.ocicat.store.Store;
import io.ocicat.store.StoreException;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the store's events to their consumer, in order, on a thread of its own. A consumer that
 * is slow holds it up; the store keeps what it has not read.
 */
final class StoreFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoreFeed.class);
  private static final int BATCHES_UNDER_WAY = 4;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  /** What a batch brings. */
  sealed interface Content {

    record Events(List<WatchEvent> list) implements Content {}

    /** The state as a whole, after a gap. */
    record Everything(List<StoredObject> objects) implements Content {}
  }

  /**
   * @param completeTo with it, everything up to this revision has been told
   * @param done to be run when it has been worked off
   */
  record Batch(Content content, long completeTo, Runnable done) {

    /** Whether objects of this kind may have changed. */
    boolean concerns(KindName kind) {
      return switch (content) {
        case Content.Events(var list) ->
            list.stream().anyMatch(event -> event.object().key().kind().equals(kind));
        case Content.Everything _ -> true;
      };
    }
  }

  private final Store store;
  private final Consumer<Batch> consumer;
  private final Semaphore room = new Semaphore(BATCHES_UNDER_WAY);
  private final Thread thread;
  private long position;
  private volatile boolean stopped;

  StoreFeed(Store store, long position, Consumer<Batch> consumer) {
    this.store = store;
    this.position = position;
    this.consumer = consumer;
    this.thread = Thread.ofPlatform().name("store-feed").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!stopped) {
      try (Watch watch = store.watch(ClusterIndex.SELECTION, position)) {
        follow(watch);
      } catch (StoreException e) {
        LOG.error("reading the store failed, trying again in {}", AFTER_FAILURE, e);
        pause();
      } catch (InterruptedException e) {
        stopped = true;
      }
    }
  }

  private void follow(Watch watch) throws InterruptedException {
    while (!stopped) {
      switch (watch.next(POLL)) {
        case WatchResult.Events(var list, var completeTo) -> {
          if (completeTo > position) {
            pass(new Content.Events(list), completeTo);
          }
        }
        case WatchResult.Compacted(var revision) -> {
          LOG.warn("history up to {} is gone, reading the store as a whole", revision);
          Snapshot snapshot = store.snapshot(ClusterIndex.SELECTION);
          pass(new Content.Everything(snapshot.objects()), snapshot.revision());
          return;
        }
        case WatchResult.Closed() -> {
          stopped = true;
          return;
        }
      }
    }
  }

  private void pass(Content content, long completeTo) throws InterruptedException {
    room.acquire();
    consumer.accept(new Batch(content, completeTo, room::release));
    position = completeTo;
  }

  private void pause() {
    try {
      Thread.sleep(AFTER_FAILURE);
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    try {
      if (!thread.join(CLOSE_DEADLINE)) {
        LOG.warn("the store was still being read after {}", CLOSE_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
