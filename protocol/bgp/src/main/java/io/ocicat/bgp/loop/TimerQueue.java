package io.ocicat.bgp.loop;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Tasks by the time when they are due; of two for the same time the older one is first. */
final class TimerQueue {

  // A cancelled task stays in the heap until its time; this bounds how many.
  private static final int SWEEP_ABOVE = 1024;

  private final PriorityQueue<Timer> heap =
      new PriorityQueue<>(
          Comparator.comparingLong((Timer t) -> t.dueNs).thenComparingLong(t -> t.order));
  private long order;
  private int cancelled;

  private final class Timer implements Scheduled {
    private final long dueNs;
    private final long order;
    private @Nullable Runnable task;

    Timer(long dueNs, long order, Runnable task) {
      this.dueNs = dueNs;
      this.order = order;
      this.task = task;
    }

    @Override
    public void cancel() {
      if (task != null) {
        task = null;
        cancelled++;
        if (cancelled > SWEEP_ABOVE && cancelled > heap.size() / 2) {
          heap.removeIf(timer -> timer.task == null);
          cancelled = 0;
        }
      }
    }
  }

  Scheduled add(long dueNs, Runnable task) {
    Timer timer = new Timer(dueNs, order++, task);
    heap.add(timer);
    return timer;
  }

  /** When the next task is due; {@link Long#MAX_VALUE} if there is none. */
  long nextNs() {
    while (true) {
      Timer first = heap.peek();
      if (first == null) {
        return Long.MAX_VALUE;
      }
      if (first.task != null) {
        return first.dueNs;
      }
      heap.poll();
      cancelled = Math.max(0, cancelled - 1);
    }
  }

  /** Takes the next task if it is due. */
  @Nullable Runnable due(long nowNs) {
    if (nextNs() > nowNs) {
      return null;
    }
    Timer first = heap.remove();
    Runnable task = first.task;
    first.task = null;
    return task;
  }
}
