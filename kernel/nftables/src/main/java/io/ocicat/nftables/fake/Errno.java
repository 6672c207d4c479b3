package io.ocicat.nftables.fake;

/** The errors that nf_tables gives, with their numbers in {@code asm-generic/errno-base.h}. */
enum Errno {
  ENOENT(2, "No such file or directory"),
  EBUSY(16, "Device or resource busy"),
  EEXIST(17, "File exists"),
  EINVAL(22, "Invalid argument"),
  EMLINK(31, "Too many links"),
  ELOOP(40, "Too many levels of symbolic links"),
  EOPNOTSUPP(95, "Operation not supported");

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  int number() {
    return number;
  }

  String text() {
    return text;
  }
}
