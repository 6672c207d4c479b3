package io.ocicat.bgp.rib;

import io.ocicat.bgp.policy.CompiledPolicy;
import io.ocicat.bgp.policy.Evaluation;
import io.ocicat.bgp.policy.RouteFacts;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.EncodedAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One family of a group: what is pending, what was said (Adj-RIB-Out), and what the group makes of
 * attribute sets.
 */
final class GroupFamily {
  final UpdateGroup group;
  final FamilyTable table;
  final OutTable out;
  final ExportEntries entries;
  private final AttributeTable attributes;
  private final PeerIndex peers;
  private final NumberQueue pending = new NumberQueue();
  private final CompiledPolicy policy;
  private final boolean policyLooksAtPrefix;
  private final int sendPaths;
  private int[] fromSource = new int[8];
  private int announced;
  private long processed;
  private @Nullable Walk walk;
  private long walkMadeAt;
  private int[] paths = new int[8];
  private boolean[] wanted = new boolean[8];

  GroupFamily(UpdateGroup group, FamilyTable table, int sendPaths, RibCore core) {
    this.group = group;
    this.table = table;
    this.sendPaths = sendPaths;
    this.attributes = core.attributes();
    this.peers = core.peers();
    this.entries = new ExportEntries(attributes);
    this.out = sendPaths == 1 ? new BestOut(table.prefixes) : new PathsOut(table.prefixes);
    this.policy = new CompiledPolicy(group.key.exporting(table.family));
    this.policyLooksAtPrefix = policy.looksAtPrefix();
  }

  boolean isPending() {
    return !pending.isEmpty();
  }

  /** Nets looked at since the group began. */
  long processed() {
    return processed;
  }

  /** What {@link #processed} will be when all that is pending now has been looked at. */
  long target() {
    return processed + pending.size();
  }

  /** Announcements the group stands by that did not come from this neighbour. */
  int announcedTo(int peer) {
    return announced - announcedFrom(peer);
  }

  int announcedFrom(int peer) {
    return peer < fromSource.length ? fromSource[peer] : 0;
  }

  /** Marks a net to be looked at; true if none was waiting before. */
  boolean changed(int net, boolean best) {
    if (!best && sendPaths == 1) {
      return false;
    }
    boolean first = pending.isEmpty();
    if (pending.add(net)) {
      table.prefixes.pin(net);
    }
    return first;
  }

  /** Everything in the Loc-RIB is pending: a new group. */
  void addAll() {
    for (int net = 1; net < table.prefixes.limit(); net++) {
      if (table.prefixes.used(net) && table.first(net) != 0) {
        changed(net, true);
      }
    }
  }

  /** Looks at pending nets and puts what is to be said into the batch, whose items get pinned. */
  void collect(Batch batch, int most) {
    int count = Math.min(most, pending.size());
    for (int i = 0; i < count; i++) {
      int net = pending.poll();
      processed++;
      if (sendPaths == 1) {
        int best = table.best(net);
        change(batch, net, best == 0 ? 0 : entryFor(net, best));
      } else {
        collectPaths(batch, net, (PathsOut) out);
      }
      table.prefixes.unpin(net);
    }
  }

  private void collectPaths(Batch batch, int net, PathsOut items) {
    int available = table.pathCount(net);
    if (paths.length < available) {
      paths = new int[available * 2];
    }
    int count = available == 0 ? 0 : table.ranked(net, Math.min(sendPaths, available), paths);
    int most = count;
    for (int item = items.first(net); item != 0; item = items.next(item)) {
      most++;
    }
    if (wanted.length < most) {
      wanted = new boolean[most * 2];
    }
    Arrays.fill(wanted, 0, count, false);
    int item = items.first(net);
    while (item != 0) {
      int next = items.next(item);
      boolean stays = false;
      for (int i = 0; i < count; i++) {
        stays |= paths[i] == items.pathId(item);
      }
      if (!stays) {
        change(batch, item, 0);
      }
      item = next;
    }
    for (int i = 0; i < count; i++) {
      int entry = entryFor(net, paths[i]);
      int of = items.findOrAdd(net, paths[i]);
      items.pin(of);
      change(batch, of, entry);
      items.unpin(of);
    }
  }

  private void change(Batch batch, int item, int now) {
    int before = out.entry(item);
    if (before == now) {
      return;
    }
    if (before != 0 && now != 0 && sameForAll(before, now)) {
      put(item, before, now);
      return;
    }
    out.pin(item); // for the batch
    if (now == 0) {
      batch.withdraw(item, member(entries.source(before)));
    } else {
      batch.announce(item, now);
      int source = member(entries.source(now));
      if (before != 0 && source != Chunk.NOBODY && source != entries.source(before)) {
        out.pin(item);
        batch.withdrawOnly(item, source);
      }
    }
    put(item, before, now);
  }

  private void put(int item, int before, int now) {
    if (now != 0) {
      entries.use(now);
      count(entries.source(now), 1);
    }
    if (before != 0) {
      count(entries.source(before), -1);
      entries.release(before);
    }
    out.entry(item, now);
  }

  private void count(int source, int difference) {
    announced += difference;
    if (source >= fromSource.length) {
      fromSource = Arrays.copyOf(fromSource, source * 2);
    }
    fromSource[source] += difference;
  }

  private boolean sameForAll(int one, int other) {
    int source = entries.source(one);
    int otherSource = entries.source(other);
    return (source == otherSource
            || (member(source) == Chunk.NOBODY && member(otherSource) == Chunk.NOBODY))
        && entries.octets(one).equals(entries.octets(other));
  }

