package io.ocicat.fib;

import io.ocicat.bgp.rib.Reachability;
import io.ocicat.fib.HopGroups.Hop;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.LinuxIfLink;
import io.ocicat.rtnetlink.NextHop;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.RouteType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel's links and addresses, and the main table's routes that are not the speaker's: what
 * says how next hops are reached. A route whose links carry nothing does not count.
 */
final class Topology {

  private final Map<Integer, LinkMessage> links = new HashMap<>();
  private final Map<Integer, Set<IpAddress>> addresses = new HashMap<>();
  private final Map<Cidr, List<RouteMessage>> routes = new HashMap<>();
  private final Map<IpFamily, int[]> countsByLength =
      Map.of(IpFamily.IPV4, new int[33], IpFamily.IPV6, new int[129]);

  /** Links whose routes the kernel may have dropped without a word. */
  private final Set<Integer> disturbed = new HashSet<>();

  /** Whether this says where next hops are: the main table's, and not what the speaker learned. */
  static boolean counts(RouteMessage route) {
    return route.table() == FibSettings.MAIN_TABLE && !learned(route);
  }

  /** Whether it is what a speaker made. */
  static boolean learned(RouteMessage route) {
    return route.protocol() == FibSettings.PROTOCOL
        && route.type() == RouteType.UNICAST
        && route.leadsOverGateway();
  }

  void put(LinkMessage link) {
    LinkMessage before = links.put(link.index(), link);
    if (before != null && before.isUp() && !link.isUp()) {
      forgetIpv4Through(link.index());
    }
    if (before == null || usable(before) != usable(link)) {
      disturbed.add(link.index());
    }
  }

  void removeLink(int index) {
    if (links.remove(index) != null) {
      forgetIpv4Through(index);
      addresses.remove(index);
      disturbed.add(index);
    }
  }

  void put(AddressMessage address) {
    if (addresses.computeIfAbsent(address.index(), _ -> new HashSet<>()).add(address.local())) {
      disturbed.add(address.index());
    }
  }

  void remove(AddressMessage address) {
    Set<IpAddress> of = addresses.get(address.index());
    if (of != null && of.remove(address.local())) {
      disturbed.add(address.index());
    }
  }

  /**
   * @param instead it takes the place of one of the same metric
   */
  void put(RouteMessage route, boolean instead) {
    List<RouteMessage> same = routes.computeIfAbsent(route.destination(), _ -> new ArrayList<>(1));
    if (same.isEmpty()) {
      lengths(route.destination())[route.destination().prefixLength()]++;
    }
    if (instead) {
      for (int i = 0; i < same.size(); i++) {
        if (same.get(i).priority() == route.priority()) {
          same.remove(i);
          break;
        }
      }
    }
    same.removeIf(other -> alike(other, route));
    same.add(route);
  }

  /**
   * @return false if one of several next hops went, of which the kernel does not say what is left
   */
  boolean remove(RouteMessage route) {
    List<RouteMessage> same = routes.get(route.destination());
    if (same == null) {
      return true;
    }
    boolean removed = same.removeIf(other -> alike(other, route));
    dropIfEmpty(route.destination(), same);
    return removed
        || same.stream()
            .noneMatch(
                other -> other.priority() == route.priority() && other.nextHops().size() > 1);
  }

  private static boolean alike(RouteMessage one, RouteMessage other) {
    return one.priority() == other.priority()
        && one.protocol() == other.protocol()
        && one.type() == other.type()
        && leads(one.nextHops()).equals(leads(other.nextHops()));
  }

  /** Without flags, which change with the link, and without an order. */
  static Set<NextHop> leads(Collection<NextHop> hops) {
    Set<NextHop> plain = new HashSet<>();
    hops.forEach(hop -> plain.add(new NextHop(hop.index(), hop.gateway(), hop.weight(), 0)));
    return plain;
  }

