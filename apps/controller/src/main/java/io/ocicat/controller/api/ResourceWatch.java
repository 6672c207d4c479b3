package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A watch as a query sees it. One thread reads, any thread may close. */
public final class ResourceWatch implements AutoCloseable {

  private final Watch watch;
  private final Query query;

  ResourceWatch(Watch watch, Query query) {
    this.watch = watch;
    this.query = query;
  }

  /** What a watch has to tell. */
  public sealed interface News {

    /** What happened, and the revision up to which that is everything. */
    record Events(List<ResourceEvent> events, long completeTo) implements News {
      public Events {
        events = List.copyOf(events);
      }
    }

    /** The watch is over: history from where it stood is gone. */
    record Expired(long compactedRevision) implements News {}

    /** The watch or the store was closed. */
    record Closed() implements News {}
  }

  /**
   * Waits for events; an empty list when the timeout is over.
   *
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  public News next(Duration timeout) throws InterruptedException {
    return switch (watch.next(timeout)) {
      case WatchResult.Events(List<WatchEvent> events, long completeTo) -> {
        List<ResourceEvent> seen = new ArrayList<>();
        for (WatchEvent event : events) {
          seen(event).ifPresent(seen::add);
        }
        yield new News.Events(seen, completeTo);
      }
      case WatchResult.Compacted(long revision) -> new News.Expired(revision);
      case WatchResult.Closed() -> new News.Closed();
    };
  }

  private Optional<ResourceEvent> seen(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Added(StoredObject object) -> ifMatching(ResourceEvent.Type.ADDED, object);
      case WatchEvent.Deleted(StoredObject object) ->
          ifMatching(ResourceEvent.Type.DELETED, object);
      case WatchEvent.Modified(StoredObject object, StoredObject previous) -> {
        ObjectNode now = Documents.of(object);
        ObjectNode before = Documents.of(previous, object.revision());
        if (query.matches(now)) {
          ResourceEvent.Type type =
              query.matches(before) ? ResourceEvent.Type.MODIFIED : ResourceEvent.Type.ADDED;
          yield Optional.of(new ResourceEvent(type, now));
        }
        yield query.matches(before)
            ? Optional.of(new ResourceEvent(ResourceEvent.Type.DELETED, before))
            : Optional.empty();
      }
    };
  }

  private Optional<ResourceEvent> ifMatching(ResourceEvent.Type type, StoredObject object) {
    ObjectNode document = Documents.of(object);
    return query.matches(document)
        ? Optional.of(new ResourceEvent(type, document))
        : Optional.empty();
  }

  @Override
  public void close() {
    watch.close();
  }
}
