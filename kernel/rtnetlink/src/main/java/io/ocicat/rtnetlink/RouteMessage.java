package io.ocicat.rtnetlink;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.util.List;
import java.util.Locale;

/**
 * A route, {@code struct rtmsg} and its attributes.
 *
 * @param table {@code RT_TABLE_…} or any number
 * @param protocol who made it, {@code RTPROT_…}
 * @param scope {@code RT_SCOPE_…}; IPv6 has only {@code UNIVERSE}
 * @param priority the metric; smaller goes first. For IPv6 the kernel makes 1024 of 0
 * @param source preferred source address; unspecified if none
 * @param nextHops none for a route that drops, one for most, several for equal cost multipath
 * @param others attributes without a component
 */
public record RouteMessage(
    Cidr destination,
    RouteType type,
    int table,
    int protocol,
    int scope,
    int priority,
    IpAddress source,
    List<NextHop> nextHops,
    List<RawAttribute> others) {

  public RouteMessage {
    nextHops = List.copyOf(nextHops);
    others = List.copyOf(others);
  }

  /** A route of the main table to what is on a link. */
  public static RouteMessage onLink(Cidr destination, int index, int protocol) {
    IpAddress none = Families.unspecified(destination.family());
    return new RouteMessage(
        destination,
        RouteType.UNICAST,
        LinuxRtnetlink.RT_TABLE_MAIN,
        protocol,
        scope(destination, LinuxRtnetlink.RT_SCOPE_LINK),
        0,
        none,
        List.of(NextHop.of(index, none)),
        List.of());
  }

  /**
   * A route of the main table over a gateway.
   *
   * @param index the gateway's link; 0 to let the kernel find it
   */
  public static RouteMessage via(Cidr destination, IpAddress gateway, int index, int protocol) {
    return new RouteMessage(
        destination,
        RouteType.UNICAST,
        LinuxRtnetlink.RT_TABLE_MAIN,
        protocol,
        LinuxRtnetlink.RT_SCOPE_UNIVERSE,
        0,
        Families.unspecified(destination.family()),
        List.of(NextHop.of(index, gateway)),
        List.of());
  }

  /** A route of the main table that drops silently. */
  public static RouteMessage blackhole(Cidr destination, int priority, int protocol) {
    return new RouteMessage(
        destination,
        RouteType.BLACKHOLE,
        LinuxRtnetlink.RT_TABLE_MAIN,
        protocol,
        LinuxRtnetlink.RT_SCOPE_UNIVERSE,
        priority,
        Families.unspecified(destination.family()),
        List.of(),
        List.of());
  }

  private static int scope(Cidr destination, int ipv4Scope) {
    return switch (destination.family()) {
      case IPV4 -> ipv4Scope;
      case IPV6 -> LinuxRtnetlink.RT_SCOPE_UNIVERSE;
    };
  }

  /** Whether it leads over gateways, and not straight to a link or nowhere. */
  public boolean leadsOverGateway() {
    return !nextHops.isEmpty() && nextHops.stream().noneMatch(hop -> hop.gateway().isUnspecified());
  }

  /** For messages: what it is, where to, and how. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    if (type != RouteType.UNICAST) {
      text.append(type.name().toLowerCase(Locale.ROOT)).append(' ');
    }
    text.append(destination);
    for (NextHop hop : nextHops) {
      if (!hop.gateway().isUnspecified()) {
        text.append(" via ").append(hop.gateway());
      }
      if (hop.index() != 0) {
        text.append(" on link ").append(hop.index());
      }
    }
    return text.toString();
  }
}
