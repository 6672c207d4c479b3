package io.ocicat.plan;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;

/** A route that the node should have, with protocol 79, in the main table. */
public sealed interface DesiredRoute {

  /** The protocol number by which our routes are known, {@code rtm_protocol}. */
  int PROTOCOL = 79;

  Cidr destination();

  /** To a pod of this node. */
  record ToPod(Cidr destination, String hostInterface) implements DesiredRoute {}

  /** Addresses of an own block that no pod has: refused here rather than sent round in a loop. */
  record Blackhole(Cidr destination) implements DesiredRoute {}

  /**
   * To another node's block.
   *
   * @param node the other node's address, of the destination's family and on a connected network
   */
  record ViaNode(Cidr destination, IpAddress node) implements DesiredRoute {
    public ViaNode {
      if (destination.family() != node.family()) {
        throw new IllegalArgumentException(
            "route to %s cannot go via %s of the other family".formatted(destination, node));
      }
    }
  }
}
