package io.ocicat.store.kubernetes;

import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.StoredObject;
import io.ocicat.store.WatchEvent;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The latest changes of the mirror, by revision, without gaps: a ring that forgets the oldest. Not
 * for several threads.
 */
final class History {
  /**
   * A change.
   *
   * @param event what happened
   * @param previous what was there before; null if nothing
   * @param uid of which object
   * @param version the server's version of the state that the event tells
   */
  record Change(WatchEvent event, @Nullable StoredObject previous, String uid, long version) {
    ResourceKey key() {
      return event.object().key();
    }
  }

  private final @Nullable Change[] ring;
  private long current;
  private long compacted;

  /**
   * An empty history.
   *
   * @param start the revision before the first change
   * @param size how many changes it holds
   */
  History(long start, int size) {
    this.ring = new Change[size];
    this.current = start;
    this.compacted = start;
  }

  /** The revision of the last change. */
  long current() {
    return current;
  }

  /** The revision up to which changes are forgotten. */
  long compacted() {
    return compacted;
  }

  /** Adds the change that has the next revision. */
  void add(Change change) {
    if (change.event().revision() != current + 1) {
      throw new IllegalStateException(
          "revision " + change.event().revision() + " after " + current);
    }
    if (current - compacted == ring.length) {
      compact(compacted + 1);
    }
    current++;
    ring[place(current)] = change;
  }

  /** Forgets changes up to and including a revision. */
  void compact(long revision) {
    long upTo = Math.min(revision, current);
    while (compacted < upTo) {
      compacted++;
      ring[place(compacted)] = null;
    }
  }

  private int place(long revision) {
    return (int) (revision % ring.length);
  }

  private Change at(long revision) {
    Change change = ring[place(revision)];
    if (change == null || change.event().revision() != revision) {
      throw new IllegalStateException("revision " + revision + " is not in the history");
    }
    return change;
  }

  /**
   * Collects events after a position, which is not compacted.
   *
   * @param into gets at most {@code most} events that the selection covers
   * @return the revision up to which everything has been looked at
   */
  long collect(long position, Selection selection, int most, List<WatchEvent> into) {
    for (long revision = position + 1; revision <= current; revision++) {
      Change change = at(revision);
      if (selection.covers(change.key())) {
        into.add(change.event());
        if (into.size() == most) {
          return revision;
        }
      }
    }
    return current;
  }

  /** The state of an object that had this version, unless it is forgotten. */
  Optional<StoredObject> state(String uid, long version) {
    return latest(
        change ->
            change.version() == version
                && change.uid().equals(uid)
                && !(change.event() instanceof WatchEvent.Deleted));
  }

  /** The last state of an object at the revision of its deletion, unless it is forgotten. */
  Optional<StoredObject> deletion(String uid) {
    return latest(
        change -> change.uid().equals(uid) && change.event() instanceof WatchEvent.Deleted);
  }

  private Optional<StoredObject> latest(Predicate<Change> wanted) {
    for (long revision = current; revision > compacted; revision--) {
      Change change = at(revision);
      if (wanted.test(change)) {
        return Optional.of(change.event().object());
      }
    }
    return Optional.empty();
  }

  /**
   * What was there at a revision, which is not compacted, under the selected keys that have changed
   * since.
   */
  NavigableMap<ResourceKey, Optional<StoredObject>> statesAt(long revision, Selection selection) {
    NavigableMap<ResourceKey, Optional<StoredObject>> states = new TreeMap<>();
    for (long undone = current; undone > revision; undone--) {
      Change change = at(undone);
      if (selection.covers(change.key())) {
        states.put(change.key(), Optional.ofNullable(change.previous()));
      }
    }
    return states;
  }
}
