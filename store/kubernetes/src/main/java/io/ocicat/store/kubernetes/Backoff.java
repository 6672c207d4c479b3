package io.ocicat.store.kubernetes;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after failures in a row: doubling up to a ceiling, and each time a random part
 * of it, at least half, so that those who failed together do not come back together. Not for
 * several threads.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration CEILING = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 10;

  private final RandomGenerator random;
  private int failures;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** How long to wait after one more failure. */
  Duration next() {
    long fullMs = FIRST.toMillis() << Math.min(failures, MOST_DOUBLINGS);
    failures++;
    return jittered(Duration.ofMillis(Math.min(fullMs, CEILING.toMillis())));
  }

  /** A random time between half of the given one and all of it. */
  Duration jittered(Duration full) {
    return Duration.ofNanos(random.nextLong(full.toNanos() / 2, full.toNanos() + 1));
  }

  /** It worked: the next failure is the first one again. */
  void reset() {
    failures = 0;
  }
}
