package io.ocicat.routing;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import java.util.List;
import java.util.Optional;

/**
 * How a node is to speak BGP.
 *
 * @param node its name
 * @param as its AS
 * @param asReason why that one
 * @param routerId its BGP identifier: the node's IPv4 address, else made from its name
 * @param clusterId as a reflector; empty if it is none
 * @param listen where it listens
 * @param nextHops its addresses as a next hop, one of each family at most
 * @param neighbours by name
 * @param routes its own routes, by prefix
 * @param kernel what becomes of learned routes
 * @param notices what is not done as its author may think
 */
public record NodeSpeaker(
    String node,
    long as,
    Reason asReason,
    Ipv4Address routerId,
    Optional<Ipv4Address> clusterId,
    Listen listen,
    List<IpAddress> nextHops,
    List<Neighbour> neighbours,
    List<OriginatedRoute> routes,
    Kernel kernel,
    List<Notice> notices) {

  /**
   * Where a speaker listens.
   *
   * @param addresses empty for all
   * @param forWorkloads at which pods find it, on their interfaces alone
   */
  public record Listen(int port, List<IpAddress> addresses, List<IpAddress> forWorkloads) {
    /** Copies the lists. */
    public Listen {
      addresses = List.copyOf(addresses);
      forWorkloads = List.copyOf(forWorkloads);
    }
  }

  /**
   * What becomes of learned routes.
   *
   * @param programs {@code programClusterRoutes}
   * @param normalPriorityV4 the metric of an ordinary IPv4 route
   * @param normalPriorityV6 the metric of an ordinary IPv6 route
   */
  public record Kernel(String programs, int normalPriorityV4, int normalPriorityV6) {}

  /** Copies the lists. */
  public NodeSpeaker {
    nextHops = List.copyOf(nextHops);
    neighbours = List.copyOf(neighbours);
    routes = List.copyOf(routes);
    notices = List.copyOf(notices);
  }

  /** The neighbour of this name. */
  public Optional<Neighbour> neighbour(String name) {
    return neighbours.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  NodeSpeaker with(List<Neighbour> neighbours) {
    return new NodeSpeaker(
        node,
        as,
        asReason,
        routerId,
        clusterId,
        listen,
        nextHops,
        neighbours,
        routes,
        kernel,
        notices);
  }
}
