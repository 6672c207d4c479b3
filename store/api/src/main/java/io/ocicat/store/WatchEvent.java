package io.ocicat.store;

/** One write, as a watch reports it. */
public sealed interface WatchEvent {
  /** The object after the write; for a deletion its last state, at the revision of the deletion. */
  StoredObject object();

  /** The revision of the write. */
  default long revision() {
    return object().revision();
  }

  /**
   * The object was created.
   *
   * @param object its first state
   */
  record Added(StoredObject object) implements WatchEvent {}

  /**
   * The object was changed.
   *
   * @param object its new state
   * @param previous the state before, by which a selective reader sees whether the object left its
   *     selection
   */
  record Modified(StoredObject object, StoredObject previous) implements WatchEvent {}

  /**
   * The object was deleted.
   *
   * @param object its last state, at the revision of the deletion
   */
  record Deleted(StoredObject object) implements WatchEvent {}
}
