package io.ocicat.bgp.policy;

import java.util.List;

/**
 * One rule of a policy.
 *
 * @param name for people
 * @param conditions all must hold; none: holds for every route
 * @param changes made where it holds, unless it rejects
 * @param outcome what follows
 */
public record Term(String name, List<Condition> conditions, List<Change> changes, Outcome outcome) {
  /** What follows where a term holds. */
  public enum Outcome {
    ACCEPT,
    REJECT,
    /** Keep the changes and ask the next term (as prefixAdvertisements do). */
    CONTINUE
  }

  public Term {
    conditions = List.copyOf(conditions);
    changes = List.copyOf(changes);
  }

  boolean holds(RouteFacts route) {
    for (Condition condition : conditions) {
      if (!condition.holds(route)) {
        return false;
      }
    }
    return true;
  }
}
