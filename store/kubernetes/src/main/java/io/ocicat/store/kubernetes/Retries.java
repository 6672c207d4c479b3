package io.ocicat.store.kubernetes;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Makes calls again that an API server could not serve: after a pause that doubles and varies, and
 * is not shorter than the server asked for (Retry-After), until a patience ends.
 *
 * @param patience no call is begun after this long; zero: every call is made once
 * @param random for the pauses; used by the threads that make calls
 */
public record Retries(Duration patience, RandomGenerator random) {

  /** Every call is made once. */
  public static Retries once() {
    return new Retries(Duration.ZERO, () -> 0);
  }

  /** A call to an API server. */
  public interface Call<T> {
    T make() throws ApiException, InterruptedException;
  }

  /**
   * The first success.
   *
   * @param again which failures are worth another call
   * @throws ApiException the last failure
   */
  public <T> T make(Predicate<ApiException> again, Call<T> call)
      throws ApiException, InterruptedException {
    Backoff backoff = new Backoff(random);
    long beganNs = System.nanoTime();
    while (true) {
      try {
        return call.make();
      } catch (ApiException e) {
        Duration pause = e.pauseOfAtLeast(backoff.next());
        long endNs = System.nanoTime() + pause.toNanos();
        if (!again.test(e) || endNs - beganNs > patience.toNanos()) {
          throw e;
        }
        Thread.sleep(pause);
      }
    }
  }
}
