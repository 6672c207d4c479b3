package io.ocicat.bgpwire;

/** Attributes as a group of sessions gets them, encoded once; see {@link UpdateWriter#encode}. */
public final class EncodedAttributes {

  private final Family family;

  EncodedAttributes(Family family) {
    this.family = family;
  }

  /** Of the prefixes that may follow. */
  public Family family() {
    return family;
  }
}
