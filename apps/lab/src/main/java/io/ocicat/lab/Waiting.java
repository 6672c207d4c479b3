package io.ocicat.lab;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits with a deadline for something that another process does. */
final class Waiting {
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private Waiting() {}

  /**
   * Asks until there is an answer.
   *
   * @param failure what to throw when time is up, made only then
   */
  static <T> T until(
      Duration limit,
      Supplier<Optional<T>> question,
      Supplier<? extends RuntimeException> failure) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> answer = question.get();
      if (answer.isPresent()) {
        return answer.get();
      }
      if (System.nanoTime() > end) {
        throw failure.get();
      }
      try {
        Thread.sleep(INTERVAL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failure.get();
      }
    }
  }
}
