package io.ocicat.nftables.fake;

/** Ends one operation of a transaction; never leaves this package. */
final class RefusedException extends RuntimeException {
  final Errno errno;

  RefusedException(Errno errno) {
    super(errno.text(), null, false, false);
    this.errno = errno;
  }
}
