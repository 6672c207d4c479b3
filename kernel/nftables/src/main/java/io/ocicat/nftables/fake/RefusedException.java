package io.ocicat.nftables.fake;

import io.ocicat.libc.Errno;

/** Ends one operation of a transaction; never leaves this package. */
final class RefusedException extends RuntimeException {
  final Errno errno;

  RefusedException(Errno errno) {
    super(errno.toString(), null, false, false);
    this.errno = errno;
  }
}
