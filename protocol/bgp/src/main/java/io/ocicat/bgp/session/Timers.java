package io.ocicat.bgp.session;

import java.time.Duration;

/**
 * Times of a session.
 *
 * @param holdSeconds offered; 0 for none, else at least 3; the lower of both sides' holds
 * @param keepaliveSeconds 0 for a third of the hold time, and never more than that
 * @param connectRetry after which an attempt to connect is given up for a new one
 * @param delayOpen how long the other side may send its OPEN first; 0 not to wait
 * @param sendHold for how long nothing may leave, RFC 9687; 0 for the longer of 8 minutes and twice
 *     the hold time
 * @param idleHold the time in Idle after a first failure
 * @param longestIdleHold the time in Idle after many
 */
public record Timers(
    int holdSeconds,
    int keepaliveSeconds,
    Duration connectRetry,
    Duration delayOpen,
    Duration sendHold,
    Duration idleHold,
    Duration longestIdleHold) {

  public static final Timers DEFAULT =
      new Timers(
          90,
          0,
          Duration.ofSeconds(10),
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofMillis(1500),
          Duration.ofSeconds(60));

  public Timers {
    if (holdSeconds != 0 && (holdSeconds < 3 || holdSeconds > 65535)) {
      throw new IllegalArgumentException(
          "a hold time is 0 or 3 to 65535 seconds, not " + holdSeconds);
    }
    if (keepaliveSeconds < 0 || (holdSeconds > 0 && keepaliveSeconds > holdSeconds / 3)) {
      throw new IllegalArgumentException(
          "a keepalive time is at most a third of the hold time, not %d of %d seconds"
              .formatted(keepaliveSeconds, holdSeconds));
    }
  }

  /** The same with another hold time, and keepalives three times in it. */
  public Timers hold(int seconds) {
    return new Timers(seconds, 0, connectRetry, delayOpen, sendHold, idleHold, longestIdleHold);
  }
}
