package io.ocicat.policy;

import io.ocicat.policy.Heritage.Parent;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.util.Collection;
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

  private record SubjectEntry(Subject subject, Set<GroupId> groups) {}

  /**
   * @param counts how many subjects or slices contribute each member
   */
  private record GroupEntry(
      GroupId id, AddressGroup group, Set<PolicyName> users, Map<GroupMember, Integer> counts) {}

  /**
   * Part of a Service's endpoints.
   *
   * @param endpoints address, protocol and port
   */
  private record Slice(ServiceName service, Set<GroupMember> endpoints) {}

  private final Heritage heritage = new Heritage();
  private final Map<Subject.Key, SubjectEntry> subjects = new HashMap<>();
  private final Map<String, Slice> slices = new HashMap<>();
  private final Map<ServiceName, Set<String>> slicesOfService = new HashMap<>();
  private final Map<PolicyName, Set<AddressGroup>> policies = new HashMap<>();
  private final Map<GroupId, GroupEntry> groups = new HashMap<>();

  private final SubjectShelves shelves = new SubjectShelves(heritage);
  private final Fact.Index<GroupId> groupsByFact = new Fact.Index<>();
  private final Map<String, Set<GroupId>> groupsByKey = new HashMap<>();
  private final Map<ServiceName, Set<GroupId>> groupsOfService = new HashMap<>();

  /** For each member that changed since the last drain: whether it was one then. */
  private final Map<GroupId, Map<GroupMember, Boolean>> before = new HashMap<>();

  public void upsertNamespace(String namespace, Labels labels) {
    upsert(new Parent.Namespace(namespace), labels);
  }

  public void removeNamespace(String namespace) {
    remove(new Parent.Namespace(namespace));
  }

  public void upsertAccount(AccountName account, Labels labels) {
    upsert(new Parent.Account(account), labels);
  }

  public void removeAccount(AccountName account) {
    remove(new Parent.Account(account));
  }

  /** Sets the labels that a profile gives to its host endpoints. */
  public void upsertProfile(String profile, Labels labels) {
    upsert(new Parent.Profile(profile), labels);
  }

  public void removeProfile(String profile) {
    remove(new Parent.Profile(profile));
  }

  private void upsert(Parent parent, Labels labels) {
    parentChanged(parent, heritage.put(parent, labels), Optional.of(labels));
  }

  private void remove(Parent parent) {
    parentChanged(parent, heritage.remove(parent), Optional.empty());
  }

  private void parentChanged(Parent parent, Optional<Labels> old, Optional<Labels> now) {
    Set<Subject.Key> children = heritage.children(parent);
    if (children.isEmpty()) {
      return;
    }
    Set<GroupId> asking = new HashSet<>();
    for (String key : Heritage.changedKeys(parent, old, now)) {
      asking.addAll(groupsByKey.getOrDefault(key, Set.of()));
    }
    for (GroupId id : asking) {
      GroupEntry group = groupEntry(id);
      if (group.group instanceof AddressGroup.Selected selected) {
        Foresight was = Heritage.foresight(selected.selector(), parent, old);
        Foresight is = Heritage.foresight(selected.selector(), parent, now);
        if (was != is || is == Foresight.DEPENDS) {
          shelves
              .candidates(selected.selector(), children)
              .forEach(key -> place(subjectEntry(key), group));
        }
      }
    }
  }

  /** Adds or replaces a pod. Pods in the host's network do not belong here. */
  public void upsertPod(PolicyPod pod) {
    upsert(pod);
  }

  /** Removes a pod, if it is there. */
  public void removePod(PodName name) {
    remove(new Subject.Key(Subject.Kind.POD, name.namespace(), name.name()));
  }

  /** Adds or replaces what selectors can select. */
  public void upsert(Subject subject) {
    SubjectEntry old = subjects.get(subject.key());
    if (old != null && old.subject.equals(subject)) {
      return;
    }
    SubjectEntry entry = new SubjectEntry(subject, new HashSet<>());
    subjects.put(subject.key(), entry);
    for (GroupId id : groupsByFact.find(Fact.shownBy(labels(subject)))) {
      place(entry, groupEntry(id));
    }
    if (old != null) {
      withdraw(old);
      shelves.remove(old.subject);
    }
    shelves.add(subject);
  }

  /** Removes what has this key, if it is there. */
  public void remove(Subject.Key key) {
    SubjectEntry old = subjects.remove(key);
    if (old != null) {
      shelves.remove(old.subject);
      withdraw(old);
    }
  }

  private EffectiveLabels labels(Subject subject) {
    return new EffectiveLabels(subject, heritage);
  }

  /**
   * Adds or replaces a part of a Service's endpoints.
   *
   * @param name unique among all parts of all Services
   * @param endpoints address, protocol and port; those without a port count only where ports do not
   */
  public void upsertSlice(String name, ServiceName service, Collection<GroupMember> endpoints) {
    Slice slice = new Slice(service, Set.copyOf(endpoints));
    Slice old = slices.put(name, slice);
    if (slice.equals(old)) {
      return;
    }
    slicesOfService.computeIfAbsent(service, _ -> new HashSet<>()).add(name);
    count(slice, 1);
    if (old != null) {
      if (!old.service.equals(service)) {
        forgetSlice(old.service, name);
      }
      count(old, -1);
    }
  }

  /** Removes a part of a Service's endpoints, if it is there. */
  public void removeSlice(String name) {
    Slice old = slices.remove(name);
    if (old != null) {
      forgetSlice(old.service, name);
      count(old, -1);
    }
  }

  private void forgetSlice(ServiceName service, String name) {
    slicesOfService.computeIfPresent(
        service,
        (_, names) -> {
          names.remove(name);
          return names.isEmpty() ? null : names;
        });
  }

  private void count(Slice slice, int change) {
    for (GroupId id : groupsOfService.getOrDefault(slice.service, Set.of())) {
      count(groupEntry(id), slice, change);
    }
  }

  private void count(GroupEntry group, Slice slice, int change) {
    for (GroupMember endpoint : slice.endpoints) {
      if (group.group instanceof AddressGroup.ServiceAddresses) {
        count(group, endpoint.withoutPort(), change);
      } else if (endpoint.port() != 0) {
        count(group, endpoint, change);
      }
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
    switch (group) {
      case AddressGroup.Selected selected -> {
        groupsByFact.add(Fact.demandedBy(selected.selector()), id);
        Foresight.keys(
            selected.selector(),
            key -> groupsByKey.computeIfAbsent(key, _ -> new HashSet<>()).add(id));
        for (Subject.Key key : shelves.candidates(selected.selector())) {
          place(subjectEntry(key), entry);
        }
      }
      case AddressGroup.OfService of -> {
        groupsOfService.computeIfAbsent(of.service(), _ -> new HashSet<>()).add(id);
        for (String slice : slicesOfService.getOrDefault(of.service(), Set.of())) {
          count(entry, sliceNamed(slice), 1);
        }
      }
    }
  }

  private void release(AddressGroup group, PolicyName user) {
    GroupEntry entry = groupEntry(group.id());
    entry.users.remove(user);
    if (!entry.users.isEmpty()) {
      return;
    }
    GroupId id = group.id();
    Set.copyOf(entry.counts.keySet()).forEach(member -> remember(id, member, true));
    groups.remove(id);
    switch (group) {
      case AddressGroup.Selected selected -> {
        for (Subject.Key key : shelves.candidates(selected.selector())) {
          subjectEntry(key).groups.remove(id);
        }
        groupsByFact.remove(Fact.demandedBy(selected.selector()), id);
        Foresight.keys(selected.selector(), key -> take(groupsByKey, key, id));
      }
      case AddressGroup.OfService of -> take(groupsOfService, of.service(), id);
    }
  }

  private static <K> void take(Map<K, Set<GroupId>> index, K key, GroupId id) {
    index.computeIfPresent(
        key,
        (_, ids) -> {
          ids.remove(id);
          return ids.isEmpty() ? null : ids;
        });
  }

  /** Puts the subject into the group or takes it out, as it must be now. */
  private void place(SubjectEntry entry, GroupEntry group) {
    if (!(group.group instanceof AddressGroup.Selected selected)) {
      return;
    }
    GroupId id = group.id;
    if (isSelected(entry.subject, selected.selector())) {
      if (entry.groups.add(id)) {
        selected.membersOf(entry.subject).forEach(member -> count(group, member, 1));
      }
    } else if (entry.groups.remove(id)) {
      selected.membersOf(entry.subject).forEach(member -> count(group, member, -1));
    }
  }

  private boolean isSelected(Subject subject, Selector selector) {
    return selector.matches(labels(subject));
  }

  private void withdraw(SubjectEntry entry) {
    for (GroupId id : entry.groups) {
      GroupEntry group = groupEntry(id);
      if (group.group instanceof AddressGroup.Selected selected) {
        selected.membersOf(entry.subject).forEach(member -> count(group, member, -1));
      }
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

  private SubjectEntry subjectEntry(Subject.Key key) {
    SubjectEntry entry = subjects.get(key);
    if (entry == null) {
      throw new IllegalStateException(key + " is filed but not there");
    }
    return entry;
  }

  private Slice sliceNamed(String name) {
    Slice slice = slices.get(name);
    if (slice == null) {
      throw new IllegalStateException("slice " + name + " is filed but not there");
    }
    return slice;
  }

  private GroupEntry groupEntry(GroupId id) {
    GroupEntry entry = groups.get(id);
    if (entry == null) {
      throw new IllegalStateException("group " + id + " is used but not there");
    }
    return entry;
  }
}
