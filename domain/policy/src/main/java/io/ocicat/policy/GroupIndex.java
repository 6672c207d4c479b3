package io.ocicat.policy;

import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Labels;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The members of every address group of a cluster, kept up to date change by change. The cost of a
 * change follows what it touches, not the number of pods, policies or groups.
 *
 * <p>Groups exist while a policy needs them. Every change is remembered until {@link #drain}; what
 * is done and undone in between leaves no trace. Order does not matter: the members depend only on
 * what is there.
 *
 * <p>Belongs to one thread.
 */
public final class GroupIndex {

  private record PodEntry(PolicyPod pod, Set<GroupId> groups) {}

  /**
   * @param counts how many pods contribute each member
   */
  private record GroupEntry(
      GroupId id, AddressGroup group, Set<PolicyName> users, Map<GroupMember, Integer> counts) {}

  private final Map<String, Labels> namespaces = new HashMap<>();
  private final Map<PodName, PodEntry> pods = new HashMap<>();
  private final Map<PolicyName, Set<AddressGroup>> policies = new HashMap<>();
  private final Map<GroupId, GroupEntry> groups = new HashMap<>();

  private final PodShelves shelves = new PodShelves();
  private final Fact.Index groupsByFact = new Fact.Index();
  private final Map<LabelSelector, Set<GroupId>> groupsByNamespaceSelector = new HashMap<>();

  /** For each member that changed since the last drain: whether it was one then. */
  private final Map<GroupId, Map<GroupMember, Boolean>> before = new HashMap<>();

  public void upsertNamespace(String namespace, Labels labels) {
    Optional<Labels> old = Optional.ofNullable(namespaces.put(namespace, labels));
    namespaceChanged(namespace, old, Optional.of(labels));
  }

  public void removeNamespace(String namespace) {
    Optional<Labels> old = Optional.ofNullable(namespaces.remove(namespace));
    namespaceChanged(namespace, old, Optional.empty());
  }

  private void namespaceChanged(String namespace, Optional<Labels> old, Optional<Labels> now) {
    Set<GroupId> flipped = new HashSet<>();
    groupsByNamespaceSelector.forEach(
        (selector, ids) -> {
          NamespaceSelection selection = new NamespaceSelection.Matching(selector);
          if (selection.matches(namespace, old) != selection.matches(namespace, now)) {
            flipped.addAll(ids);
          }
        });
    if (flipped.isEmpty()) {
      return;
    }
    for (PodName name : shelves.in(namespace)) {
      PodEntry entry = podEntry(name);
      for (GroupId id : flipped) {
        place(entry, groupEntry(id));
      }
    }
  }

  /** Adds or replaces a pod. Pods in the host's network do not belong here. */
  public void upsertPod(PolicyPod pod) {
    PodEntry old = pods.get(pod.name());
    if (old != null && old.pod.equals(pod)) {
      return;
    }
    PodEntry entry = new PodEntry(pod, new HashSet<>());
    pods.put(pod.name(), entry);
    for (GroupId id : groupsByFact.find(Fact.shownBy(pod))) {
      place(entry, groupEntry(id));
    }
    if (old != null) {
      withdraw(old);
      shelves.remove(old.pod);
    }
    shelves.add(pod);
  }

  /** Removes a pod, if it is there. */
  public void removePod(PodName name) {
    PodEntry old = pods.remove(name);
    if (old != null) {
      shelves.remove(old.pod);
      withdraw(old);
    }
  }

  /** Adds or replaces a policy, and with it the groups it needs. */
  public void upsertPolicy(PolicySpec spec) {
    Set<AddressGroup> now = PolicyCompiler.groupsOf(spec);
    Set<AddressGroup> old =
        now.isEmpty() ? policies.remove(spec.name()) : policies.put(spec.name(), now);
    now.forEach(group -> acquire(group, spec.name()));
    if (old != null) {
      old.stream().filter(group -> !now.contains(group)).forEach(g -> release(g, spec.name()));
    }
  }

  /** Removes a policy, if it is there. */
  public void removePolicy(PolicyName name) {
    Set<AddressGroup> old = policies.remove(name);
    if (old != null) {
      old.forEach(group -> release(group, name));
    }
  }

  private void acquire(AddressGroup group, PolicyName user) {
    GroupId id = group.id();
    GroupEntry known = groups.get(id);
    if (known != null) {
      known.users.add(user);
      return;
    }
    GroupEntry entry = new GroupEntry(id, group, new HashSet<>(Set.of(user)), new HashMap<>());
    groups.put(id, entry);
    groupsByFact.add(Fact.demandedBy(group), id);
    if (group.namespaces() instanceof NamespaceSelection.Matching(var selector)) {
      groupsByNamespaceSelector.computeIfAbsent(selector, _ -> new HashSet<>()).add(id);
    }
    for (PodName name : shelves.candidates(group, namespaces)) {
      place(podEntry(name), entry);
    }
  }

  private void release(AddressGroup group, PolicyName user) {
    GroupEntry entry = groupEntry(group.id());
    entry.users.remove(user);
    if (!entry.users.isEmpty()) {
      return;
    }
    GroupId id = group.id();
    for (PodName name : shelves.candidates(group, namespaces)) {
      podEntry(name).groups.remove(id);
    }
    Set.copyOf(entry.counts.keySet()).forEach(member -> remember(id, member, true));
    groups.remove(id);
    groupsByFact.remove(Fact.demandedBy(group), id);
    if (group.namespaces() instanceof NamespaceSelection.Matching(var selector)) {
      groupsByNamespaceSelector.computeIfPresent(
          selector,
          (_, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
          });
    }
  }

  /** Puts the pod into the group or takes it out, as it must be now. */
  private void place(PodEntry entry, GroupEntry group) {
    GroupId id = group.id;
    Optional<Labels> labels = Optional.ofNullable(namespaces.get(entry.pod.name().namespace()));
    if (group.group.matches(entry.pod, labels)) {
      if (entry.groups.add(id)) {
        group.group.membersOf(entry.pod).forEach(member -> count(group, member, 1));
      }
    } else if (entry.groups.remove(id)) {
      group.group.membersOf(entry.pod).forEach(member -> count(group, member, -1));
    }
  }

  private void withdraw(PodEntry entry) {
    for (GroupId id : entry.groups) {
      GroupEntry group = groupEntry(id);
      group.group.membersOf(entry.pod).forEach(member -> count(group, member, -1));
    }
  }

  private void count(GroupEntry group, GroupMember member, int change) {
    int old = group.counts.getOrDefault(member, 0);
    int now = old + change;
    if (now == 0) {
      group.counts.remove(member);
    } else {
      group.counts.put(member, now);
    }
    if ((old == 0) != (now == 0)) {
      remember(group.id, member, old != 0);
    }
  }

  private void remember(GroupId id, GroupMember member, boolean wasMember) {
    before.computeIfAbsent(id, _ -> new HashMap<>()).putIfAbsent(member, wasMember);
  }

  /** What changed in which group since the last call; groups without a net change are absent. */
  public SortedMap<GroupId, GroupDelta> drain() {
    SortedMap<GroupId, GroupDelta> deltas = new TreeMap<>();
    before.forEach(
        (id, members) -> {
          SortedSet<GroupMember> added = new TreeSet<>();
          SortedSet<GroupMember> removed = new TreeSet<>();
          members.forEach(
              (member, wasMember) -> {
                boolean isMember = isMember(id, member);
                if (isMember && !wasMember) {
                  added.add(member);
                } else if (!isMember && wasMember) {
                  removed.add(member);
                }
              });
          if (!added.isEmpty() || !removed.isEmpty()) {
            deltas.put(id, new GroupDelta(added, removed));
          }
        });
    before.clear();
    return deltas;
  }

  private boolean isMember(GroupId id, GroupMember member) {
    GroupEntry entry = groups.get(id);
    return entry != null && entry.counts.containsKey(member);
  }

  /** The members of a group; none if no policy needs it. */
  public SortedSet<GroupMember> members(GroupId id) {
    GroupEntry entry = groups.get(id);
    return entry == null
        ? Collections.emptySortedSet()
        : Collections.unmodifiableSortedSet(new TreeSet<>(entry.counts.keySet()));
  }

  /** The groups that policies need now. */
  public Set<GroupId> groups() {
    return Collections.unmodifiableSet(groups.keySet());
  }

  private PodEntry podEntry(PodName name) {
    PodEntry entry = pods.get(name);
    if (entry == null) {
      throw new IllegalStateException("pod " + name + " is filed but not there");
    }
    return entry;
  }

  private GroupEntry groupEntry(GroupId id) {
    GroupEntry entry = groups.get(id);
    if (entry == null) {
      throw new IllegalStateException("group " + id + " is used but not there");
    }
    return entry;
  }
}
