package io.ocicat.nft.compile;

import io.ocicat.nftables.Element;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.SetContent;
import io.ocicat.nftables.Table;
import io.ocicat.plan.MasqueradePlan;
import io.ocicat.policy.GroupDelta;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.GroupMember;
import io.ocicat.policy.PolicyChain;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

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

  private record Used<T>(T piece, Set<String> users) {}

  private final Map<String, EndpointPiece> endpoints = new HashMap<>();

  /** Of tiers and policies, by the chain's name. */
  private final Map<String, Used<PolicyPiece>> chains = new HashMap<>();

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
    placePools();
  }

  /** The table as it should be now. */
  public NftTable snapshot() {
    return table;
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
                .forEach(name -> release(name, endpoint.hostInterface())));
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
    old.tiers().forEach(tier -> release(tier.name(), hostInterface));
  }

  /** Sets all members of a group. */
  public void setGroup(GroupId id, Collection<GroupMember> members) {
    groups.put(id, new HashSet<>(members));
    for (GroupSet set : setsOfGroup.getOrDefault(id, Set.of())) {
      table = table.with(content(set));
    }
  }

  /** Changes the members of a group; what is already so is left so. */
  public void changeGroup(GroupId id, GroupDelta delta) {
    Set<GroupMember> members = groups.computeIfAbsent(id, _ -> new HashSet<>());
    members.removeAll(delta.removed());
    members.addAll(delta.added());
    boolean isBulk = delta.added().size() + delta.removed().size() > BULK;
    for (GroupSet set : setsOfGroup.getOrDefault(id, Set.of())) {
      if (set.isTouchedBy(delta.added()) || set.isTouchedBy(delta.removed())) {
        table = table.with(isBulk || !set.isOneByOne() ? content(set) : changed(set, delta));
      }
    }
  }

  private SetContent changed(GroupSet set, GroupDelta delta) {
    SetContent content =
        table
            .set(set.name())
            .orElseThrow(() -> new IllegalStateException("set " + set.name() + " is missing"));
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
        .forEach(name -> release(name, HOSTS));
  }

  private void placePools() {
    for (SetContent set : BaseChains.pools(masquerade)) {
      table = table.with(set);
    }
  }

  private void acquire(TierChain tier, String user) {
    acquire(tier.name(), tier::piece, user);
  }

  private void acquire(String name, Supplier<PolicyPiece> compiler, String user) {
    Used<PolicyPiece> known = chains.get(name);
    if (known != null) {
      known.users.add(user);
      return;
    }
    PolicyPiece piece = compiler.get();
    chains.put(name, new Used<>(piece, new HashSet<>(Set.of(user))));
    for (PolicyChain chain : piece.jumps()) {
      acquire(Layout.policyChain(chain.id()), () -> PolicyPiece.of(chain), name);
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
    Used<PolicyPiece> used = chains.get(name);
    if (used == null) {
      throw new IllegalStateException("chain " + name + " is used but not there");
    }
    used.users.remove(user);
    if (!used.users.isEmpty()) {
      return;
    }
    chains.remove(name);
    table = table.withoutChain(name);
    used.piece.jumps().forEach(chain -> release(Layout.policyChain(chain.id()), name));
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
