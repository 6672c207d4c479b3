package io.ocicat.nft.compile;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which atoms hold for which addresses of one family: single addresses by themselves, ranges as
 * segments in each of which the same holds everywhere.
 */
final class AddressSpace {

  /** How often each atom says so: overlapping members of a group are one atom twice. */
  private static final class Tally {
    final Map<Atom, Integer> counts = new HashMap<>();

    void count(Atom atom, int change) {
      counts.merge(atom, change, (a, b) -> a + b == 0 ? null : a + b);
    }

    Tally copy() {
      Tally copy = new Tally();
      copy.counts.putAll(counts);
      return copy;
    }
  }

  /** From first to last, both included, and what holds there. */
  record Segment(IpAddress first, IpAddress last, Set<Atom> atoms) {}

  private final Cidr all;
  private final TreeMap<IpAddress, Tally> hosts = new TreeMap<>();

  /** By first address; each reaches to the next. */
  private final TreeMap<IpAddress, Tally> segments = new TreeMap<>();

  private Set<IpAddress> changedHosts = new HashSet<>();
  private boolean segmentsChanged;

  /**
   * @param all the prefix of length 0
   */
  AddressSpace(Cidr all) {
    this.all = all;
    segments.put(all.address(), new Tally());
  }

  /** Counts one more, or one less, reason for which {@code atom} holds in {@code net}. */
  void count(Cidr net, Atom atom, int change) {
    if (net.isHost()) {
      Tally host = hosts.computeIfAbsent(net.address(), _ -> new Tally());
      host.count(atom, change);
      if (host.counts.isEmpty()) {
        hosts.remove(net.address());
      }
      changedHosts.add(net.address());
      return;
    }
    splitAt(net.address());
    boolean endsBefore = !net.last().equals(all.last());
    if (endsBefore) {
      splitAt(net.last().plus(1));
    }
    segments
        .subMap(net.address(), true, net.last(), true)
        .values()
        .forEach(segment -> segment.count(atom, change));
    mergeAt(net.address());
    if (endsBefore) {
      mergeAt(net.last().plus(1));
    }
    segmentsChanged = true;
    changedHosts.addAll(hosts.subMap(net.address(), true, net.last(), true).keySet());
  }

  private void splitAt(IpAddress first) {
    Map.Entry<IpAddress, Tally> around = segments.floorEntry(first);
    if (!around.getKey().equals(first)) {
      segments.put(first, around.getValue().copy());
    }
  }

  private void mergeAt(IpAddress first) {
    Map.Entry<IpAddress, Tally> before = segments.lowerEntry(first);
    Tally here = segments.get(first);
    if (before != null && here != null && before.getValue().counts.equals(here.counts)) {
      segments.remove(first);
    }
  }

  /** The addresses for which something may have changed since the last call. */
  Set<IpAddress> takeChangedHosts() {
    Set<IpAddress> changed = changedHosts;
    changedHosts = new HashSet<>();
    return changed;
  }

  /** Whether segments may have changed since the last call. */
  boolean takeSegmentsChanged() {
    boolean changed = segmentsChanged;
    segmentsChanged = false;
    return changed;
  }

  /**
   * What holds for an address that some atom knows by itself; nothing if none does, for then
   * segments speak for it.
   */
  Set<Atom> atomsOfHost(IpAddress address) {
    Tally host = hosts.get(address);
    if (host == null) {
      return Set.of();
    }
    Set<Atom> atoms = new HashSet<>(host.counts.keySet());
    atoms.addAll(segments.floorEntry(address).getValue().counts.keySet());
    return atoms;
  }

  /** The segments where something holds, in order; neighbours differ. */
  List<Segment> segments() {
    List<Segment> found = new ArrayList<>();
    for (Map.Entry<IpAddress, Tally> entry : segments.entrySet()) {
      IpAddress next = segments.higherKey(entry.getKey());
      Set<Atom> atoms = Set.copyOf(entry.getValue().counts.keySet());
      if (!atoms.isEmpty()) {
        IpAddress last = next == null ? all.last() : next.plus(-1);
        Segment before = found.isEmpty() ? null : found.getLast();
        if (before != null
            && before.last().plus(1).equals(entry.getKey())
            && before.atoms().equals(atoms)) {
          found.set(found.size() - 1, new Segment(before.first(), last, atoms));
        } else {
          found.add(new Segment(entry.getKey(), last, atoms));
        }
      }
    }
    return found;
  }
}
