package io.ocicat.sync;

import java.util.List;

/**
 * A change of the table. Applied as a whole or not at all; a key occurs in one of the three lists
 * only.
 *
 * @param epoch the controller's life in which {@code generation} counts
 * @param generation a store revision: after this delta the receiver has everything up to it
 * @param snapshot the table holds {@code upserts} and nothing else afterwards
 * @param groups changes of groups that the receiver holds
 */
public record SyncDelta(
    String epoch,
    long generation,
    boolean snapshot,
    List<SyncItem> upserts,
    List<ItemKey> removals,
    List<GroupChange> groups) {

  public SyncDelta {
    upserts = List.copyOf(upserts);
    removals = List.copyOf(removals);
    groups = List.copyOf(groups);
  }

  /** Says only that the receiver is complete up to {@code generation}. */
  public static SyncDelta marker(String epoch, long generation) {
    return new SyncDelta(epoch, generation, false, List.of(), List.of(), List.of());
  }

  /** {@code true} if applying it changes no item. */
  public boolean isEmpty() {
    return !snapshot && upserts.isEmpty() && removals.isEmpty() && groups.isEmpty();
  }
}
