package io.ocicat.testkit;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The random choices of one case, in order: fresh ones that are written down, or a sequence given
 * before, replayed and followed by zeros.
 */
public final class Draws {

  private final RandomGenerator random;
  private final int[] replay;
  private final boolean fresh;
  private int[] made = new int[64];
  private int count;

  private Draws(RandomGenerator random, int[] replay, boolean fresh) {
    this.random = random;
    this.replay = replay;
    this.fresh = fresh;
  }

  static Draws fresh(RandomGenerator random) {
    return new Draws(random, new int[0], true);
  }

  static Draws replaying(int[] choices) {
    return new Draws(RandomGenerator.getDefault(), choices.clone(), false);
  }

  /**
   * A number from 0 to {@code bound - 1}.
   *
   * @param bound at least 1
   */
  public int below(int bound) {
    int choice;
    if (fresh) {
      choice = random.nextInt(bound);
    } else {
      choice = count < replay.length ? Math.min(replay[count], bound - 1) : 0;
    }
    if (count == made.length) {
      made = Arrays.copyOf(made, count * 2);
    }
    made[count++] = choice;
    return choice;
  }

  /** A number from {@code first} to {@code last}, both included. */
  public int between(int first, int last) {
    return first + below(Math.addExact(last - first, 1));
  }

  /** {@code true} once in {@code n} times. */
  public boolean oneIn(int n) {
    return below(n) == n - 1;
  }

  /** The choices made so far. */
  int[] choices() {
    return Arrays.copyOf(made, count);
  }
}
