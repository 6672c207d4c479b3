package io.ocicat.bgpwire;

/**
 * Finds {@link Attributes} by the octets that a peer sent, so that a set that came before is not
 * decoded again. Bounded: a set that was not seen for long makes room. One for each thread;
 * sessions share it.
 */
public final class AttributeCache {

  /**
   * @param maximumEntries rounded up to a power of two
   */
  public AttributeCache(int maximumEntries) {}

  /** Room for 32768 sets. */
  public AttributeCache() {
    this(1 << 15);
  }
}
