package io.ocicat.controller.index;

import io.ocicat.sync.GroupChange;
import io.ocicat.sync.ItemKey;
import java.util.Map;
import java.util.Set;

/**
 * What changed in a {@link ClusterIndex} since it was asked last.
 *
 * @param shared keys of items that every agent gets
 * @param local keys of items that one node's agent gets, by node
 * @param groups by group id
 */
public record IndexChange(
    Set<ItemKey> shared, Map<String, Set<ItemKey>> local, Map<String, GroupChange> groups) {

  public boolean isEmpty() {
    return shared.isEmpty() && local.isEmpty() && groups.isEmpty();
  }
}
