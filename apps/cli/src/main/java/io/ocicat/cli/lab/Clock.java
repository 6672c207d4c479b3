package io.ocicat.cli.lab;

import java.io.PrintWriter;

/** Progress lines with the seconds since the start. */
final class Clock {
  private final PrintWriter err;
  private final long startNs = System.nanoTime();

  Clock(PrintWriter err) {
    this.err = err;
  }

  double seconds() {
    return (System.nanoTime() - startNs) / 1e9;
  }

  void step(String text) {
    err.printf("%6.1f s  %s%n", seconds(), text);
    err.flush();
  }
}
