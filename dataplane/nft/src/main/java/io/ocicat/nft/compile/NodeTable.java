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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  /** From so many changed members on, sorting all anew is cheaper than placing each. */
  private static final int BULK = 64;

  private record Used<T>(T piece, Set<String> users) {}

  private final Map<String, EndpointPiece> endpoints = new HashMap<>();
  private final Map<String, Used<PolicyPiece>> policies = new HashMap<>();
  private final Map<String, Set<String>> usersOfSet = new HashMap<>();
  private final Map<GroupId, Set<GroupSet>> setsOfGroup = new HashMap<>();
  private final Map<GroupId, Set<GroupMember>> groups = new HashMap<>();
  private MasqueradePlan masquerade = MasqueradePlan.NONE;
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
    piece.policies().forEach(chain -> acquire(chain, endpoint.hostInterface()));
    table =
        table
            .with(piece.from())
            .with(piece.to())
            .withElement(Layout.EGRESS, piece.egress())
            .withElement(Layout.INGRESS, piece.ingress());
    Set<PolicyChain> kept = new HashSet<>(piece.policies());
    old.ifPresent(
        before ->
            before.policies().stream()
                .filter(chain -> !kept.contains(chain))
                .forEach(chain -> release(chain, endpoint.hostInterface())));
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
    old.policies().forEach(chain -> release(chain, hostInterface));
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
    if (delta.added().size() + delta.removed().size() > BULK) {
      setsOfGroup.getOrDefault(id, Set.of()).forEach(set -> table = table.with(content(set)));
      return;
    }
    for (GroupSet set : setsOfGroup.getOrDefault(id, Set.of())) {
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
      table = table.with(content);
    }
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

  private void placePools() {
    for (SetContent set : BaseChains.pools(masquerade)) {
      table = table.with(set);
    }
  }

  private void acquire(PolicyChain chain, String endpoint) {
    Used<PolicyPiece> known = policies.get(chain.id());
    if (known != null) {
      known.users.add(endpoint);
      return;
    }
    PolicyPiece piece = PolicyPiece.of(chain);
    policies.put(chain.id(), new Used<>(piece, new HashSet<>(Set.of(endpoint))));
    for (GroupSet set : piece.groups()) {
      if (acquireSet(set.name(), chain.id())) {
        setsOfGroup.computeIfAbsent(set.group(), _ -> new HashSet<>()).add(set);
        table = table.with(content(set));
      }
    }
    for (SetContent set : piece.sets()) {
      if (acquireSet(set.name(), chain.id())) {
        table = table.with(set);
      }
    }
    table = table.with(piece.chain());
  }

  private void release(PolicyChain chain, String endpoint) {
    Used<PolicyPiece> used = policies.get(chain.id());
    if (used == null) {
      throw new IllegalStateException("policy chain " + chain.id() + " is used but not there");
    }
    used.users.remove(endpoint);
    if (!used.users.isEmpty()) {
      return;
    }
    policies.remove(chain.id());
    table = table.withoutChain(used.piece.chain().name());
    for (GroupSet set : used.piece.groups()) {
      if (releaseSet(set.name(), chain.id())) {
        setsOfGroup.computeIfPresent(
            set.group(),
            (_, sets) -> {
              sets.remove(set);
              return sets.isEmpty() ? null : sets;
            });
      }
    }
    used.piece.sets().forEach(set -> releaseSet(set.name(), chain.id()));
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
    List<Element> elements = new ArrayList<>();
    for (GroupMember member : groups.getOrDefault(set.group(), Set.of())) {
      set.element(member).ifPresent(elements::add);
    }
    return SetContent.of(set.set(), elements);
  }
}
