package io.ocicat.policy;

import io.ocicat.model.CalicoRule.Action;
import java.util.List;

/** One step of a policy in one direction, in the order in which they are asked. */
public sealed interface PolicyRule {

  /** The field of the document that it comes from, such as {@code ingress[0].from[1]}. */
  String path();

  /**
   * Traffic, and what becomes of it.
   *
   * @param problems why it is not what the document says, or not all of that
   */
  record Match(String path, Action action, TrafficMatch traffic, List<String> problems)
      implements PolicyRule {
    public Match {
      problems = List.copyOf(problems);
    }

    public Match(String path, Action action, TrafficMatch traffic) {
      this(path, action, traffic, List.of());
    }
  }

  /**
   * A rule that cannot be understood, and matches nothing.
   *
   * @param reason with the field's path
   */
  record Nothing(String path, String reason) implements PolicyRule {}
}
