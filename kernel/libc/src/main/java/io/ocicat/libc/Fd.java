package io.ocicat.libc;

import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor and the duty to close it. */
public final class Fd implements AutoCloseable {

  private final int value;
  private final AtomicBoolean open = new AtomicBoolean(true);

  Fd(int value) {
    this.value = value;
  }

  /**
   * The descriptor's number.
   *
   * @throws IllegalStateException if it is closed: the number may be another file's by now
   */
  public int value() {
    if (!open.get()) {
      throw new IllegalStateException("file descriptor " + value + " is closed");
    }
    return value;
  }

  /** Closes once; further calls do nothing. */
  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      Syscalls.close(value);
    }
  }

  @Override
  public String toString() {
    return "fd " + value + (open.get() ? "" : " (closed)");
  }
}
