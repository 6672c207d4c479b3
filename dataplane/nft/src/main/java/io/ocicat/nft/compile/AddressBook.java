package io.ocicat.nft.compile;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.nft.compile.AddressSpace.Segment;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.Element;
import io.ocicat.policy.GroupMember;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The {@link Identity} of every address that some rule of this node asks for. Atoms are known while
 * they are held; a change costs what it touches, and is complete with {@link #settle}.
 */
final class AddressBook {

  /**
   * What changed.
   *
   * @param families elements of the kernel's maps
   * @param born identities that no address had before
   * @param died identities that no address has any more
   */
  record Settlement(Map<IpFamily, Elements> families, Set<Identity> born, Set<Identity> died) {}

  /**
   * Of the maps of one family.
   *
   * @param changedHosts to be added or put in place of those with the same key
   * @param removedHosts by key
   * @param ranges all of them, if they may have changed
   */
  record Elements(
      List<Element> changedHosts, List<Element> removedHosts, Optional<List<Element>> ranges) {}

  private final Map<Atom, Integer> holders = new HashMap<>();
  private final Map<IpFamily, AddressSpace> spaces = new EnumMap<>(IpFamily.class);
  private final Map<IpAddress, Identity> hosts = new HashMap<>();
  private final Map<IpFamily, List<Identity>> ranges = new EnumMap<>(IpFamily.class);

  private final Map<Set<Atom>, Identity> identities = new HashMap<>();
  private final Map<Bytes, Identity> byId = new HashMap<>();
  private final Map<Identity, Integer> uses = new HashMap<>();
  private final Map<Atom, Set<Identity>> identitiesOfAtom = new HashMap<>();

  /** Whether they were in use at the last settlement. */
  private final Map<Identity, Boolean> touched = new HashMap<>();

  AddressBook() {
    for (IpFamily family : IpFamily.values()) {
      spaces.put(family, new AddressSpace(all(family)));
      ranges.put(family, List.of());
    }
  }

  private static Cidr all(IpFamily family) {
    return new Cidr(IpAddress.ofBytes(new byte[family.bytes()]), 0);
  }

  boolean holds(Atom atom) {
    return holders.containsKey(atom);
  }

  /**
   * One more asks for {@code atom}.
   *
   * @param members if it is a group
   */
  void hold(Atom atom, Collection<GroupMember> members) {
    if (holders.merge(atom, 1, Integer::sum) == 1) {
      countAll(atom, members, 1);
    }
  }

  /**
   * One less asks for it.
   *
   * @param members as they were given and changed
   */
  void release(Atom atom, Collection<GroupMember> members) {
    if (holders.merge(atom, -1, (a, b) -> a + b == 0 ? null : a + b) == null) {
      countAll(atom, members, -1);
    }
  }

  private void countAll(Atom atom, Collection<GroupMember> members, int change) {
    switch (atom) {
      case Atom.Net(var net) -> count(net, atom, change);
      case Atom.Group _ -> members.forEach(member -> count(member.net(), atom, change));
    }
  }

  /** Members that were not in the group are now. */
  void add(Atom.Group group, Collection<GroupMember> members) {
    if (holds(group)) {
      countAll(group, members, 1);
    }
  }

  /** Members that were in the group are no more. */
  void remove(Atom.Group group, Collection<GroupMember> members) {
    if (holds(group)) {
      countAll(group, members, -1);
    }
  }

  private void count(Cidr net, Atom atom, int change) {
    space(net.family()).count(net, atom, change);
  }

  private AddressSpace space(IpFamily family) {
    AddressSpace space = spaces.get(family);
    if (space == null) {
      throw new IllegalStateException("no address space of " + family);
    }
    return space;
  }

  /** The identities that have {@code atom}. */
  Set<Identity> identitiesOf(Atom atom) {
    return identitiesOfAtom.getOrDefault(atom, Set.of());
  }

  Settlement settle() {
    Map<IpFamily, Elements> families = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      families.put(family, settle(family));
    }
    Set<Identity> born = new HashSet<>();
    Set<Identity> died = new HashSet<>();
    touched.forEach(
        (identity, wasUsed) -> {
          boolean isUsed = uses.containsKey(identity);
          if (isUsed && !wasUsed) {
            born.add(identity);
          } else if (!isUsed && wasUsed) {
            died.add(identity);
          }
        });
    touched.clear();
    return new Settlement(families, born, died);
  }

  private Elements settle(IpFamily family) {
    AddressSpace space = space(family);
    List<Element> changed = new ArrayList<>();
    List<Element> removed = new ArrayList<>();
    for (IpAddress address : space.takeChangedHosts()) {
      Set<Atom> atoms = space.atomsOfHost(address);
      Bytes key = Bytes.of(address.toBytes());
      Identity old = hosts.get(address);
      if (atoms.isEmpty()) {
        if (old != null) {
          hosts.remove(address);
          letGo(old);
          removed.add(Element.of(key));
        }
      } else {
        Identity now = use(atoms);
        if (old != null) {
          letGo(old);
        }
        if (!now.equals(hosts.put(address, now))) {
          changed.add(Element.of(key, now.id()));
        }
      }
    }
    Optional<List<Element>> elements =
        space.takeSegmentsChanged() ? Optional.of(ranges(family, space)) : Optional.empty();
    return new Elements(changed, removed, elements);
  }

  private List<Element> ranges(IpFamily family, AddressSpace space) {
    List<Identity> now = new ArrayList<>();
    List<Element> elements = new ArrayList<>();
    for (Segment segment : space.segments()) {
      Identity identity = use(segment.atoms());
      now.add(identity);
      elements.add(
          Element.interval(
              Bytes.of(segment.first().toBytes()),
              Bytes.of(segment.last().toBytes()),
              identity.id()));
    }
    ranges.getOrDefault(family, List.of()).forEach(this::letGo);
    ranges.put(family, now);
    return elements;
  }

  private Identity use(Set<Atom> atoms) {
    Identity identity = identities.computeIfAbsent(Set.copyOf(atoms), this::make);
    touched.putIfAbsent(identity, uses.containsKey(identity));
    uses.merge(identity, 1, Integer::sum);
    return identity;
  }

  /** The first of those whose hashes meet keeps it. */
  private Identity make(Set<Atom> atoms) {
    int attempt = 0;
    Identity identity = Identity.of(atoms);
    while (byId.containsKey(identity.id())) {
      attempt++;
      identity = Identity.of(atoms, attempt);
    }
    byId.put(identity.id(), identity);
    for (Atom atom : atoms) {
      identitiesOfAtom.computeIfAbsent(atom, _ -> new HashSet<>()).add(identity);
    }
    return identity;
  }

  private void letGo(Identity identity) {
    touched.putIfAbsent(identity, true);
    if (uses.merge(identity, -1, (a, b) -> a + b == 0 ? null : a + b) == null) {
      identities.remove(Set.copyOf(identity.atoms()));
      byId.remove(identity.id());
      for (Atom atom : identity.atoms()) {
        identitiesOfAtom.computeIfPresent(
            atom,
            (_, all) -> {
              all.remove(identity);
              return all.isEmpty() ? null : all;
            });
      }
    }
  }
}
