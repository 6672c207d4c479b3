package io.ocicat.bgp.speaker;

import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.inet.Cidr;

/**
 * Neighbours that are not known beforehand: whoever connects from a prefix. The longest prefix that
 * holds an address decides; a neighbour that is configured by its address comes first.
 *
 * @param template for each of them; its name and address are not used, and it waits to be connected
 *     to
 * @param most how many there may be at a time
 */
public record DynamicPeers(String name, Cidr range, PeerSettings template, int most) {

  public DynamicPeers {
    if (most < 1) {
      throw new IllegalArgumentException("at least one neighbour of a range, not " + most);
    }
  }
}
