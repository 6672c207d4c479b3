package io.ocicat.bgp.policy;

import io.ocicat.inet.IpFamily;

/** The four policies of a neighbour. */
public record RoutePolicies(
    RoutePolicy importV4, RoutePolicy importV6, RoutePolicy exportV4, RoutePolicy exportV6) {
  public static final RoutePolicies ACCEPT_ALL =
      new RoutePolicies(
          RoutePolicy.ACCEPT_ALL,
          RoutePolicy.ACCEPT_ALL,
          RoutePolicy.ACCEPT_ALL,
          RoutePolicy.ACCEPT_ALL);

  public static final RoutePolicies REJECT_ALL =
      new RoutePolicies(
          RoutePolicy.REJECT_ALL,
          RoutePolicy.REJECT_ALL,
          RoutePolicy.REJECT_ALL,
          RoutePolicy.REJECT_ALL);

  /** The same policies for both families. */
  public static RoutePolicies of(RoutePolicy importing, RoutePolicy exporting) {
    return new RoutePolicies(importing, importing, exporting, exporting);
  }

  public RoutePolicy importing(IpFamily family) {
    return family == IpFamily.IPV4 ? importV4 : importV6;
  }

  public RoutePolicy exporting(IpFamily family) {
    return family == IpFamily.IPV4 ? exportV4 : exportV6;
  }
}
