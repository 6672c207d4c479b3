package io.ocicat.testkit;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Checks that something holds for many random values.
 *
 * <p>The seed is fixed, so a run is the same every time; {@code -Docicat.seed=n} makes another and
 * {@code -Docicat.cases=n} a longer one. A failure is reduced to a small value and reported with
 * the seed and with the sequence of choices, which {@link #replay} takes.
 */
public final class Property {

  private static final long DEFAULT_SEED = 0x0c1ca7;
  private static final int SHRINK_ATTEMPTS = 2_000;

  private final long seed;
  private final int cases;

  private Property(long seed, int cases) {
    this.seed = seed;
    this.cases = cases;
  }

  /**
   * @param cases how many values to try, unless the system property says otherwise
   */
  public static Property cases(int cases) {
    return new Property(
        Long.getLong("ocicat.seed", DEFAULT_SEED), Integer.getInteger("ocicat.cases", cases));
  }

  public Property withSeed(long seed) {
    return new Property(seed, cases);
  }

  /** What is checked; any exception or error is a failure. */
  @FunctionalInterface
  public interface Body<T> {
    void accept(T value) throws Exception;
  }

  /**
   * @throws AssertionError for the first value that fails, reduced
   */
  public <T> void check(Gen<T> gen, Body<? super T> body) {
    for (int i = 0; i < cases; i++) {
      Draws draws = Draws.fresh(new SplittableRandom(seed + i));
      Optional<Throwable> failure = failure(gen, body, draws);
      if (failure.isPresent()) {
        String origin = "-Docicat.seed=%d, case %d of %d".formatted(seed, i + 1, cases);
        throw report(gen, new Shrinker<>(gen, body, failure.get(), draws.choices()), origin);
      }
    }
  }

  /** Runs the one case that a failure's report names. */
  public static <T> void replay(Gen<T> gen, Body<? super T> body, int... choices) {
    Optional<Throwable> failure = failure(gen, body, Draws.replaying(choices));
    if (failure.isPresent()) {
      throw new AssertionError("the replayed case fails: " + failure.get(), failure.get());
    }
  }

  private static <T> AssertionError report(Gen<T> gen, Shrinker<T> shrinker, String origin) {
    int[] choices = shrinker.run();
    T value = gen.next(Draws.replaying(choices));
    String replay =
        IntStream.of(choices).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    return new AssertionError(
        "%s%nfails for: %s%n(%s; replay with choices %s)"
            .formatted(shrinker.failure.getMessage(), value, origin, replay),
        shrinker.failure);
  }

  /** An empty result means that the property held. */
  @SuppressWarnings("CatchingUnchecked")
  private static <T> Optional<Throwable> failure(Gen<T> gen, Body<? super T> body, Draws draws) {
    T value = gen.next(draws);
    try {
      body.accept(value);
      return Optional.empty();
    } catch (Exception | AssertionError | StackOverflowError e) {
      return Optional.of(e);
    }
  }

  /**
   * Looks for a shorter, then lower sequence of choices that fails too: blocks of choices are
   * removed, then set to zero, then single choices are lowered, until nothing helps any more.
   */
  private static final class Shrinker<T> {

    private final Gen<T> gen;
    private final Body<? super T> body;
    private Throwable failure;
    private int[] best;
    private int attempts;

    Shrinker(Gen<T> gen, Body<? super T> body, Throwable failure, int[] choices) {
      this.gen = gen;
      this.body = body;
      this.failure = failure;
      this.best = choices;
    }

    int[] run() {
      boolean improved = true;
      while (improved && attempts < SHRINK_ATTEMPTS) {
        improved = removeBlocks();
        improved |= zeroBlocks();
        improved |= lowerSingles();
      }
      return best;
    }

    private boolean removeBlocks() {
      boolean improved = false;
      for (int size = Math.max(1, best.length / 2); size >= 1; size /= 2) {
        for (int start = best.length - size; start >= 0; start -= size) {
          if (start + size <= best.length) {
            int[] candidate = new int[best.length - size];
            System.arraycopy(best, 0, candidate, 0, start);
            System.arraycopy(best, start + size, candidate, start, candidate.length - start);
            improved |= tries(candidate);
          }
        }
      }
      return improved;
    }

    private boolean zeroBlocks() {
      boolean improved = false;
      for (int size = Math.max(1, best.length / 2); size >= 1; size /= 2) {
        for (int start = 0; start + size <= best.length; start += size) {
          int[] candidate = best.clone();
          Arrays.fill(candidate, start, start + size, 0);
          improved |= tries(candidate);
        }
      }
      return improved;
    }

    private boolean lowerSingles() {
      boolean improved = false;
      for (int i = 0; i < best.length; i++) {
        for (int step = best[i] / 2; step >= 1 && i < best.length; step /= 2) {
          int[] candidate = best.clone();
          candidate[i] -= Math.min(step, candidate[i]);
          improved |= tries(candidate);
        }
        if (i < best.length && best[i] == 1) {
          int[] candidate = best.clone();
          candidate[i] = 0;
          improved |= tries(candidate);
        }
      }
      return improved;
    }

    private boolean tries(int[] candidate) {
      if (attempts >= SHRINK_ATTEMPTS || Arrays.equals(candidate, best)) {
        return false;
      }
      attempts++;
      Draws draws = Draws.replaying(candidate);
      Optional<Throwable> outcome = failure(gen, body, draws);
      int[] used = draws.choices();
      if (outcome.isEmpty() || !isSimpler(used, best)) {
        return false;
      }
      best = used;
      failure = outcome.get();
      return true;
    }

    private static boolean isSimpler(int[] candidate, int[] than) {
      return candidate.length < than.length
          || (candidate.length == than.length && Arrays.compare(candidate, than) < 0);
    }
  }
}
