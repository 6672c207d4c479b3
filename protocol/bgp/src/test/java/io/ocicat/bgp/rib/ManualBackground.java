package io.ocicat.bgp.rib;

import io.ocicat.bgp.loop.Slice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A loop whose clock and slices the test moves. */
final class ManualBackground implements Background {
  private record Timer(long at, long number, Runnable task) {}

  private final ArrayDeque<Slice> slices = new ArrayDeque<>();
  private final List<Timer> timers = new ArrayList<>();
  private long now;
  private long count;

  @Override
  public long nanoTime() {
    return now++; // time passes in slices
  }

  @Override
  public void work(Slice slice) {
    slices.add(slice);
  }

  @Override
  public Runnable schedule(Duration delay, Runnable task) {
    Timer timer = new Timer(now + delay.toNanos(), count++, task);
    timers.add(timer);
    return () -> timers.remove(timer);
  }

  long now() {
    return now;
  }

  boolean idle() {
    return slices.isEmpty();
  }

  /** One slice of one work. */
  void step(long nanos) {
    Slice slice = slices.poll();
    if (slice != null && slice.runFor(nanos)) {
      slices.add(slice);
    }
  }

  void runAll() {
    while (!slices.isEmpty()) {
      step(1_000_000);
    }
  }

  /** Lets time pass and runs what becomes due, in order. */
  void advance(Duration by) {
    long until = now + by.toNanos();
    while (true) {
      Timer next =
          timers.stream()
              .filter(timer -> timer.at() <= until)
              .min(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number))
              .orElse(null);
      if (next == null) {
        now = Math.max(now, until);
        return;
      }
      timers.remove(next);
      now = Math.max(now, next.at());
      next.task().run();
      runAll();
    }
  }
}
