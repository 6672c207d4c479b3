package io.ocicat.store.sqlite;

import java.time.Duration;

/**
 * How much history is kept; what exceeds either bound is compacted.
 *
 * @param revisions the largest number of writes to keep
 * @param age how long to keep a write; what was there at start counts from the start
 * @param checkInterval how often to look
 */
public record Retention(long revisions, Duration age, Duration checkInterval) {
  /** Fifty thousand writes or half an hour, whichever is less, looked at every minute. */
  public static final Retention DEFAULT =
      new Retention(50_000, Duration.ofMinutes(30), Duration.ofMinutes(1));

  /** Compaction on demand only. */
  public static final Retention FOREVER =
      new Retention(Long.MAX_VALUE, Duration.ofDays(36_500), Duration.ofDays(1));
}
