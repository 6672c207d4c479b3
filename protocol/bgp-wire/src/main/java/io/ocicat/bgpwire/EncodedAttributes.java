package io.ocicat.bgpwire;

/** Attributes as a group of sessions gets them, encoded once; see {@link UpdateWriter#encode}. */
public final class EncodedAttributes {

  private final Family family;
  private final byte[] reachHead;
  private final byte[] others;

  /**
   * @param reachHead of MP_REACH_NLRI, what is before its prefixes; empty if prefixes go in the
   *     NLRI field
   * @param others all other attributes
   */
  EncodedAttributes(Family family, byte[] reachHead, byte[] others) {
    this.family = family;
    this.reachHead = reachHead;
    this.others = others;
  }

  /** Of the prefixes that may follow. */
  public Family family() {
    return family;
  }

  /** Octets of a message that they take, whatever prefixes follow. */
  public int size() {
    return others.length + (isMultiprotocol() ? 4 + reachHead.length : 0);
  }

  boolean isMultiprotocol() {
    return reachHead.length > 0;
  }

  byte[] reachHead() {
    return reachHead;
  }

  byte[] others() {
    return others;
  }
}
