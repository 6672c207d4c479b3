package io.ocicat.bgpwire;

/** Where a peer stands. */
public enum PeerKind {
  /** In our AS. */
  INTERNAL,
  /** In another AS. */
  EXTERNAL,
  /** In another member AS of our confederation (RFC 5065). */
  CONFEDERATION
}