  // The kernel says nothing of IPv4 routes that go with a link or its last state "up".
  private void forgetIpv4Through(int index) {
    for (Cidr destination : List.copyOf(routes.keySet())) {
      List<RouteMessage> same = routes.get(destination);
      if (same != null && destination.family() == IpFamily.IPV4) {
        same.removeIf(
            route ->
                !route.nextHops().isEmpty()
                    && route.nextHops().stream().allMatch(hop -> hop.index() == index));
        dropIfEmpty(destination, same);
      }
    }
  }

  private void dropIfEmpty(Cidr destination, List<RouteMessage> same) {
    if (same.isEmpty() && routes.remove(destination) != null) {
      lengths(destination)[destination.prefixLength()]--;
    }
  }

  private int[] lengths(Cidr prefix) {
    int[] counts = countsByLength.get(prefix.family());
    if (counts == null) {
      throw new IllegalStateException("no counts of " + prefix.family());
    }
    return counts;
  }

  /** The links since last asked whose routes may be gone. */
  Set<Integer> takeDisturbed() {
    Set<Integer> taken = Set.copyOf(disturbed);
    disturbed.clear();
    return taken;
  }

  boolean hasAddress(IpAddress address) {
    return addresses.values().stream().anyMatch(of -> of.contains(address));
  }

  /** A route of somebody else that ours would take the place of. */
  Optional<RouteMessage> inTheWay(Cidr prefix, int metric) {
    return routes.getOrDefault(prefix, List.of()).stream()
        .filter(route -> route.priority() == metric)
        .findFirst();
  }

  Reachability reachability(IpAddress nextHop, boolean throughDefault) {
    if (hasAddress(nextHop)) {
      return Reachability.UNREACHABLE;
    }
    return route(nextHop, throughDefault)
        .map(
            route ->
                connected(route)
                    ? Reachability.CONNECTED
                    : new Reachability(true, Integer.toUnsignedLong(route.priority())))
        .orElse(Reachability.UNREACHABLE);
  }

  private static boolean connected(RouteMessage route) {
    return route.nextHops().stream().allMatch(hop -> hop.gateway().isUnspecified());
  }

  /** Where packets for these next hops go, each gateway once. */
  List<NextHop> leads(List<Hop> hops, boolean throughDefault) {
    Set<NextHop> found = new LinkedHashSet<>();
    for (Hop hop : hops) {
      if (hop.address().isLinkLocal() && hop.address().family() == IpFamily.IPV6) {
        links.values().stream()
            .filter(link -> link.name().equals(hop.device()) && usable(link))
            .forEach(link -> found.add(NextHop.of(link.index(), hop.address())));
      } else if (!hasAddress(hop.address())) {
        route(hop.address(), throughDefault)
            .ifPresent(route -> found.addAll(over(route, hop.address())));
      }
    }
    return List.copyOf(found);
  }

  private List<NextHop> over(RouteMessage route, IpAddress nextHop) {
    return route.nextHops().stream()
        .filter(this::usable)
        .map(
            hop -> NextHop.of(hop.index(), hop.gateway().isUnspecified() ? nextHop : hop.gateway()))
        .toList();
  }

  /** The longest match that leads somewhere. */
  private Optional<RouteMessage> route(IpAddress address, boolean throughDefault) {
    int[] counts = countsByLength.getOrDefault(address.family(), new int[0]);
    for (int length = counts.length - 1; length >= (throughDefault ? 0 : 1); length--) {
      if (counts[length] > 0) {
        Optional<RouteMessage> best =
            routes.getOrDefault(Cidr.containing(address, length), List.of()).stream()
                .filter(route -> drops(route) || route.nextHops().stream().anyMatch(this::usable))
                .min(Comparator.comparing(RouteMessage::priority, Integer::compareUnsigned));
        if (best.isPresent()) {
          return best.filter(route -> !drops(route));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean drops(RouteMessage route) {
    return route.type() != RouteType.UNICAST;
  }

  private boolean usable(NextHop hop) {
    LinkMessage link = links.get(hop.index());
    return link != null && usable(link);
  }

  private static boolean usable(LinkMessage link) {
    int needed = LinuxIfLink.IFF_UP | LinuxIfLink.IFF_LOWER_UP;
    return (link.flags() & needed) == needed;
  }
}
