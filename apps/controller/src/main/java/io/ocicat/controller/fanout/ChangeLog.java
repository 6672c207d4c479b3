package io.ocicat.controller.fanout;

import io.ocicat.sync.GroupChange;
import io.ocicat.sync.ItemKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The last changes, up to a bound on their number and size. For one thread. */
final class ChangeLog {

  /** A change that made a generation. */
  sealed interface Entry {

    long generation();

    /** Concerns every agent. */
    record Shared(long generation, ItemKey key) implements Entry {}

    /** Concerns one node's agent. */
    record Local(long generation, String node, ItemKey key) implements Entry {}

    /** Concerns those who subscribed to the group. */
    record Group(long generation, GroupChange change) implements Entry {}
  }

  private final Deque<Entry> entries = new ArrayDeque<>();
  private final int capacity;
  private int size;
  private long floor;

  /**
   * @param capacity counted in keys and group members
   * @param generation before which nothing is known
   */
  ChangeLog(int capacity, long generation) {
    this.capacity = capacity;
    this.floor = generation;
  }

  void add(Entry entry) {
    entries.addLast(entry);
    size += sizeOf(entry);
    while (size > capacity) {
      Entry oldest = entries.removeFirst();
      size -= sizeOf(oldest);
      floor = oldest.generation();
    }
  }

  private static int sizeOf(Entry entry) {
    return switch (entry) {
      case Entry.Shared _, Entry.Local _ -> 1;
      case Entry.Group(_, var change) -> 1 + change.added().size() + change.removed().size();
    };
  }

  /** Whether {@link #since} tells everything that came after that generation. */
  boolean reachesBackTo(long generation) {
    return generation >= floor;
  }

  /** What came after that generation, oldest first. */
  List<Entry> since(long generation) {
    List<Entry> found = new ArrayList<>();
    for (Iterator<Entry> each = entries.descendingIterator(); each.hasNext(); ) {
      Entry entry = each.next();
      if (entry.generation() <= generation) {
        break;
      }
      found.add(entry);
    }
    Collections.reverse(found);
    return found;
  }
}
