package io.ocicat.store.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ocicat.model.KindName;
import io.ocicat.store.ContinueToken;
import io.ocicat.store.Expected;
import io.ocicat.store.ListRequest;
import io.ocicat.store.ListResult;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the server's objects, with a bounded history of changes. Safe for use by many
 * threads; nothing here waits for the server.
 *
 * <p>Reflectors and writers tell it states in any order, also twice. It keeps three rules: a state
 * of an object never replaces a later one of the same object; an object that is gone, known by its
 * uid, never comes back; and what changes nothing that is kept is no event. So it does not matter
 * whether an answer to a write or the watch's echo of it comes first.
 */
final class Mirror {
  /** Gone objects remembered; stale news of one can only come while a call is under way. */
  private static final int MOST_GONE_UIDS = 20_000;

  /** An object and the server's version of its state. */
  record Held(StoredObject object, String uid, long version) {}

  /** What happened in a wait for events. */
  sealed interface Progress {
    record Told(List<WatchEvent> events, long position) implements Progress {}

    record Lost(long compactedRevision) implements Progress {}

    record Over() implements Progress {}
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final NavigableMap<ResourceKey, Held> objects = new TreeMap<>();

  @GuardedBy("lock")
  private final History history;

  @GuardedBy("lock")
  private final Map<String, Boolean> gone =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST_GONE_UIDS;
        }
      };

  @GuardedBy("lock")
  private boolean closed;

  /**
   * An empty mirror.
   *
   * @param startRevision the revision before the first change
   * @param mostChanges how many changes the history holds
   */
  Mirror(long startRevision, int mostChanges) {
    this.history = new History(startRevision, mostChanges);
  }

  /**
   * Takes in a state of an object. The result is that state as it is, or was, stored; empty if the
   * object has gone in the meantime and the state is not to be found any more.
   */
  Optional<StoredObject> enter(ServerObject state) {
    lock.lock();
    try {
      requireOpen();
      if (gone.containsKey(state.uid())) {
        return history.state(state.uid(), state.version());
      }
      Held held = objects.get(state.key());
      if (held != null && held.uid().equals(state.uid())) {
        if (state.version() < held.version()) {
          return history.state(state.uid(), state.version()).or(() -> Optional.of(held.object()));
        }
        return Optional.of(modify(held, state));
      }
      if (held != null && state.version() < held.version()) {
        // Of an object that had this key before the one that is here.
        gone.put(state.uid(), true);
        return history.state(state.uid(), state.version());
      }
      if (held != null) {
        remove(held, true);
      }
      return Optional.of(add(state));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes in that the object of this uid is gone. The result is its last state at the revision of
   * its deletion; empty if it was not known, or is forgotten.
   */
  Optional<StoredObject> leave(ResourceKey key, String uid) {
    lock.lock();
    try {
      requireOpen();
      Held held = objects.get(key);
      if (held != null && held.uid().equals(uid)) {
        return Optional.of(remove(held, true));
      }
      gone.put(uid, true);
      return history.deletion(uid);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes in a list of all objects of a kind, as the changes that lead to it. Objects that are
   * newer than the list stay: the watch that follows it will tell of them.
   *
   * @param version the list's resourceVersion
   */
  void replace(KindName kind, List<ServerObject> list, long version) {
    lock.lock();
    try {
      requireOpen();
      Map<ResourceKey, ServerObject> listed = HashMap.newHashMap(list.size());
      list.forEach(each -> listed.put(each.key(), each));
      for (Held held : heldOf(kind)) {
        ServerObject now = listed.get(held.object().key());
        if (held.version() <= version && (now == null || !now.uid().equals(held.uid()))) {
          remove(held, true);
        }
      }
      list.forEach(this::enter);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes in a list from a server that has gone back in time, as it does when it was restored from
   * a backup: what it says holds even where it is older than what was known.
   */
  void restore(KindName kind, List<ServerObject> list) {
    lock.lock();
    try {
      requireOpen();
      Map<ResourceKey, ServerObject> listed = HashMap.newHashMap(list.size());
      for (ServerObject each : list) {
        listed.put(each.key(), each);
        gone.remove(each.uid());
      }
      for (Held held : heldOf(kind)) {
        ServerObject now = listed.get(held.object().key());
        if (now == null || !now.uid().equals(held.uid())) {
          remove(held, false);
        } else {
          objects.put(now.key(), new Held(held.object(), held.uid(), 0));
        }
      }
      list.forEach(this::enter);
    } finally {
      lock.unlock();
    }
  }

  /** Removes all objects of a kind that the server does not know any more. They may come back. */
  void abandon(KindName kind) {
    lock.lock();
    try {
      requireOpen();
      for (Held each : heldOf(kind)) {
        remove(each, false);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many objects of a kind there are. */
  int count(KindName kind) {
    lock.lock();
    try {
      return heldOf(kind).size();
    } finally {
      lock.unlock();
    }
  }

  /** The object under a key. */
  Optional<Held> held(ResourceKey key) {
    lock.lock();
    try {
      requireOpen();
      return Optional.ofNullable(objects.get(key));
    } finally {
      lock.unlock();
    }
  }

  /** What became of a write that stays here. */
  enum Outcome {
    DONE,
    OTHERWISE,
    ABSENT,
    PRESENT
  }

  /**
   * @param object the object now there; for a deletion its last state; null if there is none
   */
  record LocalWrite(Outcome outcome, @Nullable StoredObject object) {}

  /** Creates an object that the server does not have. */
  LocalWrite createLocal(ResourceKey key, String json) {
    lock.lock();
    try {
      requireOpen();
      Held held = objects.get(key);
      if (held != null) {
        return new LocalWrite(Outcome.PRESENT, held.object());
      }
      return new LocalWrite(Outcome.DONE, add(new ServerObject(key, "", 0, json)));
    } finally {
      lock.unlock();
    }
  }

  /** Replaces an object that the server does not have; removes it if {@code json} is null. */
  LocalWrite changeLocal(ResourceKey key, @Nullable String json, Expected expected) {
    lock.lock();
    try {
      requireOpen();
      Held held = objects.get(key);
      if (held == null) {
        return new LocalWrite(Outcome.ABSENT, null);
      }
      if (!expected.isMetBy(held.object().revision())) {
        return new LocalWrite(Outcome.OTHERWISE, held.object());
      }
      StoredObject after =
          json == null ? remove(held, false) : modify(held, new ServerObject(key, "", 0, json));
      return new LocalWrite(Outcome.DONE, after);
    } finally {
      lock.unlock();
    }
  }

  /** A page of a list. */
  ListResult list(ListRequest request) {
    lock.lock();
    try {
      requireOpen();
      if (request.continueToken().isEmpty()) {
        return firstPage(request);
      }
      Optional<ContinueToken> token = ContinueToken.parse(request.continueToken());
      if (token.isEmpty() || token.get().revision() > history.current()) {
        return new ListResult.BadToken(
            "\"" + request.continueToken() + "\" is not a continue token of this store");
      }
      if (token.get().revision() < history.compacted()) {
        return new ListResult.Expired(history.compacted());
      }
      return nextPage(request, token.get());
    } finally {
      lock.unlock();
    }
  }

  long currentRevision() {
    lock.lock();
    try {
      requireOpen();
      return history.current();
    } finally {
      lock.unlock();
    }
  }

  long compactedRevision() {
    lock.lock();
    try {
      requireOpen();
      return history.compacted();
    } finally {
      lock.unlock();
    }
  }

  void compact(long revision) {
    lock.lock();
    try {
      requireOpen();
      history.compact(revision);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Watch watch(Selection selection, long fromRevision) {
    lock.lock();
    try {
      requireOpen();
      return new MirrorWatch(this, selection, fromRevision);
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes waiting watches, so that one that was closed notices. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is something to tell a watch, or the time is over. */
  Progress await(MirrorWatch watch, long timeoutNs, int most) throws InterruptedException {
    long remainingNs = timeoutNs;
    lock.lockInterruptibly();
    try {
      while (true) {
        if (closed || watch.isEnded()) {
          return new Progress.Over();
        }
        long position = watch.position();
        if (position < history.compacted() || position > history.current()) {
          return new Progress.Lost(history.compacted());
        }
        List<WatchEvent> events = new ArrayList<>();
        long told = history.collect(position, watch.selection(), most, events);
        watch.moveTo(told);
        if (!events.isEmpty() || remainingNs <= 0) {
          return new Progress.Told(events, told);
        }
        remainingNs = changed.awaitNanos(remainingNs);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  @GuardedBy("lock")
  private List<Held> heldOf(KindName kind) {
    List<Held> found = new ArrayList<>();
    // No key with an empty namespace and the smallest name is before the kind's first.
    for (Held each : objects.tailMap(new ResourceKey(kind, "", "\u0000"), true).values()) {
      if (!each.object().key().kind().equals(kind)) {
        break;
      }
      found.add(each);
    }
    return found;
  }

  @GuardedBy("lock")
  private StoredObject add(ServerObject state) {
    long revision = history.current() + 1;
    StoredObject object = new StoredObject(state.key(), revision, revision, state.json());
    objects.put(state.key(), new Held(object, state.uid(), state.version()));
    record(new History.Change(new WatchEvent.Added(object), null, state.uid(), state.version()));
    return object;
  }

  /** Nothing happens, but for the version, if what is kept is the same. */
  @GuardedBy("lock")
  private StoredObject modify(Held held, ServerObject state) {
    StoredObject before = held.object();
    boolean known = state.version() == held.version() && state.version() != 0;
    if (known || before.json().equals(state.json())) {
      objects.put(state.key(), new Held(before, held.uid(), state.version()));
      return before;
    }
    StoredObject object =
        new StoredObject(state.key(), history.current() + 1, before.createRevision(), state.json());
    objects.put(state.key(), new Held(object, held.uid(), state.version()));
    record(
        new History.Change(
            new WatchEvent.Modified(object, before), before, state.uid(), state.version()));
    return object;
  }

  @GuardedBy("lock")
  private StoredObject remove(Held held, boolean forGood) {
    StoredObject before = held.object();
    StoredObject last =
        new StoredObject(
            before.key(), history.current() + 1, before.createRevision(), before.json());
    objects.remove(before.key());
    if (forGood) {
      gone.put(held.uid(), true);
    }
    record(new History.Change(new WatchEvent.Deleted(last), before, held.uid(), held.version()));
    return last;
  }

  @GuardedBy("lock")
  private void record(History.Change change) {
    history.add(change);
    changed.signalAll();
  }

  @GuardedBy("lock")
  private ListResult firstPage(ListRequest request) {
    List<StoredObject> first = new ArrayList<>();
    long matching = 0;
    for (Held held : objects.values()) {
      if (request.selection().covers(held.object().key())) {
        matching++;
        if (request.limit() == 0 || matching <= request.limit()) {
          first.add(held.object());
        }
      }
    }
    return page(first, history.current(), matching - first.size());
  }

  /** The page as it was at the token's revision: today's objects, with later changes undone. */
  @GuardedBy("lock")
  private ListResult nextPage(ListRequest request, ContinueToken token) {
    NavigableMap<ResourceKey, Optional<StoredObject>> then =
        history.statesAt(token.revision(), request.selection());
    NavigableMap<ResourceKey, StoredObject> candidates = new TreeMap<>();
    then.tailMap(token.after(), false)
        .forEach((key, state) -> state.ifPresent(object -> candidates.put(key, object)));
    int wanted = request.limit() == 0 ? Integer.MAX_VALUE : request.limit();
    int unchanged = 0;
    for (Held held : objects.tailMap(token.after(), false).values()) {
      ResourceKey key = held.object().key();
      if (request.selection().covers(key) && !then.containsKey(key)) {
        candidates.put(key, held.object());
        if (++unchanged > wanted) {
          break;
        }
      }
    }
    List<StoredObject> objectsThen = candidates.values().stream().limit(wanted).toList();
    long remaining =
        candidates.size() <= wanted ? 0 : Math.max(1, token.remaining() - objectsThen.size());
    return page(objectsThen, token.revision(), remaining);
  }

  private static ListResult page(List<StoredObject> objects, long revision, long remaining) {
    String token =
        remaining == 0
            ? ""
            : new ContinueToken(revision, objects.getLast().key(), remaining).text();
    return new ListResult.Page(objects, revision, token, remaining);
  }
}
