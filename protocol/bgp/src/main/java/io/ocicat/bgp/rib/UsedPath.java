package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.Attributes;

/**
 * A path in use.
 *
 * @param peer the neighbour it came from; empty: originated here
 * @param device the neighbour's device, which a link-local next hop needs; may be empty
 * @param external from another AS
 * @param attributes after import policy, with the next hop
 */
public record UsedPath(String peer, String device, boolean external, Attributes attributes) {
  /** Originated here: not for the kernel, which it came from. */
  public boolean local() {
    return peer.isEmpty();
  }
}
