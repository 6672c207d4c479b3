package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.iana.RefreshSubtype;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What one neighbour has still to be told of one family before it can follow its group: first a
 * walk through all that the group stands by, then what was remembered since.
 */
final class Feed {
  /** What a neighbour may hold, as nets with path identifiers. */
  record Sent(IntList nets, IntList pathIds) {}

  private final RibPeer peer;
  private final GroupFamily family;
  private final NumberQueue remembered = new NumberQueue();
  private final ArrayDeque<Chunk> encoded = new ArrayDeque<>();
  private Walk.@Nullable Reader reader;
  private @Nullable Walk walk;
  private boolean walkDue;
  private long notBefore;
  private long finishAt;
  private boolean endOfRibDue;
  private boolean endOfRefreshDue;

  Feed(RibPeer peer, GroupFamily family) {
    this.peer = peer;
    this.family = family;
  }

  GroupFamily family() {
    return family;
  }

  /** Everything is to be told, with End-of-RIB at the end. */
  void begin(boolean endOfRib) {
    endOfRibDue |= endOfRib;
    stopWalk();
    walkDue = true;
    notBefore = family.target();
    finishAt = notBefore;
  }

  /** Everything is to be told again, with EoRR at the end if so agreed (RFC 7313). */
  void refresh(boolean marked) {
    endOfRefreshDue |= marked;
    begin(false);
  }

  boolean endOfRibDue() {
    return endOfRibDue;
  }

  void remember(int item) {
    if (remembered.add(item)) {
      family.out.pin(item);
    }
  }

  void remember(int[] items) {
    for (int item : items) {
      remember(item);
    }
  }

  /** All that the neighbour may have been told and may still hold. */
  Sent everythingSent() {
    OutTable out = family.out;
    Sent sent = new Sent(new IntList(), new IntList());
    for (int item = 1; item < out.limit(); item++) {
      int entry = out.entry(item);
      if (remembered.contains(item)
          || (entry != 0 && family.entries.source(entry) != peer.index())) {
        sent.nets().add(out.net(item));
        sent.pathIds().add(out.pathId(item));
      }
    }
    return sent;
  }

  /** What the neighbour was told in another group is to be corrected. */
  void rememberSent(Sent sent) {
    for (int i = 0; i < sent.nets().size(); i++) {
      int net = sent.nets().at(i);
      remember(
          family.out instanceof PathsOut paths ? paths.findOrAdd(net, sent.pathIds().at(i)) : net);
    }
  }

  /** The group must first look at what was pending when this began. */
  boolean blocked() {
    return walkDue && (family.processed() < notBefore || family.group.core.deferred());
  }

  /** One round of the group is enough. */
  boolean nearlyUnblocked() {
    return notBefore - family.processed() <= family.group.core.settings().exportWindow();
  }

  /** The walk has not begun: it will tell all that is announced until then. */
  boolean walkDue() {
    return walkDue;
  }

  /** Told everything; what the group says from now on can be followed. */
  boolean isEmpty() {
    return !walkDue && reader == null && remembered.isEmpty() && encoded.isEmpty();
  }

  /** The next UPDATEs for this neighbour, or null: nothing, or the walk is not ready. */
  @Nullable ByteBuffer next() {
    if (walkDue) {
      startWalk();
    }
    Walk.Reader reading = reader;
    if (reading != null) {
      Chunk chunk = reading.next();
      if (chunk != null) {
        return chunk.bytes.duplicate();
      }
      if (!reading.done()) {
        return null;
      }
      stopWalk();
    }
    while (true) {
      Chunk chunk = encoded.poll();
      if (chunk != null) {
        if (chunk.isFor(peer.index()) && chunk.bytes.hasRemaining()) {
          return chunk.bytes.duplicate();
        }
      } else if (remembered.isEmpty()) {
        return null;
      } else {
        tellRemembered();
      }
    }
  }

  /** Sends what marks the end, once; true if something was sent. */
  boolean finish() {
    if (!(endOfRibDue || endOfRefreshDue)
        || family.processed() < finishAt
        || family.group.core.deferred()) {
      return false;
    }
    if (endOfRibDue) {
      peer.send(family.group.encoder().endOfRib(family.table.family));
    }
    if (endOfRefreshDue) {
      peer.send(UpdateEncoder.refresh(family.table.family, RefreshSubtype.END_OF_REFRESH));
    }
    endOfRibDue = false;
    endOfRefreshDue = false;
    return true;
  }

  void clear() {
    stopWalk();
    encoded.clear();
    while (!remembered.isEmpty()) {
      family.out.unpin(remembered.poll());
    }
  }

  private void startWalk() {
    walkDue = false;
    dropWalked();
    Walk shared = family.walk();
    walk = shared;
    reader = shared.reader(peer);
  }

  /** What the walk is going to tell anyway need not be remembered. */
  private void dropWalked() {
    for (int i = remembered.size(); i > 0; i--) {
      int item = remembered.poll();
      int entry = family.out.entry(item);
      if (entry == 0 || family.entries.source(entry) == peer.index()) {
        remembered.add(item);
      } else {
        family.out.unpin(item);
      }
    }
  }

  private void stopWalk() {
    Walk of = walk;
    Walk.Reader reading = reader;
    if (of != null && reading != null) {
      of.left(reading);
    }
    walk = null;
    reader = null;
  }

  private void tellRemembered() {
    Batch batch = family.group.batch();
    int count = Math.min(remembered.size(), family.group.core.settings().exportWindow());
    int[] items = new int[count];
    for (int i = 0; i < count; i++) {
      int item = remembered.poll();
      items[i] = item;
      int entry = family.out.entry(item);
      if (entry == 0 || family.entries.source(entry) == peer.index()) {
        batch.withdraw(item, Chunk.NOBODY);
      } else {
        batch.announce(item, entry);
      }
    }
    encoded.addAll(family.group.encode(family, batch, false));
    for (int item : items) {
      family.out.unpin(item);
    }
  }
}
