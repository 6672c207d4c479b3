package io.ocicat.bgp.policy;

import io.ocicat.inet.IpFamily;
import java.util.List;

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

  private static final RoutePolicy NONE_CHOSEN =
      new RoutePolicy("no policy chosen (RFC 8212)", List.of(), false);

  /** The same policies for both families. */
  public static RoutePolicies of(RoutePolicy importing, RoutePolicy exporting) {
    return new RoutePolicies(importing, importing, exporting, exporting);
  }

  /**
   * The same, but where there is {@link RoutePolicy#ACCEPT_ALL}, nobody has chosen a policy, and
   * nothing passes (RFC 8212).
   */
  public RoutePolicies rejectingWhereNone() {
    return new RoutePolicies(
        chosen(importV4), chosen(importV6), chosen(exportV4), chosen(exportV6));
  }

  private static RoutePolicy chosen(RoutePolicy policy) {
    return policy.equals(RoutePolicy.ACCEPT_ALL) ? NONE_CHOSEN : policy;
  }

  public RoutePolicy importing(IpFamily family) {
    return family == IpFamily.IPV4 ? importV4 : importV6;
  }

  public RoutePolicy exporting(IpFamily family) {
    return family == IpFamily.IPV4 ? exportV4 : exportV6;
  }
}
