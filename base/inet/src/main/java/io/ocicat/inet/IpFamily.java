package io.ocicat.inet;

/** Address family, with its address length in bits. */
public enum IpFamily {
  IPV4(32),
  IPV6(128);

  private final int bits;

  IpFamily(int bits) {
    this.bits = bits;
  }

  /** Length of an address in bits: 32 or 128. */
  public int bits() {
    return bits;
  }

  /** Length of an address in bytes: 4 or 16. */
  public int bytes() {
    return bits / 8;
  }
}
