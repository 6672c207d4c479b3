package io.ocicat.sync.client;

import io.ocicat.sync.GroupChange;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Deltas that wait for their reader, merged: however slow the reader, there is one entry a key. Not
 * safe for use by several threads.
 */
final class PendingUpdates {

  private final Map<ItemKey, SyncItem> upserts = new LinkedHashMap<>();
  private final Set<ItemKey> removals = new LinkedHashSet<>();
  private final Map<String, GroupChange> groups = new LinkedHashMap<>();
  private String epoch = "";
  private long generation;
  private boolean snapshot;
  private boolean pending;

  /**
   * @return {@code true} if nothing was waiting before
   */
  boolean add(SyncDelta delta) {
    final boolean first = !pending;
    pending = true;
    epoch = delta.epoch();
    generation = delta.generation();
    if (delta.snapshot()) {
      snapshot = true;
      upserts.clear();
      removals.clear();
      groups.clear();
    }
    for (ItemKey key : delta.removals()) {
      upserts.remove(key);
      if (key.kind() == ItemKey.Kind.GROUP) {
        groups.remove(key.name());
      }
      if (!snapshot) {
        removals.add(key);
      }
    }
    for (SyncItem item : delta.upserts()) {
      removals.remove(item.key());
      if (item instanceof SyncItem.Group group) {
        groups.remove(group.id());
      }
      upserts.put(item.key(), item);
    }
    for (GroupChange change : delta.groups()) {
      if (upserts.get(ItemKey.group(change.id())) instanceof SyncItem.Group group) {
        upserts.put(group.key(), change.applyTo(group));
      } else {
        groups.merge(change.id(), change, GroupChange::then);
      }
    }
    return first;
  }

  Optional<SyncDelta> take() {
    if (!pending) {
      return Optional.empty();
    }
    SyncDelta delta =
        new SyncDelta(
            epoch,
            generation,
            snapshot,
            List.copyOf(upserts.values()),
            List.copyOf(removals),
            new ArrayList<>(groups.values()));
    upserts.clear();
    removals.clear();
    groups.clear();
    snapshot = false;
    pending = false;
    return Optional.of(delta);
  }
}
