package io.ocicat.sync.client;

import io.ocicat.sync.GroupChange;
import io.ocicat.sync.GroupMember;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The items that an agent holds. Pure: no I/O, no clock; for one thread.
 *
 * <p>Applying a delta twice changes nothing the second time; removing what is absent and changing a
 * group that is not held do nothing. The cost of a delta follows the delta, also in large groups; a
 * snapshot costs the whole table.
 */
public final class SyncTable {

  /** All but groups, whose members are changed in place. */
  private final Map<ItemKey, SyncItem> items = new HashMap<>();

  private final Map<String, Set<GroupMember>> groups = new HashMap<>();
  private String epoch = "";
  private long generation;

  /** The controller's life of the last delta; empty before the first. */
  public String epoch() {
    return epoch;
  }

  /** Complete up to this store revision. */
  public long generation() {
    return generation;
  }

  /** A copy, ordered by key. */
  public Map<ItemKey, SyncItem> items() {
    Map<ItemKey, SyncItem> copy = new TreeMap<>(items);
    groups.forEach((id, members) -> copy.put(ItemKey.group(id), new SyncItem.Group(id, members)));
    return copy;
  }

  /** Ids of the groups held. */
  public Set<String> groupIds() {
    return Set.copyOf(groups.keySet());
  }

  /**
   * Applies a delta.
   *
   * @return what it changed, never a snapshot: only items that differ from those held before, and
   *     groups as changes where they were held
   */
  public SyncDelta apply(SyncDelta delta) {
    epoch = delta.epoch();
    generation = delta.generation();
    List<SyncItem> upserts = new ArrayList<>();
    List<ItemKey> removals = new ArrayList<>();
    List<GroupChange> changes = new ArrayList<>();
    for (ItemKey key : delta.snapshot() ? keysMissingFrom(delta.upserts()) : delta.removals()) {
      if (remove(key)) {
        removals.add(key);
      }
    }
    for (SyncItem item : delta.upserts()) {
      switch (item) {
        case SyncItem.Group group -> {
          Set<GroupMember> held = groups.get(group.id());
          if (held == null) {
            groups.put(group.id(), new HashSet<>(group.members()));
            upserts.add(group);
          } else {
            change(held, difference(group, held), changes);
          }
        }
        case SyncItem.Policy _,
            SyncItem.Tier _,
            SyncItem.Pool _,
            SyncItem.Namespace _,
            SyncItem.LocalPod _,
            SyncItem.Block _,
            SyncItem.Inspection _,
            SyncItem.HostEndpoint _,
            SyncItem.Configuration _,
            SyncItem.Routing _,
            SyncItem.Node _,
            SyncItem.Service _,
            SyncItem.Password _,
            SyncItem.StatusRequest _,
            SyncItem.Cluster _ -> {
          if (!item.equals(items.put(item.key(), item))) {
            upserts.add(item);
          }
        }
      }
    }
    for (GroupChange change : delta.groups()) {
      Set<GroupMember> held = groups.get(change.id());
      if (held != null) {
        change(held, change, changes);
      }
    }
    return new SyncDelta(epoch, generation, false, upserts, removals, changes);
  }

  private List<ItemKey> keysMissingFrom(List<SyncItem> upserts) {
    Set<ItemKey> kept = new HashSet<>();
    upserts.forEach(item -> kept.add(item.key()));
    List<ItemKey> missing = new ArrayList<>();
    items.keySet().stream().filter(key -> !kept.contains(key)).forEach(missing::add);
    groups.keySet().stream()
        .map(ItemKey::group)
        .filter(key -> !kept.contains(key))
        .forEach(missing::add);
    missing.sort(null);
    return missing;
  }

  private boolean remove(ItemKey key) {
    return key.kind() == ItemKey.Kind.GROUP
        ? groups.remove(key.name()) != null
        : items.remove(key) != null;
  }

  private static GroupChange difference(SyncItem.Group now, Set<GroupMember> held) {
    Set<GroupMember> removed = new HashSet<>(held);
    removed.removeAll(now.members());
    return new GroupChange(now.id(), now.members(), removed);
  }

  /** Changes the held set and notes what was new in it. */
  private static void change(Set<GroupMember> held, GroupChange change, List<GroupChange> effects) {
    Set<GroupMember> removed = new HashSet<>();
    Set<GroupMember> added = new HashSet<>();
    for (GroupMember member : change.removed()) {
      if (held.remove(member)) {
        removed.add(member);
      }
    }
    for (GroupMember member : change.added()) {
      if (held.add(member)) {
        added.add(member);
      }
    }
    if (!added.isEmpty() || !removed.isEmpty()) {
      effects.add(new GroupChange(change.id(), added, removed));
    }
  }

  /** The whole table as a delta for someone who holds nothing. */
  public SyncDelta asSnapshot() {
    return new SyncDelta(
        epoch, generation, true, List.copyOf(items().values()), List.of(), List.of());
  }
}
