package io.ocicat.bfd;

import java.time.Duration;

/**
 * How fast a session is to be.
 *
 * @param desiredMinTx the interval at which we would like to send, 10 ms to an hour
 * @param requiredMinRx the shortest interval at which we can receive, likewise
 * @param detectMultiplier after how many lost packets the peer is to give us up, 1 to 255
 */
public record BfdTimers(Duration desiredMinTx, Duration requiredMinRx, int detectMultiplier) {

  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Three packets in 300 ms, what peers have by default. */
  public static final BfdTimers DEFAULT =
      new BfdTimers(Duration.ofMillis(300), Duration.ofMillis(300), 3);

  /**
   * @throws IllegalArgumentException if one is out of its range
   */
  public BfdTimers {
    for (Duration interval : new Duration[] {desiredMinTx, requiredMinRx}) {
      if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "an interval of BFD is between 10 ms and an hour, not " + interval);
      }
    }
    if (detectMultiplier < 1 || detectMultiplier > 255) {
      throw new IllegalArgumentException(
          "a detect multiplier is between 1 and 255, not " + detectMultiplier);
    }
  }

  long desiredMinTxMicros() {
    return desiredMinTx.toNanos() / 1000;
  }

  long requiredMinRxMicros() {
    return requiredMinRx.toNanos() / 1000;
  }
}
