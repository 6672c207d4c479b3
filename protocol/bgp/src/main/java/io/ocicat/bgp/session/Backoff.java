package io.ocicat.bgp.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a neighbour stays in Idle: little after one failure, longer after many in a row. */
final class Backoff {

  private static final int MOST_DOUBLINGS = 10;

  private Backoff() {}

  /**
   * @param failures in a row; the first one counts as none
   */
  static Duration idleHold(Timers timers, int failures, RandomGenerator random) {
    int doublings = Math.clamp(failures - 1, 0, MOST_DOUBLINGS);
    long nanos =
        Math.min(timers.idleHold().toNanos() << doublings, timers.longestIdleHold().toNanos());
    return jittered(Duration.ofNanos(nanos), random);
  }

  /** Three quarters to the whole of it, RFC 4271 §10. */
  static Duration jittered(Duration time, RandomGenerator random) {
    return Duration.ofNanos((long) (time.toNanos() * (0.75 + 0.25 * random.nextDouble())));
  }
}
