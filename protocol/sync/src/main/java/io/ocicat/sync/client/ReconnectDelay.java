package io.ocicat.sync.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt to connect: doubling, with full jitter, so that a
 * thousand agents do not come back to a restarted controller at once.
 */
final class ReconnectDelay {

  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final RandomGenerator random;
  private Duration ceiling = FIRST;

  ReconnectDelay(RandomGenerator random) {
    this.random = random;
  }

  /** At least a tenth of the ceiling, which doubles with each call. */
  Duration next() {
    long millis = ceiling.toMillis();
    Duration delay = Duration.ofMillis(random.nextLong(millis / 10, millis + 1));
    ceiling = LONGEST.compareTo(ceiling.multipliedBy(2)) < 0 ? LONGEST : ceiling.multipliedBy(2);
    return delay;
  }

  /** A connection stood. */
  void reset() {
    ceiling = FIRST;
  }
}
