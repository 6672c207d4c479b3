package io.ocicat.bgp.rib;

import io.ocicat.bgp.decision.Candidates;
import io.ocicat.bgp.decision.Decision;
import io.ocicat.bgp.decision.DecisionStep;
import io.ocicat.bgp.decision.Preference;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The Adj-RIB-Ins of all neighbours and the Loc-RIB of one family.
 *
 * <p>A path is a slot in parallel arrays: net, neighbour, attribute set as received and after
 * import policy (0: not accepted), path identifier. The paths of a net form a list. Slot 0 is no
 * path; the neighbour with index 0 is this speaker itself.
 */
final class FamilyTable implements Candidates {
  /** Told of every net whose paths changed. */
  interface Changes {
    /**
     * @param best the best path or its attributes are others than before
     */
    void changed(FamilyTable table, int net, boolean best);
  }

  final Family family;
  final IpFamily ip;

  /** The place of the family among all; counters are found by it. */
  final int number;

  final PrefixTable prefixes;
  private final AttributeTable attributes;
  private final NextHopTable nextHops;
  private final PeerIndex peers;
  private final Decision decision;
  private final Changes changes;

  private final IntPages nets = new IntPages();
  private final IntPages nexts = new IntPages();
  private final IntPages received = new IntPages();
  private final IntPages accepted = new IntPages();
  private final IntPages pathIds = new IntPages();

  /** The neighbour's index, and below it the generation, an octet. */
  private final IntPages origins = new IntPages();

  private final IntPages heads = new IntPages();
  private final IntPages bests = new IntPages();
  private int firstFree;
  private int limit = 1;
  private int bestCount;
  private int[] choice = new int[16];

  FamilyTable(
      Family family,
      int number,
      AttributeTable attributes,
      NextHopTable nextHops,
      PeerIndex peers,
      Decision decision,
      Changes changes) {
    this.family = family;
    this.number = number;
    this.ip = family.isIpv6() ? IpFamily.IPV6 : IpFamily.IPV4;
    this.prefixes = new PrefixTable(ip);
    this.attributes = attributes;
    this.nextHops = nextHops;
    this.peers = peers;
    this.decision = decision;
    this.changes = changes;
  }

  /** How many prefixes have a best path. */
  int bestCount() {
    return bestCount;
  }

  /** One more than the highest path. */
  int limit() {
    return limit;
  }

  /** The net of a path; 0 if there is no such path. */
  int net(int path) {
    return nets.at(path);
  }

  int owner(int path) {
    return origins.at(path) >>> 8;
  }

  int received(int path) {
    return received.at(path);
  }

  /** The attribute set after import policy; 0 if the path was not accepted. */
  int accepted(int path) {
    return accepted.at(path);
  }

  boolean stale(int path) {
    return generation(path) != (byte) tally(path).generation;
  }

  private PeerTally tally(int path) {
    return peers.at(owner(path)).tally(number);
  }

  int generation(int path) {
    return (byte) origins.at(path);
  }

  /** The best path of a net, or 0. */
  int best(int net) {
    return bests.at(net);
  }

  /** The first path of a net, or 0. */
  int first(int net) {
    return heads.at(net);
  }

  int next(int path) {
    return nexts.at(path);
  }

  int find(int net, int owner, int pathId) {
    for (int path = first(net); path != 0; path = nexts.at(path)) {
      if (owner(path) == owner && pathIds.at(path) == pathId) {
        return path;
      }
    }
    return 0;
  }

  /**
   * Takes over a path that a neighbour announced, new or in place of its last one.
   *
   * @param receivedSet the set as received; this table counts its own use
   * @param acceptedSet the set after import policy, 0 if not accepted
   */
  void announce(RibPeer owner, int net, int pathId, int receivedSet, int acceptedSet) {
    PeerTally tally = owner.tally(number);
    int path = find(net, owner.index(), pathId);
    boolean added = path == 0;
    if (added) {
      path = allocate();
      nets.set(path, net);
      pathIds.set(path, pathId);
      nexts.set(path, heads.at(net));
      heads.set(net, path);
      prefixes.pin(net);
      tally.received++;
    } else {
      if (stale(path)) {
        tally.stale--;
      }
      if (received.at(path) == receivedSet && accepted.at(path) == acceptedSet) {
        origins.set(path, origin(owner, tally));
        return;
      }
    }
    origins.set(path, origin(owner, tally));
    attributes.use(receivedSet);
    if (!added) {
      attributes.release(received.at(path));
    }
    received.set(path, receivedSet);
    accept(path, acceptedSet, added, tally);
  }

  private static int origin(RibPeer owner, PeerTally tally) {
    return (owner.index() << 8) | (tally.generation & 0xff);
  }

  /** Puts another outcome of the import policy in place. */
  void reaccept(int path, int acceptedSet) {
    if (accepted.at(path) != acceptedSet) {
      accept(path, acceptedSet, false, tally(path));
    }
  }

  /** Puts another received set in place, without a new announcement; the import comes after. */
  void restamp(int path, int receivedSet) {
    attributes.use(receivedSet);
    attributes.release(received.at(path));
    received.set(path, receivedSet);
  }

