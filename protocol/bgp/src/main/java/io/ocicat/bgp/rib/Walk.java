package io.ocicat.bgp.rib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a group stands by, in the order of its attribute sets, so that neighbours who begin late get
 * full UPDATEs. The order is found in slices (counting sort) and shared, as are the chunks, by all
 * who begin together; whoever is far behind makes its own.
 *
 * <p>What changes while somebody walks is told to that neighbour apart, so the order may grow
 * stale.
 */
final class Walk {
  /** Up to here the order is found at once. */
  private static final int SMALL = 1 << 14;

  /** Octets of shared chunks kept for the slowest reader. */
  private static final long MOST_BEHIND = 8 << 20;

  /** One neighbour's place in the walk. */
  final class Reader {
    private Chunk at;
    private int cursor;
    private final RibPeer peer;

    private Reader(RibPeer peer) {
      this.peer = peer;
      this.at = tail;
    }

    boolean done() {
      return ready && cursor >= count && at.next == null;
    }

    boolean ready() {
      return ready;
    }

    /** The next chunk for this neighbour, or null: nothing (more, or yet). */
    @Nullable Chunk next() {
      while (ready) {
        Chunk following = at.next;
        if (following != null) {
          at = following;
          if (cursor < following.walkedTo) {
            cursor = following.walkedTo;
          }
          if (following.isFor(peer.index()) && following.bytes.hasRemaining()) {
            return following;
          }
        } else if (cursor < count) {
          produce(this);
        } else {
          return null;
        }
      }
      return null;
    }
  }

  private final GroupFamily family;
  private int[] order = new int[0];
  private int[] keys = new int[0];
  private int[] starts = new int[0];
  private int count;
  private int scanned = 1;
  private int placed;
  private boolean counted;
  private boolean ready;
  private boolean begun;
  private int[] items = new int[0];
  private Chunk tail;
  private int front;
  private final List<Reader> readers = new ArrayList<>();

  Walk(GroupFamily family) {
    this.family = family;
    this.tail = Chunk.start(family);
    if (family.out.limit() <= SMALL) {
      runFor(Long.MAX_VALUE);
    }
  }

  boolean begun() {
    return begun;
  }

  boolean ready() {
    return ready;
  }

  Reader reader(RibPeer peer) {
    Reader reader = new Reader(peer);
    readers.add(reader);
    return reader;
  }

  void left(Reader reader) {
    readers.remove(reader);
  }

  /** Goes on finding the order; false when it is found. */
  boolean runFor(long nanos) {
    Background clock = family.group.core.background();
    long until = clock.nanoTime() + nanos;
    do {
      if (!counted) {
        scan();
      } else if (!ready) {
        place();
      }
    } while (!ready && (nanos == Long.MAX_VALUE || clock.nanoTime() < until));
    return !ready;
  }

  private void scan() {
    OutTable out = family.out;
    int end = Math.min(out.limit(), scanned + SMALL);
    if (items.length == 0) {
      items = new int[Math.max(16, out.limit())];
      keys = new int[items.length];
      starts = new int[family.entries.limit() + 1];
    }
    for (int item = scanned; item < end; item++) {
      int entry = out.entry(item);
      if (entry != 0) {
        if (count == items.length) {
          items = Arrays.copyOf(items, count * 2);
          keys = Arrays.copyOf(keys, count * 2);
        }
        if (entry + 1 >= starts.length) {
          starts = Arrays.copyOf(starts, Math.max(entry + 2, starts.length * 2));
        }
        items[count] = item;
        keys[count++] = entry;
        starts[entry + 1]++;
      }
    }
    scanned = end;
    if (scanned >= out.limit()) {
      for (int i = 1; i < starts.length; i++) {
        starts[i] += starts[i - 1];
      }
      order = new int[count];
      counted = true;
      ready = count == 0;
    }
  }

  private void place() {
    int end = Math.min(count, placed + SMALL);
    for (int i = placed; i < end; i++) {
      order[starts[keys[i]]++] = items[i];
    }
    placed = end;
    if (placed == count) {
      ready = true;
      items = new int[0];
      keys = new int[0];
      starts = new int[0];
    }
  }

  private void produce(Reader reader) {
    begun = true;
    Batch batch = family.group.batch();
    int end = Math.min(count, reader.cursor + family.group.core.settings().exportWindow());
    for (int i = reader.cursor; i < end; i++) {
      int entry = family.out.entry(order[i]);
      if (entry != 0) {
        batch.announce(order[i], entry);
      }
    }
    List<Chunk> chunks = family.group.encode(family, batch, false);
    Chunk last = Chunk.start(family);
    last.walkedTo = end;
    chunks.add(last);
    if (reader.cursor == front) {
      front = end;
      for (Chunk chunk : chunks) {
        chunk.end = tail.end + chunk.bytes.remaining();
        tail.next = chunk;
        tail = chunk;
      }
      for (Reader other : readers) {
        if (tail.end - other.at.end > MOST_BEHIND) {
          other.at = Chunk.start(family); // goes on by itself from its cursor
        }
      }
    } else {
      Chunk own = Chunk.start(family);
      reader.at = own;
      for (Chunk chunk : chunks) {
        own.next = chunk;
        own = chunk;
      }
    }
  }
}
