package io.ocicat.sync.grpc;

/**
 * Which meaning the two sides of a stream give to its items. Where they differ, neither tells the
 * other anything: an agent enforces what it has until both are of one version again.
 */
final class Dialect {

  /** Up to 1 address groups were of pods alone, and had other ids. */
  static final int OWN = 2;

  private Dialect() {}

  static void check(int other) {
    if (other != OWN) {
      throw new IllegalArgumentException(
          "the other side speaks dialect %d, this one %d: bring both to one version"
              .formatted(other, OWN));
    }
  }
}
