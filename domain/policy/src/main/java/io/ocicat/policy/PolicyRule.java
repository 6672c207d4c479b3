package io.ocicat.policy;

import java.util.List;

/** One entry of a policy's {@code ingress} or {@code egress}. */
public sealed interface PolicyRule {

  /**
   * Allows what comes from (or goes to) one of the peers on one of the ports.
   *
   * @param peers none means anyone
   * @param ports none means all traffic of every protocol
   */
  record Allow(List<Peer> peers, List<PortMatch> ports) implements PolicyRule {
    public Allow {
      peers = List.copyOf(peers);
      ports = List.copyOf(ports);
    }
  }

  /**
   * A rule that cannot be understood: it allows nothing.
   *
   * @param reason with the field's path
   */
  record Invalid(String reason) implements PolicyRule {}
}
