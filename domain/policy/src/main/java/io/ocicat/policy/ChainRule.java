package io.ocicat.policy;

import io.ocicat.policy.PortMatch.Range;
import java.util.List;

/** A rule of a {@link PolicyChain}: traffic with such a peer and such a port is allowed. */
public sealed interface ChainRule {

  /**
   * @param ports ascending by protocol and number, disjoint and not adjacent; none means all
   *     traffic of every protocol
   */
  record AnyPeer(List<Range> ports) implements ChainRule {
    public AnyPeer {
      ports = List.copyOf(ports);
    }
  }

  /**
   * The peer's address is in the group.
   *
   * @param ports as in {@link AnyPeer}
   */
  record InGroup(GroupId group, List<Range> ports) implements ChainRule {
    public InGroup {
      ports = List.copyOf(ports);
    }
  }

  /** The peer's address, the protocol and the destination port are together in the group. */
  record InPortGroup(GroupId group) implements ChainRule {}

  /**
   * The peer's address is in the block.
   *
   * @param ports as in {@link AnyPeer}
   */
  record InBlock(Peer.IpBlock block, List<Range> ports) implements ChainRule {
    public InBlock {
      ports = List.copyOf(ports);
    }
  }
}
