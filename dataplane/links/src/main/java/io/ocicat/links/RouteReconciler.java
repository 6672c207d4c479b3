package io.ocicat.links;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.plan.DesiredRoute;
import io.ocicat.plan.PodLink;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.LinkTable;
import io.ocicat.rtnetlink.LinuxRtnetlink;
import io.ocicat.rtnetlink.NextHop;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.RouteTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the node's routes equal to those desired: observe, plan, apply.
 *
 * <p>Only routes with our protocol number are ever changed or removed. A route on a pod's link that
 * no desired route mentions is left alone: that pod is being added or deleted right now, and its
 * route comes and goes with its link. One thread at a time.
 */
public final class RouteReconciler {

  /**
   * Metric of blackholes, above that of every other route: a block of a single address and the pod
   * that has it can then be there at once.
   */
  static final int BLACKHOLE_PRIORITY = 1 << 20;

  // The kernel's IP6_RT_PRIO_USER, which it uses where none is given.
  private static final int IPV6_DEFAULT_PRIORITY = 1024;

  private final RouteTable routes;
  private final LinkTable links;
  private final RouteScope scope;
  private Map<Cidr, DesiredRoute> inEffect = Map.of();

  /** One that has the say over all routes of our protocol number. */
  public RouteReconciler(RouteTable routes, LinkTable links) {
    this(routes, links, RouteScope.ALL);
  }

  /**
   * @param scope what is outside of it is neither made nor touched, even if it is desired
   */
  public RouteReconciler(RouteTable routes, LinkTable links, RouteScope scope) {
    this.routes = routes;
    this.links = links;
    this.scope = scope;
  }

  /**
   * What a run did.
   *
   * @param changed changes made
   * @param drift those of them that put right what somebody else had changed, one sentence each
   * @param failures what could not be done, one sentence each; the next run tries again
   * @param waiting routes to pods whose link is not there
   */
  public record Report(
      List<RouteTable.Change> changed,
      List<String> drift,
      List<String> failures,
      List<DesiredRoute> waiting) {
    public Report {
      changed = List.copyOf(changed);
      drift = List.copyOf(drift);
      failures = List.copyOf(failures);
      waiting = List.copyOf(waiting);
    }
  }

  /**
   * What is to be done.
   *
   * @param waiting routes to pods whose link is not there
   */
  record Steps(List<RouteTable.Change> changes, List<DesiredRoute> waiting) {}

  /**
   * Makes the kernel's routes equal to those desired.
   *
   * @param desired one for each destination
   * @param pruning whether what is not desired may be removed
   * @throws io.ocicat.netlink.NetlinkException if the kernel's routes cannot be read
   */
  public Report reconcile(List<DesiredRoute> desired, Pruning pruning) {
    Map<String, Integer> indexes = new HashMap<>();
    for (LinkMessage link : links.links()) {
      indexes.put(link.name(), link.index());
    }
    List<DesiredRoute> ours =
        desired.stream().filter(route -> scope.covers(message(route, indexes))).toList();
    List<RouteMessage> observed =
        routes.routes(DesiredRoute.PROTOCOL).stream().filter(scope::covers).toList();
    Steps steps = plan(ours, observed, indexes, pruning);
    Map<Cidr, DesiredRoute> wanted = new HashMap<>();
    ours.forEach(route -> wanted.put(route.destination(), route));
    List<RouteTable.Change> changed = new ArrayList<>();
    List<String> drift = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (RouteTable.Outcome outcome : routes.apply(steps.changes)) {
      Cidr destination = outcome.change().route().destination();
      switch (outcome) {
        case RouteTable.Outcome.Done(RouteTable.Change change) -> {
          changed.add(change);
          // The plan did not move, so the kernel did.
          DesiredRoute before = inEffect.get(destination);
          DesiredRoute now = wanted.get(destination);
          if (now != null && now.equals(before)) {
            drift.add("route %s was not as it should be".formatted(change.route().describe()));
          }
        }
        case RouteTable.Outcome.Failed(RouteTable.Change _, var cause) -> {
          failures.add(cause.getMessage());
          wanted.remove(destination);
        }
      }
    }
    steps.waiting.forEach(route -> wanted.remove(route.destination()));
    inEffect = Map.copyOf(wanted);
    return new Report(changed, drift, failures, steps.waiting);
  }

