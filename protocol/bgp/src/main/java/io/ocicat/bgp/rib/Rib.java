package io.ocicat.bgp.rib;

import io.ocicat.bgp.decision.Decision;
import io.ocicat.bgpwire.AttributeCache;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The routing tables of a speaker: all Adj-RIB-Ins, the Loc-RIB and, in groups, the Adj-RIB-Outs
 * (RFC 4271 §3.2). Everything is called on the loop thread; long work is done in slices.
 */
public final class Rib implements RibCore {
  private final RibSettings settings;
  private final Background background;
  private final NextHopTable nextHops;
  private final AttributeTable attributes;
  private final PeerIndex peers = new PeerIndex();
  private final UpdateEncoder.Scratch scratch = new UpdateEncoder.Scratch();
  private final AttributeCache cache = new AttributeCache();
  private final Map<Family, FamilyTable> tables = new HashMap<>();
  private final Map<Family, Map<Integer, RouteTag>> tags = new HashMap<>();
  private final Map<GroupKey, UpdateGroup> groups = new HashMap<>();
  private final List<UpdateGroup> groupList = new ArrayList<>();
  private final RibPeer local;
  private final Staleness staleness;
  private final LocRibFeed locRibFeed;
  private final SweepQueue sweeps;
  private final Map<String, Set<Family>> awaited = new HashMap<>();
  private final List<RibPeer> retired = new ArrayList<>();
  private boolean deferred;

  /** Empty tables for IPv4 and IPv6 unicast. */
  public Rib(RibSettings settings, NextHops nextHops, Background background) {
    this.settings = settings;
    this.background = background;
    this.nextHops = new NextHopTable(nextHops);
    this.attributes = new AttributeTable(settings.decision(), this.nextHops);
    Decision decision = new Decision(settings.decision());
    for (Family family : UNICAST) {
      tables.put(
          family,
          new FamilyTable(
              family, tables.size(), attributes, this.nextHops, peers, decision, this::changed));
      tags.put(family, new HashMap<>());
    }
    local = new RibPeer(this, 0, LocalPeer.TRAITS, UNICAST.size());
    peers.add(local);
    sweeps = new SweepQueue(background);
    staleness = new Staleness(this);
    locRibFeed = new LocRibFeed(this);
  }

