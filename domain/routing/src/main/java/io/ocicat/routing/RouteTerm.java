package io.ocicat.routing;

import java.util.List;

/**
 * A rule of a policy.
 *
 * @param reason where it was said
 * @param matches all have to hold; none: it holds for every route
 * @param changes made where it holds and accepts
 * @param accepts what becomes of a route for which it holds
 */
public record RouteTerm(
    Reason reason, List<RouteMatch> matches, List<RouteChange> changes, boolean accepts) {
  /** Copies the lists. */
  public RouteTerm {
    matches = List.copyOf(matches);
    changes = List.copyOf(changes);
  }

  /** Whether it holds for a route. */
  public boolean holds(RouteView route) {
    return matches.stream().allMatch(match -> match.holds(route));
  }
}
