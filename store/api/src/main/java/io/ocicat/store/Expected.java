package io.ocicat.store;

/** What a writer expects to find: the compare half of compare-and-swap. */
public sealed interface Expected {
  /** Whatever is there. */
  record Any() implements Expected {}

  /**
   * The state that this revision made.
   *
   * @param revision the revision the writer last saw
   */
  record AtRevision(long revision) implements Expected {}

  /** No expectation: the write replaces or deletes whatever is there. */
  static Expected any() {
    return new Any();
  }

  /** The write goes through only if the object has not changed since this revision. */
  static Expected revision(long revision) {
    return new AtRevision(revision);
  }

  /** Whether an object whose last write was {@code revision} meets the expectation. */
  default boolean isMetBy(long revision) {
    return switch (this) {
      case Any() -> true;
      case AtRevision(long expected) -> expected == revision;
    };
  }
}
