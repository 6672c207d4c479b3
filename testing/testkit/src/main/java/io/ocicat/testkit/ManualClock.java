package io.ocicat.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that only {@link #advance} moves, both as wall clock and as {@link #nanoTime}. */
public final class ManualClock extends Clock {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong elapsedNs = new AtomicLong();

  public void advance(Duration duration) {
    elapsedNs.addAndGet(duration.toNanos());
  }

  /** Nanoseconds since this clock was made, in place of {@link System#nanoTime}. */
  public long nanoTime() {
    return elapsedNs.get();
  }

  @Override
  public Instant instant() {
    return START.plusNanos(elapsedNs.get());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** Not supported: nothing here depends on a zone. */
  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("a ManualClock is in UTC");
  }
}
