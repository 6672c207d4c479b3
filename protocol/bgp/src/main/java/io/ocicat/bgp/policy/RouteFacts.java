package io.ocicat.bgp.policy;

import io.ocicat.bgpwire.Attributes;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;

/**
 * What a policy is asked about: one route, towards or from one neighbour.
 *
 * @param family of the prefix
 * @param high upper 64 bits of the address; an IPv4 address stands in the upper half
 * @param low lower 64 bits of an IPv6 address
 * @param length of the prefix
 * @param attributes before the policy
 * @param source where the route comes from
 * @param neighbourExternal the neighbour of the session the policy belongs to is of another AS
 * @param device the device the route leads to, empty: not known
 */
public record RouteFacts(
    IpFamily family,
    long high,
    long low,
    int length,
    Attributes attributes,
    RouteSource source,
    boolean neighbourExternal,
    String device) {
  /** The facts of a route whose prefix is at hand as such. */
  public static RouteFacts of(
      Cidr prefix,
      Attributes attributes,
      RouteSource source,
      boolean neighbourExternal,
      String device) {
    long high =
        switch (prefix.address()) {
          case Ipv4Address v4 -> (long) v4.value() << 32;
          case Ipv6Address v6 -> v6.high();
        };
    long low = prefix.address() instanceof Ipv6Address v6 ? v6.low() : 0;
    return new RouteFacts(
        prefix.family(),
        high,
        low,
        prefix.prefixLength(),
        attributes,
        source,
        neighbourExternal,
        device);
  }

  RouteFacts with(Attributes changed) {
    return new RouteFacts(family, high, low, length, changed, source, neighbourExternal, device);
  }
}