  /** The neighbour, if it is one of the group that must not get its own routes back. */
  int member(int source) {
    return source != 0 && group.has(source) ? source : Chunk.NOBODY;
  }

  /** The entry for a path, or 0 if it is not sent. */
  private int entryFor(int net, int path) {
    int set = table.accepted(path);
    int source = table.owner(path);
    int version = peers.at(source).version();
    if (!policyLooksAtPrefix) {
      int known = entries.findAny(set, source, version);
      if (known >= 0) {
        return entries.sent(known) ? known : 0;
      }
    }
    Exporter.Source from = peers.at(source).asSource();
    Attributes original = attributes.set(set);
    Attributes before = Exporter.beforePolicy(group.key, from, original);
    long held =
        Exporter.refusal(group.key, from, original) == null
            ? policy.held(facts(net, path, before, from))
            : CompiledPolicy.REJECTED;
    if (policyLooksAtPrefix) {
      if (held == CompiledPolicy.REJECTED) {
        return 0;
      }
      int known = entries.find(set, source, version, held);
      if (known >= 0) {
        return entries.sent(known) ? known : 0;
      }
    }
    Attributes sent =
        held == CompiledPolicy.REJECTED
            ? null
            : Exporter.afterPolicy(
                group.key,
                table.family,
                from,
                original,
                policy.apply(held, before),
                (int) group.core.defaultLocalPref());
    EncodedAttributes octets = sent == null ? null : group.encoder().attributes(table.family, sent);
    int entry = entries.add(set, source, version, held, octets);
    return octets == null ? 0 : entry;
  }

  private RouteFacts facts(int net, int path, Attributes before, Exporter.Source from) {
    return new RouteFacts(
        table.ip,
        table.prefixes.highOf(net),
        table.prefixes.lowOf(net),
        table.prefixes.lengthOf(net),
        before,
        from.forPolicy(),
        !group.key.kind().internal(),
        from.local() ? group.core.device(table.family, net) : peers.at(table.owner(path)).device());
  }

  /** Rows of what a neighbour is told of a net. */
  void advertised(int net, int peer, List<RouteRow> rows) {
    if (out instanceof PathsOut items) {
      for (int item = items.first(net); item != 0; item = items.next(item)) {
        advertisedItem(item, peer, rows);
      }
    } else {
      advertisedItem(net, peer, rows);
    }
  }

  private void advertisedItem(int item, int peer, List<RouteRow> rows) {
    int entry = out.entry(item);
    if (entry == 0 || entries.source(entry) == peer) {
      return;
    }
    int net = out.net(item);
    Exporter.Source from = peers.at(entries.source(entry)).asSource();
    Attributes original = attributes.set(entries.set(entry));
    Attributes before = Exporter.beforePolicy(group.key, from, original);
    Attributes sent =
        Exporter.afterPolicy(
            group.key,
            table.family,
            from,
            original,
            policy.apply(entries.held(entry), before),
            (int) group.core.defaultLocalPref());
    if (sent != null) {
      rows.add(
          new RouteRow(
              table.prefixes.prefix(net),
              peers.at(entries.source(entry)).name(),
              Integer.toUnsignedLong(out.pathId(item)),
              sent,
              true,
              true,
              false));
    }
  }

  /** What a neighbour is told of the best path of a net, and why. */
  Explanation.Export explain(int net, RibPeer peer) {
    int best = table.best(net);
    if (best == 0) {
      return new Explanation.Export(peer.name(), Optional.empty(), "there is no usable path");
    }
    int source = table.owner(best);
    if (source == peer.index()) {
      return new Explanation.Export(
          peer.name(), Optional.empty(), "the best path came from this neighbour");
    }
    Exporter.Source from = peers.at(source).asSource();
    Attributes original = attributes.set(table.accepted(best));
    String refusal = Exporter.refusal(group.key, from, original);
    if (refusal != null) {
      return new Explanation.Export(peer.name(), Optional.empty(), refusal);
    }
    Evaluation evaluation =
        policy
            .policy()
            .evaluate(facts(net, best, Exporter.beforePolicy(group.key, from, original), from));
    if (!evaluation.accepted()) {
      return new Explanation.Export(peer.name(), Optional.empty(), evaluation.decidedBy());
    }
    Attributes sent =
        Exporter.afterPolicy(
            group.key,
            table.family,
            from,
            original,
            evaluation.attributes(),
            (int) group.core.defaultLocalPref());
    return new Explanation.Export(
        peer.name(),
        Optional.ofNullable(sent),
        sent == null ? "we have no next hop of that family to tell" : evaluation.decidedBy());
  }

  /** The walk that a new neighbour starts with; shared while nobody has begun to read it. */
  Walk walk() {
    Walk running = walk;
    if (running == null || running.begun() || walkMadeAt != processed) {
      walkMadeAt = processed;
      Walk fresh = new Walk(this);
      if (!fresh.ready()) {
        group
            .core
            .background()
            .work(
                nanos -> {
                  boolean more = fresh.runFor(nanos);
                  if (!more) {
                    group.wake();
                  }
                  return more;
                });
      }
      walk = fresh;
      return fresh;
    }
    return running;
  }

  /** Gives everything back, in slices: the group is gone. */
  int dispose(int from, int most) {
    while (!pending.isEmpty()) {
      table.prefixes.unpin(pending.poll());
    }
    int end = Math.min(out.limit(), from + most);
    for (int item = Math.max(1, from); item < end; item++) {
      int entry = out.entry(item);
      if (entry != 0) {
        put(item, entry, 0);
      }
    }
    entries.dropUnused();
    return end;
  }
}
