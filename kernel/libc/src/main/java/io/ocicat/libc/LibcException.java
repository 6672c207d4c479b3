package io.ocicat.libc;

/** A system call failed for a reason outside this process. */
public final class LibcException extends RuntimeException {

  private final String call;
  private final Errno errno;
  private final String context;

  /**
   * @param call the call's name in C
   * @param context what it was about, for example a path
   */
  public LibcException(String call, Errno errno, String context) {
    super(call + " " + context + ": " + errno);
    this.call = call;
    this.errno = errno;
    this.context = context;
  }

  public String call() {
    return call;
  }

  public Errno errno() {
    return errno;
  }

  public String context() {
    return context;
  }

  /** Whether the kernel's answer was that number. */
  public boolean is(Errno other) {
    return errno.equals(other);
  }
}
