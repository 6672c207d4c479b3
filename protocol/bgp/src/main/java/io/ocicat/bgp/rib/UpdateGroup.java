package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Neighbours that are told the same. The group looks at pending prefixes when its fastest follower
 * has read all there is, encodes what changed once, and appends it to a chain of chunks. A
 * neighbour either follows the chain or catches up: it then remembers which items to send (each
 * once, in their latest state), and joins the others when nothing is left.
 */
final class UpdateGroup {
  final GroupKey key;
  final RibCore core;
  private final Map<Family, GroupFamily> families = new HashMap<>();
  private final List<GroupFamily> inOrder = new ArrayList<>();
  private final List<RibPeer> members = new ArrayList<>();
  private boolean[] member = new boolean[8];
  private final Batch batch = new Batch();
  private Chunk tail;
  private final UpdateEncoder encoder;
  private boolean woken;
  private boolean advancing;

  /** Scratch of {@link #encode}: first and last announcement of each entry in the batch. */
  private int[] firstOf = new int[64];

  private int[] lastOf = new int[64];
  private int[] following = new int[1024];
  private long[] touched = new long[256];

  UpdateGroup(GroupKey key, RibCore core, Map<Family, FamilyTable> tables) {
    this.key = key;
    this.core = core;
    this.encoder = new UpdateEncoder(key.send(), core.scratch());
    key.families()
        .forEach(
            (family, sent) -> {
              FamilyTable table = tables.get(family);
              if (table != null) {
                GroupFamily of = new GroupFamily(this, table, sent.paths(), core);
                families.put(family, of);
                inOrder.add(of);
                of.addAll();
              }
            });
    inOrder.sort((a, b) -> a.table.family.compareTo(b.table.family));
    GroupFamily any = inOrder.isEmpty() ? null : inOrder.getFirst();
    if (any == null) {
      throw new IllegalArgumentException("a group without families");
    }
    this.tail = Chunk.start(any);
  }

  List<RibPeer> members() {
    return members;
  }

  List<GroupFamily> families() {
    return inOrder;
  }

  @Nullable GroupFamily family(Family family) {
    return families.get(family);
  }

  boolean has(int peer) {
    return peer < member.length && member[peer];
  }

  Batch batch() {
    batch.clear();
    return batch;
  }

  UpdateEncoder encoder() {
    return encoder;
  }

  Chunk tail() {
    return tail;
  }

  void join(RibPeer peer) {
    members.add(peer);
    if (peer.index() >= member.length) {
      member = Arrays.copyOf(member, peer.index() * 2);
    }
    member[peer.index()] = true;
  }

  /** True if nobody is left. */
  boolean leave(RibPeer peer) {
    members.remove(peer);
    member[peer.index()] = false;
    return members.isEmpty();
  }

  void changed(Family family, int net, boolean best) {
    GroupFamily of = families.get(family);
    if (of != null) {
      of.changed(net, best);
      if (!woken && of.isPending()) {
        wake();
      }
    }
  }

  /** Wakes whoever waits; until one of them waits again nothing more is to be done. */
  void wake() {
    woken = true;
    for (int i = 0; i < members.size(); i++) {
      members.get(i).wake();
    }
  }

  /** A member has nothing to read and is to be woken. */
  void waits() {
    woken = false;
  }

  boolean isPending() {
    for (int i = 0; i < inOrder.size(); i++) {
      if (inOrder.get(i).isPending()) {
        return true;
      }
    }
    return false;
  }

  /** Looks at some of what is pending; false if nothing was pending. */
  boolean advance() {
    if (core.deferred()) {
      return false;
    }
    for (int i = 0; i < inOrder.size(); i++) {
      GroupFamily family = inOrder.get(i);
      if (family.isPending()) {
        advance(family);
        return true;
      }
    }
    return false;
  }

  /** Looks at all that is pending, in slices: much of it is for nobody. */
  void advanceInSlices() {
    if (!advancing) {
      advancing = true;
      core.background()
          .work(
              nanos -> {
                long until = core.background().nanoTime() + nanos;
                while (!members.isEmpty() && advance()) {
                  if (core.background().nanoTime() >= until) {
                    return true;
                  }
                }
                advancing = false;
                wake();
                return false;
              });
    }
  }