  private static final List<Family> UNICAST = List.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST);

  /**
   * A session is established.
   *
   * @param wake called when {@link PeerRoutes#next} has something, at most once until that returned
   *     null; it must not call back, but have the session written to soon
   */
  public PeerRoutes up(PeerTraits traits, Runnable wake) {
    RibPeer peer = peers.named(traits.name());
    if (peer == null) {
      forgetRetired();
      peer = new RibPeer(this, peers.nextNumber(), traits, UNICAST.size());
      peers.add(peer);
    } else if (peer.established()) {
      throw new IllegalStateException("neighbour " + traits.name() + " has a session already");
    }
    retired.remove(peer);
    peer.up(traits, wake);
    peers.order();
    staleness.up(peer);
    peer.join(group(GroupKey.of(traits)), true);
    return peer;
  }

  /** One of our own routes, new or in place of the last one; without next hop: us. */
  public void originate(Cidr prefix, Attributes set, RouteTag tag) {
    FamilyTable table = tables.get(family(prefix));
    if (table == null) {
      throw new IllegalStateException("no table for " + prefix);
    }
    int net =
        table.prefixes.findOrAdd(
            PrefixTable.high(prefix.address()),
            PrefixTable.low(prefix.address()),
            prefix.prefixLength());
    Map<Integer, RouteTag> ofFamily = tags.get(table.family);
    RouteTag before = ofFamily == null ? null : ofFamily.put(net, tag);
    int number = attributes.take(set);
    table.announce(local, net, 0, number, number);
    attributes.release(number);
    if (before != null && !before.equals(tag)) {
      changed(table, net, true);
    }
  }

  /** One of our own routes goes; without effect if there is none. */
  public void withdraw(Cidr prefix) {
    FamilyTable table = tables.get(family(prefix));
    int net = table == null ? 0 : net(table, prefix);
    if (table != null && net != 0) {
      Map<Integer, RouteTag> ofFamily = tags.get(table.family);
      if (ofFamily != null) {
        ofFamily.remove(net);
      }
      table.withdraw(local, net, 0);
    }
  }

  /** Tells a listener of the whole Loc-RIB and of every change from now on. */
  public void listen(RouteListener listener) {
    locRibFeed.listen(listener);
  }

  /** A next hop that is watched became reachable, unreachable, nearer or farther. */
  public void nextHopChanged(IpAddress nextHop, Reachability now) {
    int number = nextHops.change(nextHop, now);
    if (number == 0) {
      return;
    }
    for (FamilyTable table : tables.values()) {
      sweeps.add(
          new Sweep(
              table,
              (of, path) -> {
                int set = of.accepted(path);
                if (set != 0 && attributes.nextHop(set) == number) {
                  of.reselect(of.net(path));
                }
              },
              () -> {}));
    }
  }

  /**
   * After our own restart: nothing is told to neighbours or listeners until these neighbours have
   * sent End-of-RIB for all their families, or the time is over (RFC 4724 §4.1). To be called
   * before the first session is up.
   */
  public void deferSelection(Collection<String> neighbours, Duration longest) {
    deferred = true;
    for (String name : neighbours) {
      awaited.put(name, new HashSet<>());
    }
    background.schedule(longest, this::endDeferral);
    endIfNobodyAwaited();
  }

  /** The deferral need not wait for this neighbour: it is not coming back or restarted itself. */
  public void doNotAwait(String neighbour) {
    awaited.remove(neighbour);
    endIfNobodyAwaited();
  }

  @Override
  public boolean deferred() {
    return deferred;
  }

  /** What is in the tables of a family. */
  public RibCounters counters(Family family) {
    FamilyTable table = tables.get(family);
    return table == null
        ? new RibCounters(0, 0, attributes.count(), groupList.size())
        : new RibCounters(
            table.prefixes.count(), table.bestCount(), attributes.count(), groupList.size());
  }

  /** The tables as people ask for them. */
  public RibView view() {
    return new RibView(this);
  }

  private void endIfNobodyAwaited() {
    if (deferred && awaited.isEmpty()) {
      endDeferral();
    }
  }

  private void endDeferral() {
    if (deferred) {
      deferred = false;
      awaited.clear();
      locRibFeed.resume();
      for (UpdateGroup group : groupList) {
        group.wake();
      }
    }
  }

  private void changed(FamilyTable table, int net, boolean best) {
    locRibFeed.changed(table, net);
    for (int i = 0; i < groupList.size(); i++) {
      groupList.get(i).changed(table.family, net, best);
    }
  }

  void endOfRib(RibPeer peer, Family family) {
    endRefresh(peer, family);
    Set<Family> done = awaited.get(peer.name());
    if (done != null) {
      done.add(family);
      if (done.containsAll(peer.traits().families().keySet())) {
        doNotAwait(peer.name());
      }
    }
  }

  /** What the neighbour sends from now on replaces all it sent (RFC 7313 §4). */
  void beginRefresh(RibPeer peer, Family family) {
    FamilyTable table = tables.get(family);
    if (table != null) {
      staleness.mark(peer, table);
    }
  }

  /** What the neighbour did not send again is gone. */
  void endRefresh(RibPeer peer, Family family) {
    FamilyTable table = tables.get(family);
    if (table != null) {
      staleness.sweep(peer, table);
    }
  }

  void down(RibPeer peer, Retention retention) {
    staleness.down(peer, retention);
    retireIfEmpty(peer);
  }

  /** A neighbour has other traits, which it holds already. */
  void traitsChanged(RibPeer peer, PeerTraits before) {
    PeerTraits now = peer.traits();
    boolean otherwise =
        before.kind() != now.kind()
            || before.localAs() != now.localAs()
            || before.clusterId() != now.clusterId()
            || !before.options().equals(now.options());
    for (FamilyTable table : tables.values()) {
      if (otherwise
          || !before.policies().importing(table.ip).equals(now.policies().importing(table.ip))) {
        sweepPathsOf(peer, table, path -> reimport(peer, table, path));
      }
    }
    UpdateGroup old = peer.group();
    GroupKey key = GroupKey.of(now);
    if (old != null && !old.key.equals(key)) {
      peer.move(group(key));
    }
  }

  /** What came from a neighbour is passed on by other rules: everybody looks at it again. */
  void sourceChanged(RibPeer peer) {
    for (FamilyTable table : tables.values()) {
      if (peer.tally(table.number).received > 0) {
        sweepPathsOf(peer, table, path -> changed(table, table.net(path), true));
      }
    }
  }

  private void sweepPathsOf(RibPeer peer, FamilyTable table, IntConsumer action) {
    sweeps.add(
        new Sweep(
            table,
            (of, path) -> {
              if (of.owner(path) == peer.index()) {
                action.accept(path);
              }
            },
            () -> {}));
  }

  void reimport(RibPeer peer, FamilyTable table, int path) {
    int accepted = peer.reimport(table, path);
    table.reaccept(path, accepted);
    if (accepted != 0) {
      attributes.release(accepted);
    }
  }

  /** A group without members: gives back what it holds, in slices. */
  void dispose(UpdateGroup group) {
    groups.remove(group.key, group);
    groupList.remove(group);
    for (GroupFamily family : group.families()) {
      int[] at = {1};
      background.work(
          nanos -> {
            at[0] = family.dispose(at[0], 1024);
            return at[0] < family.out.limit();
          });
    }
  }

  void retireIfEmpty(RibPeer peer) {
    if (!peer.established() && peer.isEmpty() && !retired.contains(peer)) {
      retired.add(peer);
    }
  }

  /** The number of a neighbour without routes is free when nothing that is said came from it. */
  private void forgetRetired() {
    retired.removeIf(
        peer -> {
          for (UpdateGroup group : groupList) {
            for (GroupFamily family : group.families()) {
              if (family.announcedFrom(peer.index()) > 0) {
                return false;
              }
            }
          }
          peers.remove(peer);
          return true;
        });
  }

  private UpdateGroup group(GroupKey key) {
    UpdateGroup known = groups.get(key);
    if (known == null) {
      known = new UpdateGroup(key, this, tables);
      groups.put(key, known);
      groupList.add(known);
    }
    return known;
  }

  SweepQueue sweeps() {
    return sweeps;
  }

  List<UpdateGroup> groups() {
    return groupList;
  }

  @Nullable FamilyTable table(Family family) {
    return tables.get(family);
  }

  Collection<FamilyTable> tables() {
    return tables.values();
  }

  static Family family(Cidr prefix) {
    return Family.unicast(prefix.family());
  }

  static int net(FamilyTable table, Cidr prefix) {
    return table.prefixes.find(
        PrefixTable.high(prefix.address()),
        PrefixTable.low(prefix.address()),
        prefix.prefixLength());
  }

  RouteTag tag(Family family, int net) {
    Map<Integer, RouteTag> ofFamily = tags.get(family);
    RouteTag tag = ofFamily == null ? null : ofFamily.get(net);
    return tag == null ? RouteTag.NONE : tag;
  }

  @Override
  public String device(Family family, int net) {
    return tag(family, net).device();
  }

  @Override
  public AttributeTable attributes() {
    return attributes;
  }

  @Override
  public PeerIndex peers() {
    return peers;
  }

  @Override
  public UpdateEncoder.Scratch scratch() {
    return scratch;
  }

  @Override
  public AttributeCache cache() {
    return cache;
  }

  @Override
  public Background background() {
    return background;
  }

  @Override
  public RibSettings settings() {
    return settings;
  }
}