  /** Pure: what makes {@code observed} equal to {@code desired}; removals before additions. */
  static Steps plan(
      List<DesiredRoute> desired,
      List<RouteMessage> observed,
      Map<String, Integer> indexes,
      Pruning pruning) {
    Map<Key, RouteMessage> wanted = new HashMap<>();
    List<DesiredRoute> waiting = new ArrayList<>();
    Set<Integer> plannedLinks = new HashSet<>();
    for (DesiredRoute route : desired) {
      if (route instanceof DesiredRoute.ToPod(Cidr _, String hostInterface)) {
        Integer index = indexes.get(hostInterface);
        if (index == null) {
          waiting.add(route);
          continue;
        }
        plannedLinks.add(index);
      }
      RouteMessage message = message(route, indexes);
      wanted.put(Key.of(message), message);
    }
    Set<Integer> unplannedLinks = new HashSet<>();
    indexes.forEach(
        (name, index) -> {
          if (name.startsWith(PodLink.HOST_INTERFACE_PREFIX) && !plannedLinks.contains(index)) {
            unplannedLinks.add(index);
          }
        });
    List<RouteTable.Change> removals = new ArrayList<>();
    List<RouteTable.Change> additions = new ArrayList<>();
    for (RouteMessage route : observed) {
      RouteMessage replacement = wanted.remove(Key.of(route));
      if (replacement != null) {
        if (!isSame(replacement, route)) {
          additions.add(new RouteTable.Change.Replace(replacement));
        }
      } else if (pruning == Pruning.ALLOWED && !isOnOneOf(unplannedLinks, route)) {
        removals.add(new RouteTable.Change.Delete(route));
      }
    }
    wanted.values().stream()
        .sorted(Comparator.comparing(RouteMessage::destination))
        .forEach(route -> additions.add(new RouteTable.Change.Add(route)));
    removals.addAll(additions);
    return new Steps(removals, waiting);
  }

  private record Key(Cidr destination, int table, int priority) {
    static Key of(RouteMessage route) {
      boolean byDefault = route.priority() == 0 && route.destination().family() == IpFamily.IPV6;
      return new Key(
          route.destination(), route.table(), byDefault ? IPV6_DEFAULT_PRIORITY : route.priority());
    }
  }

  private static RouteMessage message(DesiredRoute route, Map<String, Integer> indexes) {
    return switch (route) {
      case DesiredRoute.ToPod(Cidr destination, String hostInterface) ->
          RouteMessage.onLink(
              destination, indexes.getOrDefault(hostInterface, 0), DesiredRoute.PROTOCOL);
      case DesiredRoute.Blackhole(Cidr destination) ->
          RouteMessage.blackhole(destination, BLACKHOLE_PRIORITY, DesiredRoute.PROTOCOL);
      case DesiredRoute.ViaNode(Cidr destination, var node) ->
          RouteMessage.via(destination, node, 0, DesiredRoute.PROTOCOL);
    };
  }

  private static boolean isSame(RouteMessage wanted, RouteMessage found) {
    return wanted.type() == found.type()
        && wanted.table() == found.table()
        && (wanted.nextHops().isEmpty() || leadsTheSameWay(wanted, found));
  }

  private static boolean leadsTheSameWay(RouteMessage wanted, RouteMessage found) {
    if (found.nextHops().size() != 1) {
      return false;
    }
    NextHop to = wanted.nextHops().getFirst();
    NextHop actual = found.nextHops().getFirst();
    return to.gateway().equals(actual.gateway())
        && (to.index() == 0 || to.index() == actual.index());
  }

  private static boolean isOnOneOf(Set<Integer> links, RouteMessage route) {
    return route.table() == LinuxRtnetlink.RT_TABLE_MAIN
        && route.nextHops().stream().anyMatch(hop -> links.contains(hop.index()));
  }
}
