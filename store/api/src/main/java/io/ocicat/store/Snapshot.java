package io.ocicat.store;

import java.util.List;

/**
 * All selected objects at one revision, from which a watch goes on.
 *
 * @param objects in the order of their keys
 * @param revision the revision whose state this is
 */
public record Snapshot(List<StoredObject> objects, long revision) {
  /** Copies the list. */
  public Snapshot {
    objects = List.copyOf(objects);
  }
}