  private void accept(int path, int acceptedSet, boolean added, PeerTally tally) {
    int before = added ? 0 : accepted.at(path);
    if (before == acceptedSet) {
      if (added) {
        accepted.set(path, 0);
      }
      return;
    }
    if (acceptedSet != 0) {
      attributes.use(acceptedSet);
    }
    accepted.set(path, acceptedSet);
    if (before == 0) {
      tally.accepted++;
    } else if (acceptedSet == 0) {
      tally.accepted--;
    }
    reselect(nets.at(path), path, added);
    if (before != 0) {
      attributes.release(before);
    }
  }

  /** Takes a path away; true if there was one. */
  boolean withdraw(RibPeer owner, int net, int pathId) {
    int path = find(net, owner.index(), pathId);
    if (path == 0) {
      return false;
    }
    remove(path);
    return true;
  }

  void remove(int path) {
    int net = nets.at(path);
    PeerTally tally = tally(path);
    tally.received--;
    if (stale(path)) {
      tally.stale--;
    }
    int set = accepted.at(path);
    int before = 0;
    for (int at = heads.at(net); at != path; at = nexts.at(at)) {
      before = at;
    }
    if (before == 0) {
      heads.set(net, nexts.at(path));
    } else {
      nexts.set(before, nexts.at(path));
    }
    if (set != 0) {
      tally.accepted--;
      accepted.set(path, 0);
      reselect(net, path, false);
      attributes.release(set);
    }
    attributes.release(received.at(path));
    received.set(path, 0);
    nets.set(path, 0);
    nexts.set(path, firstFree);
    firstFree = path;
    prefixes.unpin(net);
  }

  /** Chooses again, for instance because a next hop changed. */
  void reselect(int net) {
    reselect(net, -1, false);
  }

  private void reselect(int net, int touched, boolean added) {
    int before = bests.at(net);
    int now;
    if (added && before != 0 && preference(touched) > preference(before)) {
      now = before; // worse from the first steps on: it neither wins nor strikes out another
    } else {
      int count = collect(net);
      now = count == 0 ? 0 : Math.max(0, decision.select(this, choice, count, before, null));
    }
    if (now != before) {
      bests.set(net, now);
      if (before == 0) {
        bestCount++;
      } else {
        tally(before).best--;
      }
      if (now == 0) {
        bestCount--;
      } else {
        tally(now).best++;
      }
    }
    changes.changed(this, net, now != before || now == touched);
  }

  /**
   * The paths used together for a net, the best first.
   *
   * @return how many were put into {@code into}; 0 if there is no usable path
   */
  int together(int net, int[] into) {
    int best = best(net);
    if (best == 0) {
      return 0;
    }
    int count = collect(net);
    decision.select(this, choice, count, best, null);
    return decision.together(this, best, into);
  }

  /** The accepted, reachable paths of a net, from the best on; for sending several (RFC 7911). */
  int ranked(int net, int most, int[] into) {
    int count = collect(net);
    int found = 0;
    while (count > 0 && found < most) {
      int best = decision.select(this, choice, count, bests.at(net), null);
      if (best < 0) {
        break;
      }
      into[found++] = best;
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (choice[i] != best) {
          choice[kept++] = choice[i];
        }
      }
      count = kept;
    }
    return found;
  }

  int pathCount(int net) {
    int count = 0;
    for (int path = first(net); path != 0; path = nexts.at(path)) {
      count++;
    }
    return count;
  }

  /** For people: the step at which each accepted path of a net lost, by place in {@code paths}. */
  @Nullable DecisionStep[] explain(int net, int[] paths, int count) {
    @Nullable DecisionStep[] lostAt = new DecisionStep[count];
    decision.select(this, paths, count, best(net), lostAt);
    return lostAt;
  }

  private int collect(int net) {
    int count = 0;
    for (int path = heads.at(net); path != 0; path = nexts.at(path)) {
      if (accepted.at(path) != 0) {
        if (count == choice.length) {
          choice = Arrays.copyOf(choice, count * 2);
        }
        choice[count++] = path;
      }
    }
    return count;
  }

  private int allocate() {
    if (firstFree != 0) {
      int path = firstFree;
      firstFree = nexts.at(path);
      return path;
    }
    return limit++;
  }

  @Override
  public boolean reachable(int path) {
    return owner(path) == 0 || nextHops.reachable(attributes.nextHop(accepted.at(path)));
  }

  @Override
  public long preference(int path) {
    long preference = attributes.preference(accepted.at(path));
    return owner(path) == 0 ? Preference.local(preference) : preference;
  }

  @Override
  public long med(int path) {
    return attributes.med(accepted.at(path));
  }

  @Override
  public int neighbourAs(int path) {
    return attributes.neighbourAs(accepted.at(path));
  }

  @Override
  public boolean external(int path) {
    return owner(path) != 0 && !peers.at(owner(path)).kind().internal();
  }

  @Override
  public long interiorCost(int path) {
    return nextHops.cost(attributes.nextHop(accepted.at(path)));
  }

  @Override
  public int identifier(int path) {
    return attributes
        .set(accepted.at(path))
        .originatorId()
        .map(Ipv4Address::value)
        .orElse(peers.at(owner(path)).identifier());
  }

  @Override
  public int clusterListLength(int path) {
    return attributes.set(accepted.at(path)).clusterListLength();
  }

  @Override
  public int addressOrder(int path) {
    return peers.at(owner(path)).addressOrder();
  }

  @Override
  public int pathId(int path) {
    return pathIds.at(path);
  }
}
