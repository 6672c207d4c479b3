package io.ocicat.store.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.AlreadyExists;
import io.ocicat.store.Conflict;
import io.ocicat.store.ContinueToken;
import io.ocicat.store.CreateResult;
import io.ocicat.store.DeleteResult;
import io.ocicat.store.Expected;
import io.ocicat.store.Json;
import io.ocicat.store.ListRequest;
import io.ocicat.store.ListResult;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.UpdateResult;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import io.ocicat.store.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A store in memory, under one lock. */
public final class MemoryStore implements Store {
  private static final int MOST_EVENTS_AT_ONCE = 500;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final NavigableMap<ResourceKey, StoredObject> objects = new TreeMap<>();

  /** Writes after {@code compactedRevision}, by revision, without gaps. */
  private final NavigableMap<Long, Change> history = new TreeMap<>();

  private long currentRevision;
  private long compactedRevision;
  private boolean closed;

  /** An empty store. */
  public MemoryStore() {}

  @Override
  public CreateResult create(ResourceKey key, ObjectNode document) {
    String json = Json.text(document);
    lock.lock();
    try {
      requireOpen();
      StoredObject current = objects.get(key);
      if (current != null) {
        return new AlreadyExists(current);
      }
      long revision = currentRevision + 1;
      StoredObject object = new StoredObject(key, revision, revision, json);
      objects.put(key, object);
      record(new WatchEvent.Added(object), Optional.empty());
      return new Written(object);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public UpdateResult update(ResourceKey key, ObjectNode document, Expected expected) {
    String json = Json.text(document);
    lock.lock();
    try {
      requireOpen();
      StoredObject current = objects.get(key);
      if (current == null) {
        return new NotFound(key);
      }
      if (!expected.isMetBy(current.revision())) {
        return new Conflict(current);
      }
      if (json.equals(current.json())) {
        return new Written(current);
      }
      StoredObject object =
          new StoredObject(key, currentRevision + 1, current.createRevision(), json);
      objects.put(key, object);
      record(new WatchEvent.Modified(object, current), Optional.of(current));
      return new Written(object);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public DeleteResult delete(ResourceKey key, Expected expected) {
    lock.lock();
    try {
      requireOpen();
      StoredObject current = objects.get(key);
      if (current == null) {
        return new NotFound(key);
      }
      if (!expected.isMetBy(current.revision())) {
        return new Conflict(current);
      }
      StoredObject last =
          new StoredObject(key, currentRevision + 1, current.createRevision(), current.json());
      objects.remove(key);
      record(new WatchEvent.Deleted(last), Optional.of(current));
      return new Written(last);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<StoredObject> get(ResourceKey key) {
    lock.lock();
    try {
      requireOpen();
      return Optional.ofNullable(objects.get(key));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ListResult list(ListRequest request) {
    lock.lock();
    try {
      requireOpen();
      if (request.continueToken().isEmpty()) {
        return page(objects, request, currentRevision);
      }
      Optional<ContinueToken> token = ContinueToken.parse(request.continueToken());
      if (token.isEmpty() || token.get().revision() > currentRevision) {
        return new ListResult.BadToken(
            "\"" + request.continueToken() + "\" is not a continue token of this store");
      }
      if (token.get().revision() < compactedRevision) {
        return new ListResult.Expired(compactedRevision);
      }
      NavigableMap<ResourceKey, StoredObject> then = stateAt(token.get().revision());
      return page(then.tailMap(token.get().after(), false), request, token.get().revision());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Watch watch(Selection selection, long fromRevision) {
    lock.lock();
    try {
      requireOpen();
      return new MemoryWatch(selection, fromRevision);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long currentRevision() {
    lock.lock();
    try {
      requireOpen();
      return currentRevision;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long compactedRevision() {
    lock.lock();
    try {
      requireOpen();
      return compactedRevision;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void compact(long revision) {
    lock.lock();
    try {
      requireOpen();
      compactedRevision = Math.max(compactedRevision, Math.min(revision, currentRevision));
      history.headMap(compactedRevision, true).clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  private void record(WatchEvent event, Optional<StoredObject> previous) {
    currentRevision = event.revision();
    history.put(currentRevision, new Change(event, previous));
    changed.signalAll();
  }

  /** The past state, got by undoing later writes. */
  private NavigableMap<ResourceKey, StoredObject> stateAt(long revision) {
    NavigableMap<ResourceKey, StoredObject> state = new TreeMap<>(objects);
    for (Change change : history.tailMap(revision, false).descendingMap().values()) {
      change
          .previous()
          .ifPresentOrElse(
              previous -> state.put(previous.key(), previous), () -> state.remove(change.key()));
    }
    return state;
  }

  private static ListResult page(
      NavigableMap<ResourceKey, StoredObject> state, ListRequest request, long revision) {
    List<StoredObject> matching =
        state.values().stream().filter(each -> request.selection().covers(each.key())).toList();
    if (request.limit() == 0 || matching.size() <= request.limit()) {
      return new ListResult.Page(matching, revision, "", 0);
    }
    List<StoredObject> first = matching.subList(0, request.limit());
    long remaining = (long) matching.size() - request.limit();
    ContinueToken token = new ContinueToken(revision, first.getLast().key(), remaining);
    return new ListResult.Page(first, revision, token.text(), remaining);
  }

  private record Change(WatchEvent event, Optional<StoredObject> previous) {
    ResourceKey key() {
      return event.object().key();
    }
  }

  private final class MemoryWatch implements Watch {
    private final Selection selection;
    private long position;
    private boolean ended;

    MemoryWatch(Selection selection, long fromRevision) {
      this.selection = selection;
      this.position = fromRevision;
    }

    @Override
    public WatchResult next(Duration timeout) throws InterruptedException {
      long remainingNs = timeout.toNanos();
      lock.lockInterruptibly();
      try {
        while (true) {
          if (ended || closed) {
            return new WatchResult.Closed();
          }
          if (position < compactedRevision || position > currentRevision) {
            return new WatchResult.Compacted(compactedRevision);
          }
          List<WatchEvent> events = take();
          if (!events.isEmpty() || remainingNs <= 0) {
            return new WatchResult.Events(events, position);
          }
          remainingNs = changed.awaitNanos(remainingNs);
        }
      } finally {
        lock.unlock();
      }
    }

    private List<WatchEvent> take() {
      List<WatchEvent> events = new ArrayList<>();
      for (Change change : history.tailMap(position, false).values()) {
        WatchEvent event = change.event();
        position = event.revision();
        if (selection.covers(event.object().key())) {
          events.add(event);
          if (events.size() == MOST_EVENTS_AT_ONCE) {
            break;
          }
        }
      }
      return events;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        ended = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
