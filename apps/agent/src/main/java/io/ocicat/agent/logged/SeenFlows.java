package io.ocicat.agent.logged;

import io.ocicat.inet.IpAddress;
import java.util.List;

/**
 * What was reported in a moment.
 *
 * @param lost reports that there was no room for; the kernel's own losses count as one each time
 */
public record SeenFlows(List<Seen> flows, long lost) {

  public SeenFlows {
    flows = List.copyOf(flows);
  }

  /**
   * Packets alike.
   *
   * @param key of the rule that reported them
   * @param atMillis when the last came, since 1970
   */
  public record Seen(String key, Flow flow, long packets, long atMillis) {}

  /**
   * What they have in common besides.
   *
   * @param port of the destination; of ICMP the type, 0 for protocols without either
   */
  public record Flow(IpAddress source, IpAddress destination, int protocol, int port) {}
}
