package io.ocicat.bgp.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Ordered terms; the first that holds and does not continue decides.
 *
 * @param name for people
 * @param terms asked in order
 * @param acceptOtherwise what becomes of a route for which no term decides
 */
public record RoutePolicy(String name, List<Term> terms, boolean acceptOtherwise) {
  public static final RoutePolicy ACCEPT_ALL = new RoutePolicy("accept all", List.of(), true);
  public static final RoutePolicy REJECT_ALL = new RoutePolicy("reject all", List.of(), false);

  public RoutePolicy {
    terms = List.copyOf(terms);
  }

  /** What becomes of a route, with the names of the terms, for people and tests. */
  public Evaluation evaluate(RouteFacts route) {
    RouteFacts now = route;
    List<String> held = new ArrayList<>();
    for (Term term : terms) {
      if (term.holds(now)) {
        held.add(term.name());
        switch (term.outcome()) {
          case REJECT -> {
            return new Evaluation(false, now.attributes(), term.name(), held);
          }
          case ACCEPT -> {
            return new Evaluation(
                true, Changes.apply(now.attributes(), term.changes()), term.name(), held);
          }
          case CONTINUE -> now = now.with(Changes.apply(now.attributes(), term.changes()));
        }
      }
    }
    return new Evaluation(acceptOtherwise, now.attributes(), name, held);
  }
}
