package io.ocicat.bgp.rib;

import java.util.ArrayDeque;

/** Sweeps one after another, in slices of the loop. */
final class SweepQueue {
  private final Background background;
  private final ArrayDeque<Sweep> waiting = new ArrayDeque<>();
  private boolean running;

  SweepQueue(Background background) {
    this.background = background;
  }

  void add(Sweep sweep) {
    waiting.add(sweep);
    if (!running) {
      running = true;
      background.work(this::runFor);
    }
  }

  private boolean runFor(long nanos) {
    long until = background.nanoTime() + nanos;
    do {
      Sweep first = waiting.peek();
      if (first == null) {
        running = false;
        return false;
      }
      if (!first.step()) {
        waiting.remove(first);
      }
    } while (background.nanoTime() < until);
    return true;
  }
}
