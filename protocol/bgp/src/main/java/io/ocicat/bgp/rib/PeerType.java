package io.ocicat.bgp.rib;

/** How a neighbour stands to us; decides what is passed between whom (RFC 4271 §9.2, RFC 4456). */
public enum PeerType {
  /** Of our AS, told only what was learned from outside, from clients or from here. */
  INTERNAL,
  /** Of our AS and our reflector client: told everything. */
  INTERNAL_CLIENT,
  /** Of another AS. */
  EXTERNAL;

  public boolean internal() {
    return this != EXTERNAL;
  }
}
