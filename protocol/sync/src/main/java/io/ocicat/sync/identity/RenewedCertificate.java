package io.ocicat.sync.identity;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A certificate that is replaced when it is half used up, at the first use after that. Safe for use
 * by many threads.
 */
public final class RenewedCertificate implements Supplier<KeyedCertificate> {

  private final Supplier<KeyedCertificate> issue;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private KeyedCertificate current;

  /** Issues the first one. */
  public RenewedCertificate(Supplier<KeyedCertificate> issue, InstantSource clock) {
    this.issue = issue;
    this.clock = clock;
    this.current = issue.get();
  }

  @Override
  public KeyedCertificate get() {
    lock.lock();
    try {
      if (!clock.instant().isBefore(current.renewAt())) {
        current = issue.get();
      }
      return current;
    } finally {
      lock.unlock();
    }
  }
}
