package io.ocicat.nft.compile;

import io.ocicat.inet.IpFamily;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.SetContent;
import io.ocicat.nftables.Table;
import io.ocicat.plan.MasqueradePlan;
import io.ocicat.policy.GroupDelta;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.GroupMember;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The table that a node should have, kept up to date change by change. A change makes new objects
 * only for what it touches; {@link #snapshot} shares the rest with the one before, which is what
 * makes finding the difference cheap.
 *
 * <p>The content depends only on what is put in, not on the order. Chains and sets are there as
 * long as an endpoint needs them. Members of a group are remembered whether or not it is needed at
 * the moment.
 *
 * <p>Belongs to one thread; snapshots may go anywhere.
 */
public final class NodeTable {

  /** The one table that is ours. */
  public static final Table TABLE = Layout.TABLE;

  /** Who uses what host endpoints need; no interface has that name. */
  private static final String HOSTS = "host endpoints";

  /** The group of nfnetlink_log to which rules report packets. */
  public static final int LOG_GROUP = Layout.LOG_GROUP;

  /** From so many changed members on, sorting all anew is cheaper than placing each. */
  private static final int BULK = 64;

  private record Used(Part part, Piece piece, Set<String> users) {}

  private final Map<String, EndpointPiece> endpoints = new HashMap<>();

  /** Of rows and rules, by the chain's name. */
  private final Map<String, Used> chains = new HashMap<>();

  private final Map<String, Set<String>> usersOfTier = new HashMap<>();
  private final Map<String, TierTable> tiers = new HashMap<>();
  private final Map<Atom, Set<String>> tiersOfAtom = new HashMap<>();

  /** To which identities that are known already have to be added. */
  private final Set<String> freshTiers = new HashSet<>();

  private final AddressBook addresses = new AddressBook();
  private final Map<String, Set<String>> usersOfSet = new HashMap<>();
  private final Map<GroupId, Set<GroupSet>> setsOfGroup = new HashMap<>();
  private final Map<GroupId, Set<GroupMember>> groups = new HashMap<>();
  private MasqueradePlan masquerade = MasqueradePlan.NONE;
  private NftHosts hosts = NftHosts.NONE;
  private HostPiece hostPiece = HostPiece.of(NftHosts.NONE);
  private NftTable table;

  public NodeTable() {
    table = NftTable.empty(Layout.TABLE);
    for (var chain : BaseChains.chains()) {
      table = table.with(chain);
    }
    table =
        table.with(SetContent.empty(BaseChains.EGRESS)).with(SetContent.empty(BaseChains.INGRESS));
    for (NftSet map : BaseChains.addressMaps()) {
      table = table.with(SetContent.empty(map));
    }
    placePools();
  }

  /** The table as it should be now. */
  public NftTable snapshot() {
    settle();
    return table;
  }

  /**
   * What a chain decides or reports, by the name that it has in the kernel and in reports; empty if
   * there is none of that name.
   */
  public Optional<Decision> decision(String chain) {
    return chains.get(chain) instanceof Used(RuleChain rule, _, _)
        ? Optional.of(rule.decision())
        : Optional.empty();
  }

  /** All that chains decide, by the chain's name. */
  public Map<String, Decision> decisions() {
    Map<String, Decision> decisions = new HashMap<>();
    chains.forEach(
        (name, used) -> {
          if (used.part instanceof RuleChain rule) {
            decisions.put(name, rule.decision());
          }
        });
    return decisions;
  }

  /** Brings the maps from addresses to rows up to date with all that has changed. */
  private void settle() {
    AddressBook.Settlement settlement = addresses.settle();
    settlement.families().forEach(this::place);
    Set<String> changed = new HashSet<>(freshTiers);
    Map<String, Set<RowChain>> rowsBefore = new HashMap<>();
    for (Identity identity : settlement.died()) {
      forTiersOf(identity, rowsBefore, tier -> tier.remove(identity));
    }
    for (Identity identity : settlement.born()) {
      forTiersOf(identity, rowsBefore, tier -> tier.add(identity));
    }
    for (String name : freshTiers) {
      TierTable tier = tier(name);
      rowsBefore.putIfAbsent(name, Set.of());
      tier.program().atoms().forEach(atom -> addresses.identitiesOf(atom).forEach(tier::add));
    }
    freshTiers.clear();
    changed.addAll(rowsBefore.keySet());
    for (String name : changed) {
      TierTable tier = tier(name);
      if (tier.isChanged()) {
        place(name, tier, rowsBefore.getOrDefault(name, Set.of()));
      }
    }
  }

  private void forTiersOf(
      Identity identity, Map<String, Set<RowChain>> rowsBefore, Consumer<TierTable> change) {
    Set<String> names = new HashSet<>();
    identity.atoms().forEach(atom -> names.addAll(tiersOfAtom.getOrDefault(atom, Set.of())));
    for (String name : names) {
      TierTable tier = tier(name);
      // A fresh tier's rows have not been acquired yet.
      rowsBefore.computeIfAbsent(
          name, _ -> freshTiers.contains(name) ? Set.of() : Set.copyOf(tier.rows()));
      change.accept(tier);
    }
  }

  private TierTable tier(String name) {
    TierTable tier = tiers.get(name);
    if (tier == null) {
      throw new IllegalStateException("tier " + name + " is used but not there");
    }
    return tier;
  }

  private void place(String name, TierTable tier, Set<RowChain> rowsBefore) {
    tier.rows().stream()
        .filter(row -> !rowsBefore.contains(row))
        .forEach(row -> acquire(row, rowUser(name)));
    SetContent map = table.set(name).orElseGet(() -> SetContent.empty(TierTable.map(name)));
    table = table.with(tier.update(map));
    rowsBefore.stream()
        .filter(row -> !tier.rows().contains(row))
        .forEach(row -> release(row.name(), rowUser(name)));
  }

  /** The tier's chain itself uses a row, too. */
  private static String rowUser(String tier) {
    return tier + " map";
  }

  private void place(IpFamily family, AddressBook.Elements elements) {
    String hosts = Layout.hosts(family);
    if (!elements.changedHosts().isEmpty() || !elements.removedHosts().isEmpty()) {
      table =
          table.with(
              set(hosts).withoutAll(elements.removedHosts()).withAll(elements.changedHosts()));
    }
    if (elements.ranges().isPresent()) {
      SetContent before = set(Layout.ranges(family));
      SetContent now = SetContent.of(before.set(), elements.ranges().get());
      if (!now.equals(before)) {
        table = table.with(now);
      }
    }
  }

  private SetContent set(String name) {
    return table
        .set(name)
        .orElseThrow(() -> new IllegalStateException("set " + name + " is missing"));
  }

  /** Adds an endpoint, or replaces the one with the same interface. */
  public void put(NftEndpoint endpoint) {
    EndpointPiece piece = EndpointPiece.of(endpoint);
    Optional<EndpointPiece> old =
        Optional.ofNullable(endpoints.put(endpoint.hostInterface(), piece));
    piece.tiers().forEach(tier -> acquire(tier, endpoint.hostInterface()));
    table =
        table
            .with(piece.from())
            .with(piece.to())
            .withElement(Layout.EGRESS, piece.egress())
            .withElement(Layout.INGRESS, piece.ingress());
    Set<String> kept = new HashSet<>();
    piece.tiers().forEach(tier -> kept.add(tier.name()));
    old.ifPresent(
        before ->
            before.tiers().stream()
                .map(TierChain::name)
                .filter(name -> !kept.contains(name))
                .forEach(name -> releaseTier(name, endpoint.hostInterface())));
  }

  /** Removes the endpoint with that interface, if it is there: its interface is then cut off. */
  public void remove(String hostInterface) {
    EndpointPiece old = endpoints.remove(hostInterface);
    if (old == null) {
      return;
    }
    table =
        table
            .withoutElement(Layout.EGRESS, old.egress())
            .withoutElement(Layout.INGRESS, old.ingress())
            .withoutChain(old.from().name())
            .withoutChain(old.to().name());
    old.tiers().forEach(tier -> releaseTier(tier.name(), hostInterface));
  }

  /** Sets all members of a group. */
  public void setGroup(GroupId id, Collection<GroupMember> members) {
    Set<GroupMember> now = new HashSet<>(members);
    Set<GroupMember> old = groups.put(id, now);
    Atom.Group atom = new Atom.Group(id);
    if (old != null) {
      addresses.remove(atom, old.stream().filter(member -> !now.contains(member)).toList());
      addresses.add(atom, now.stream().filter(member -> !old.contains(member)).toList());
    } else {
      addresses.add(atom, now);
    }
    for (GroupSet set : setsOfGroup.getOrDefault(id, Set.of())) {
      table = table.with(content(set));
    }
  }

  /** Changes the members of a group; what is already so is left so. */
  public void changeGroup(GroupId id, GroupDelta delta) {
    Set<GroupMember> members = groups.computeIfAbsent(id, _ -> new HashSet<>());
    Atom.Group atom = new Atom.Group(id);
    addresses.remove(atom, delta.removed().stream().filter(members::remove).toList());
    addresses.add(atom, delta.added().stream().filter(members::add).toList());
    boolean isBulk = delta.added().size() + delta.removed().size() > BULK;
    for (GroupSet set : setsOfGroup.getOrDefault(id, Set.of())) {
      if (set.isTouchedBy(delta.added()) || set.isTouchedBy(delta.removed())) {
        table = table.with(isBulk || !set.isOneByOne() ? content(set) : changed(set, delta));
      }
    }
  }

  private SetContent changed(GroupSet set, GroupDelta delta) {
    SetContent content = set(set.name());
    for (GroupMember member : delta.removed()) {
      Optional<Element> element = set.element(member);
      content = element.isPresent() ? content.without(element.get()) : content;
    }
    for (GroupMember member : delta.added()) {
      Optional<Element> element = set.element(member);
      content = element.isPresent() ? content.with(element.get()) : content;
    }
    return content;
  }

  /** Forgets a group's members; where it is still needed it has none from now on. */
  public void forgetGroup(GroupId id) {
    setGroup(id, Set.of());
    groups.remove(id);
  }

  /** Sets what leaves with the node's address. */
  public void setMasquerade(MasqueradePlan masquerade) {
    if (!masquerade.equals(this.masquerade)) {
      this.masquerade = masquerade;
      placePools();
    }
  }

  /** Sets what decides about traffic of the node itself; without any of it nothing is there. */
  public void setHosts(NftHosts hosts) {
    if (hosts.equals(this.hosts)) {
      return;
    }
    this.hosts = hosts;
    for (var chain : BaseChains.entries(hosts.settings().established())) {
      table = table.with(chain);
    }
    HostPiece old = hostPiece;
    hostPiece = HostPiece.of(hosts);
    Set<String> kept = new HashSet<>();
    for (TierChain tier : hostPiece.tiers()) {
      kept.add(tier.name());
      acquire(tier, HOSTS);
    }
    for (var set : hostPiece.sets().values()) {
      table = table.with(set);
    }
    for (var chain : hostPiece.chains().values()) {
      table = table.with(chain);
    }
    for (String chain : old.chains().keySet()) {
      table = hostPiece.chains().containsKey(chain) ? table : table.withoutChain(chain);
    }
    for (String set : old.sets().keySet()) {
      table = hostPiece.sets().containsKey(set) ? table : table.withoutSet(set);
    }
    old.tiers().stream()
        .map(TierChain::name)
        .distinct()
        .filter(name -> !kept.contains(name))
        .forEach(name -> releaseTier(name, HOSTS));
  }

  private void placePools() {
    for (SetContent set : BaseChains.pools(masquerade)) {
      table = table.with(set);
    }
  }

  private void acquire(TierChain tier, String user) {
    Set<String> users = usersOfTier.computeIfAbsent(tier.name(), _ -> new HashSet<>());
    users.add(user);
    if (tiers.containsKey(tier.name())) {
      return;
    }
    TierProgram program = tier.program();
    tiers.put(tier.name(), new TierTable(tier, program));
    freshTiers.add(tier.name());
    for (Atom atom : program.atoms()) {
      addresses.hold(atom, members(atom));
      tiersOfAtom.computeIfAbsent(atom, _ -> new HashSet<>()).add(tier.name());
    }
    if (!program.atoms().isEmpty()) {
      table = table.with(SetContent.empty(TierTable.map(tier.name())));
    }
    place(tier.piece(program), tier.name());
  }

  private Set<GroupMember> members(Atom atom) {
    return switch (atom) {
      case Atom.Net _ -> Set.of();
      case Atom.Group(var id) -> groups.getOrDefault(id, Set.of());
    };
  }

  private void releaseTier(String name, String user) {
    Set<String> users = usersOfTier.getOrDefault(name, Set.of());
    users.remove(user);
    if (!users.isEmpty()) {
      return;
    }
    settle();
    usersOfTier.remove(name);
    TierTable tier = tier(name);
    tiers.remove(name);
    for (Atom atom : tier.program().atoms()) {
      addresses.release(atom, members(atom));
      tiersOfAtom.computeIfPresent(
          atom,
          (_, names) -> {
            names.remove(name);
            return names.isEmpty() ? null : names;
          });
    }
    table = table.withoutChain(name).withoutSet(name);
    tier.rows().forEach(row -> release(row.name(), rowUser(name)));
    release(tier.program().row(Set.of()).name(), name);
  }

  private void acquire(Part part, String user) {
    Used known = chains.get(part.name());
    if (known != null) {
      known.users.add(user);
      return;
    }
    Piece piece = part.piece();
    chains.put(part.name(), new Used(part, piece, new HashSet<>(Set.of(user))));
    place(piece, part.name());
  }

  private void place(Piece piece, String name) {
    for (Part part : piece.parts()) {
      acquire(part, name);
    }
    for (GroupSet set : piece.groups()) {
      if (acquireSet(set.name(), name)) {
        setsOfGroup.computeIfAbsent(set.group(), _ -> new HashSet<>()).add(set);
        table = table.with(content(set));
      }
    }
    for (SetContent set : piece.sets()) {
      if (acquireSet(set.name(), name)) {
        table = table.with(set);
      }
    }
    table = table.with(piece.chain());
  }

  private void release(String name, String user) {
    Used used = chains.get(name);
    if (used == null) {
      throw new IllegalStateException("chain " + name + " is used but not there");
    }
    used.users.remove(user);
    if (!used.users.isEmpty()) {
      return;
    }
    chains.remove(name);
    table = table.withoutChain(name);
    for (GroupSet set : used.piece.groups()) {
      if (releaseSet(set.name(), name)) {
        setsOfGroup.computeIfPresent(
            set.group(),
            (_, sets) -> {
              sets.remove(set);
              return sets.isEmpty() ? null : sets;
            });
      }
    }
    used.piece.sets().forEach(set -> releaseSet(set.name(), name));
    used.piece.parts().forEach(part -> release(part.name(), name));
  }

  /** Whether the set is new. */
  private boolean acquireSet(String name, String chain) {
    Set<String> users = usersOfSet.computeIfAbsent(name, _ -> new HashSet<>());
    boolean isNew = users.isEmpty();
    users.add(chain);
    return isNew;
  }

  /** Whether the set is gone. */
  private boolean releaseSet(String name, String chain) {
    Set<String> users = usersOfSet.getOrDefault(name, Set.of());
    users.remove(chain);
    if (!users.isEmpty()) {
      return false;
    }
    usersOfSet.remove(name);
    table = table.withoutSet(name);
    return true;
  }

  private SetContent content(GroupSet set) {
    return set.of(groups.getOrDefault(set.group(), Set.of()));
  }
}
