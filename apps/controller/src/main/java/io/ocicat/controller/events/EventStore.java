package io.ocicat.controller.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.model.Kinds;
import io.ocicat.store.CreateResult;
import io.ocicat.store.DeleteResult;
import io.ocicat.store.Expected;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.UpdateResult;
import io.ocicat.store.memory.MemoryStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Events in memory alone, for a controller whose own API serves them: the newest thousand of the
 * last hour.
 */
public final class EventStore implements EventSink, AutoCloseable {

  static final int MOST_EVENTS = 1000;
  static final Duration KEPT = Duration.ofHours(1);

  /** Watches can begin this many writes back. */
  private static final int HISTORY = 4096;

  private final MemoryStore store = new MemoryStore();
  private final DocumentStamp stamp;
  private final LongSupplier nowNs;
  private final ReentrantLock lock = new ReentrantLock();

  /** When each was written last, in that order. */
  @GuardedBy("lock")
  private final Map<ResourceKey, Long> writtenAtNs = new LinkedHashMap<>(16, 0.75f, true);

  public EventStore(DocumentStamp stamp, LongSupplier nowNs) {
    this.stamp = stamp;
    this.nowNs = nowNs;
  }

  /** What the API serves; not to be written to. */
  public Store store() {
    return store;
  }

  @Override
  public Outcome create(ObjectNode event) {
    lock.lock();
    try {
      JsonNode metadata = event.path("metadata");
      ResourceKey key = key(metadata.path("namespace").asText(), metadata.path("name").asText());
      ObjectNode stamped = event.deepCopy();
      stamp.created(stamped);
      CreateResult _ = store.create(key, stamped);
      written(key);
      return Outcome.DONE;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Outcome patch(String namespace, String name, ObjectNode patch) {
    lock.lock();
    try {
      ResourceKey key = key(namespace, name);
      Optional<StoredObject> known = store.get(key);
      if (known.isEmpty()) {
        return Outcome.NOT_FOUND;
      }
      ObjectNode document = known.get().tree();
      merge(document, patch);
      UpdateResult _ = store.update(key, document, Expected.any());
      written(key);
      return Outcome.DONE;
    } finally {
      lock.unlock();
    }
  }

  private static void merge(ObjectNode target, ObjectNode patch) {
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getValue() instanceof ObjectNode inner
          && target.get(field.getKey()) instanceof ObjectNode there) {
        merge(there, inner);
      } else {
        target.set(field.getKey(), field.getValue());
      }
    }
  }

  private static ResourceKey key(String namespace, String name) {
    return new ResourceKey(Kinds.EVENT.name(), namespace, name);
  }

  @GuardedBy("lock")
  private void written(ResourceKey key) {
    long now = nowNs.getAsLong();
    writtenAtNs.put(key, now);
    while (!writtenAtNs.isEmpty()) {
      Map.Entry<ResourceKey, Long> eldest = writtenAtNs.entrySet().iterator().next();
      if (writtenAtNs.size() <= MOST_EVENTS && now - eldest.getValue() < KEPT.toNanos()) {
        break;
      }
      writtenAtNs.remove(eldest.getKey());
      DeleteResult _ = store.delete(eldest.getKey(), Expected.any());
    }
    store.compact(store.currentRevision() - HISTORY);
  }

  @Override
  public void close() {
    store.close();
  }
}
