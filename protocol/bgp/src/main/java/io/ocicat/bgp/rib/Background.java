package io.ocicat.bgp.rib;

import io.ocicat.bgp.loop.Loop;
import io.ocicat.bgp.loop.Slice;
import java.time.Duration;

/** What the tables need of the loop that they run on. */
public interface Background {
  /** The services of a loop. */
  static Background of(Loop loop) {
    return new Background() {
      @Override
      public long nanoTime() {
        return loop.nanoTime();
      }

      @Override
      public void work(Slice slice) {
        loop.work(slice);
      }

      @Override
      public Runnable schedule(Duration delay, Runnable task) {
        return loop.schedule(delay, task)::cancel;
      }
    };
  }

  /** A monotone clock in nanoseconds. */
  long nanoTime();

  /** Calls the slice while nothing urgent is due, until it returns false. */
  void work(Slice slice);

  /**
   * Runs something later on the loop thread.
   *
   * @return takes it back; without effect when it ran
   */
  Runnable schedule(Duration delay, Runnable task);
}