  private void advance(GroupFamily family) {
    batch.clear();
    family.collect(batch, core.settings().exportWindow());
    if (batch.isEmpty()) {
      family.entries.dropUnused();
      return;
    }
    int followers = 0;
    for (int i = 0; i < members.size(); i++) {
      RibPeer peer = members.get(i);
      if (peer.follows()) {
        followers++;
      } else {
        peer.remember(family, batch);
      }
    }
    if (followers > 0) {
      for (Chunk chunk : encode(family, batch, true)) {
        append(chunk, followers);
      }
      detachSlow();
    }
    for (int i = 0; i < batch.announcedCount; i++) {
      family.out.unpin(batch.announced[i]);
    }
    for (int i = 0; i < batch.withdrawnCount; i++) {
      family.out.unpin(batch.withdrawn[i]);
    }
    family.entries.dropUnused();
    if (!woken || followers > 1) {
      wake();
    }
  }

  private void append(Chunk chunk, int followers) {
    for (int item : chunk.items) {
      chunk.family.out.pin(item);
    }
    chunk.readers = followers;
    chunk.end = tail.end + chunk.bytes.remaining();
    tail.next = chunk;
    tail = chunk;
  }

  private void detachSlow() {
    long oldest = tail.end - core.settings().groupBacklogBytes();
    for (int i = 0; i < members.size(); i++) {
      RibPeer peer = members.get(i);
      if (peer.follows() && peer.readUpTo() < oldest) {
        peer.fallBehind();
      }
    }
  }

  /**
   * Encodes a batch, attribute set by attribute set; routes that came from a member stand in chunks
   * of their own.
   */
  List<Chunk> encode(GroupFamily family, Batch what, boolean remembered) {
    List<Chunk> chunks = new ArrayList<>();
    encodeWithdrawals(family, what, remembered, chunks);
    int sets = bucket(family, what);
    int at = 0;
    while (at < sets) {
      int source = (int) (touched[at] >>> 32) - 1;
      int end = at;
      int items = 0;
      while (end < sets && (int) (touched[end] >>> 32) - 1 == source) {
        for (int i = firstOf[(int) touched[end]]; i >= 0; i = following[i]) {
          items++;
        }
        end++;
      }
      int[] about = remembered ? new int[items] : Chunk.NO_ITEMS;
      encoder.begin(family);
      int written = 0;
      for (int set = at; set < end; set++) {
        int entry = (int) touched[set];
        encoder.announcing(family.entries.octets(entry));
        for (int i = firstOf[entry]; i >= 0; i = following[i]) {
          int item = what.announced[i];
          encoder.item(item);
          if (remembered) {
            about[written++] = item;
          }
        }
      }
      chunks.add(new Chunk(encoder.end(), about, family, source, Chunk.NOBODY));
      at = end;
    }
    return chunks;
  }

  /** Chains the announcements of each entry; returns how many entries, in {@code touched}. */
  private int bucket(GroupFamily family, Batch what) {
    if (firstOf.length < family.entries.limit()) {
      firstOf = new int[family.entries.limit() * 2];
      lastOf = new int[firstOf.length];
    }
    if (following.length < what.announcedCount) {
      following = new int[what.announcedCount * 2];
    }
    for (int i = 0; i < what.announcedCount; i++) {
      firstOf[what.entries[i]] = -1;
    }
    int sets = 0;
    boolean sources = false;
    for (int i = 0; i < what.announcedCount; i++) {
      int entry = what.entries[i];
      following[i] = -1;
      if (firstOf[entry] < 0) {
        firstOf[entry] = i;
        if (sets == touched.length) {
          touched = Arrays.copyOf(touched, sets * 2);
        }
        int source = family.member(family.entries.source(entry));
        sources |= source != Chunk.NOBODY;
        touched[sets++] = (long) (source + 1) << 32 | entry;
      } else {
        following[lastOf[entry]] = i;
      }
      lastOf[entry] = i;
    }
    if (sources) {
      Arrays.sort(touched, 0, sets);
    }
    return sets;
  }

  private void encodeWithdrawals(
      GroupFamily family, Batch what, boolean remembered, List<Chunk> chunks) {
    int left = what.withdrawnCount;
    boolean[] done = new boolean[left];
    int from = 0;
    while (left > 0) {
      while (done[from]) {
        from++;
      }
      int about = what.about[from];
      int[] items = new int[left];
      int count = 0;
      encoder.begin(family);
      encoder.withdrawing();
      for (int i = from; i < what.withdrawnCount; i++) {
        if (!done[i] && what.about[i] == about) {
          done[i] = true;
          encoder.item(what.withdrawn[i]);
          items[count++] = what.withdrawn[i];
        }
      }
      left -= count;
      chunks.add(
          new Chunk(
              encoder.end(),
              remembered ? Arrays.copyOf(items, count) : Chunk.NO_ITEMS,
              family,
              Batch.exceptOf(about),
              Batch.onlyOf(about)));
    }
  }
}
