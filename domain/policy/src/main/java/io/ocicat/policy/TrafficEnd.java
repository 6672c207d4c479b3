package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.selector.Selector;
import java.util.List;

/**
 * What a rule asks of the source or the destination. All that is given has to hold.
 *
 * @param nets the address is in one of these; empty for any
 * @param notNets the address is in none of these
 * @param notSelectors the address is of nothing that one of these selects
 * @param ports the port is one of these; empty for any, and for protocols without ports
 * @param notPorts the port is none of these
 */
public record TrafficEnd(
    List<Cidr> nets,
    List<Cidr> notNets,
    Peers peers,
    List<Selector> notSelectors,
    List<PortMatch> ports,
    List<PortMatch> notPorts) {

  public static final TrafficEnd ANYTHING = of(new Peers.Anyone(), List.of());

  public TrafficEnd {
    nets = List.copyOf(nets);
    notNets = List.copyOf(notNets);
    notSelectors = List.copyOf(notSelectors);
    ports = List.copyOf(ports);
    notPorts = List.copyOf(notPorts);
  }

  public static TrafficEnd of(Peers peers, List<PortMatch> ports) {
    return new TrafficEnd(List.of(), List.of(), peers, List.of(), ports, List.of());
  }

  /** This, with those ports. */
  TrafficEnd withPorts(List<PortMatch> ports) {
    return new TrafficEnd(nets, notNets, peers, notSelectors, ports, notPorts);
  }

  /** Addresses of {@code block} but for those of {@code except}. */
  public static TrafficEnd of(Cidr block, List<Cidr> except, List<PortMatch> ports) {
    return new TrafficEnd(List.of(block), except, new Peers.Anyone(), List.of(), ports, List.of());
  }
}
