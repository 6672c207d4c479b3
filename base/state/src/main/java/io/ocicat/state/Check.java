package io.ocicat.state;

import java.util.function.Supplier;

/** Invariants, checked always. A violation is a programming error, never a user's mistake. */
public final class Check {

  private Check() {}

  /**
   * @throws IllegalStateException with {@code message} if {@code condition} does not hold
   */
  public static void that(boolean condition, String message) {
    if (!condition) {
      throw new IllegalStateException(message);
    }
  }

  /**
   * As {@link #that(boolean, String)}; the message is built only when it is needed.
   *
   * @throws IllegalStateException if {@code condition} does not hold
   */
  public static void that(boolean condition, Supplier<String> message) {
    if (!condition) {
      throw new IllegalStateException(message.get());
    }
  }
}
