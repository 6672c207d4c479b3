package io.ocicat.bgpwire;

/** Takes prefixes as numbers, so that none costs an object. Host bits are 0. */
public interface PrefixVisitor {

  /**
   * @param address 32 bits
   * @param length 0 to 32
   * @param pathId of add-path (RFC 7911 §3), 32 bits unsigned; 0 without add-path
   */
  void v4(int address, int length, int pathId);

  /**
   * @param high the first 64 bits
   * @param low the last 64 bits
   * @param length 0 to 128
   * @param pathId of add-path (RFC 7911 §3), 32 bits unsigned; 0 without add-path
   */
  void v6(long high, long low, int length, int pathId);
}
