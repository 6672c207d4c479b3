package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.iana.WellKnownCommunity;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What becomes of the routes of a neighbour without session (RFC 4724, RFC 9494). Routes carry the
 * generation of the session they came in, so all of them become stale at once by counting on.
 */
final class Staleness {
  /** Longest time that stale routes stay once the session is back and no End-of-RIB comes. */
  private static final Duration LONGEST_WAIT_FOR_END_OF_RIB = Duration.ofMinutes(6);

  private record Of(RibPeer peer, FamilyTable family) {}

  private final Rib rib;
  private final Map<Of, Runnable> timers = new HashMap<>();

  Staleness(Rib rib) {
    this.rib = rib;
  }

  void up(RibPeer peer) {
    for (FamilyTable family : rib.tables()) {
      cancel(peer, family);
      FamilyTraits traits = peer.traits().families().get(family.family);
      if (peer.tally(family.number).stale == 0) {
        continue;
      }
      if (traits != null && traits.keepStale()) {
        schedule(peer, family, LONGEST_WAIT_FOR_END_OF_RIB, () -> sweep(peer, family));
      } else {
        sweep(peer, family);
      }
    }
  }

  void down(RibPeer peer, Retention retention) {
    for (FamilyTable family : rib.tables()) {
      cancel(peer, family);
      Retention.Keep keep = retention.families().get(family.family);
      PeerTally tally = peer.tally(family.number);
      if (tally.received == 0) {
        continue;
      }
      mark(peer, family);
      if (keep == null) {
        sweep(peer, family);
      } else {
        schedule(peer, family, keep.restart(), () -> restartOver(peer, family, keep.longLived()));
      }
    }
  }

  /** All routes of a neighbour and family become stale; what was stale already goes. */
  void mark(RibPeer peer, FamilyTable family) {
    PeerTally tally = peer.tally(family.number);
    boolean older = tally.stale > 0;
    tally.generation = tally.generation + 1 & 0xff;
    tally.stale = tally.received;
    if (older) {
      removeBefore(peer, family, tally.generation - 1);
    }
  }

  /** Takes away what is stale. */
  void sweep(RibPeer peer, FamilyTable family) {
    cancel(peer, family);
    PeerTally tally = peer.tally(family.number);
    if (tally.stale == 0) {
      return;
    }
    removeBefore(peer, family, tally.generation);
  }

  /** Generations count modulo 256; what came since the sweep was ordered must stay. */
  private void removeBefore(RibPeer peer, FamilyTable family, int generation) {
    rib.sweeps()
        .add(
            new Sweep(
                family,
                (of, path) -> {
                  if (of.owner(path) == peer.index()
                      && (byte) (generation - of.generation(path)) > 0) {
                    of.remove(path);
                  }
                },
                () -> rib.retireIfEmpty(peer)));
  }

  private void restartOver(RibPeer peer, FamilyTable family, Duration longLived) {
    if (longLived.isZero()) {
      sweep(peer, family);
      return;
    }
    schedule(peer, family, longLived, () -> sweep(peer, family));
    rib.sweeps()
        .add(
            new Sweep(
                family,
                (of, path) -> {
                  if (of.owner(path) == peer.index() && of.stale(path)) {
                    longLive(peer, of, path);
                  }
                },
                () -> {}));
  }

  /** RFC 9494 §4.2: marked, or removed where the route asks not to be kept. */
  private void longLive(RibPeer peer, FamilyTable table, int path) {
    Attributes received = rib.attributes().set(table.received(path));
    if (received.hasCommunity(WellKnownCommunity.NO_LLGR.code())) {
      table.remove(path);
      return;
    }
    int marked =
        rib.attributes().take(received.edit().addCommunity(WellKnownCommunity.LLGR_STALE).build());
    table.restamp(path, marked);
    rib.attributes().release(marked);
    rib.reimport(peer, table, path);
  }

  private void schedule(RibPeer peer, FamilyTable family, Duration delay, Runnable task) {
    Of of = new Of(peer, family);
    timers.put(
        of,
        rib.background()
            .schedule(
                delay,
                () -> {
                  timers.remove(of);
                  task.run();
                }));
  }

  private void cancel(RibPeer peer, FamilyTable family) {
    Runnable timer = timers.remove(new Of(peer, family));
    if (timer != null) {
      timer.run();
    }
  }
}
