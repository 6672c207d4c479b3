package io.ocicat.routing;

import java.util.List;
import java.util.Optional;

/**
 * Terms in their order: the first that holds decides; a route for which none holds is accepted as
 * it is.
 */
public record RouteRules(List<RouteTerm> terms) {
  /** Accepts everything. */
  public static final RouteRules NONE = new RouteRules(List.of());

  /**
   * What becomes of a route.
   *
   * @param accepted whether it passes
   * @param route as it passes
   * @param decidedBy the term; empty if none held
   */
  public record Outcome(boolean accepted, RouteView route, Optional<Reason> decidedBy) {}

  /** Copies the list. */
  public RouteRules {
    terms = List.copyOf(terms);
  }

  /** What becomes of this route. */
  public Outcome apply(RouteView route) {
    for (RouteTerm term : terms) {
      if (term.holds(route)) {
        RouteView now = route;
        if (term.accepts()) {
          for (RouteChange change : term.changes()) {
            now = now.with(change);
          }
        }
        return new Outcome(term.accepts(), now, Optional.of(term.reason()));
      }
    }
    return new Outcome(true, route, Optional.empty());
  }
}
