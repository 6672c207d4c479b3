package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.selector.LabelSelector;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A NetworkPolicy (networking.k8s.io/v1) with defaults applied and every field understood or marked
 * as not.
 *
 * @param directions in which the pods it selects are isolated; rules of other directions are absent
 * @param problems about the policy as a whole, for people; each has already been read so that it
 *     allows less
 */
public record PolicySpec(
    PolicyName name,
    LabelSelector podSelector,
    Set<Direction> directions,
    List<PolicyRule> ingress,
    List<PolicyRule> egress,
    List<String> problems) {

  public PolicySpec {
    directions = directions.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(directions));
    ingress = directions.contains(Direction.INGRESS) ? List.copyOf(ingress) : List.of();
    egress = directions.contains(Direction.EGRESS) ? List.copyOf(egress) : List.of();
    problems = List.copyOf(problems);
  }

  public PolicySpec(
      PolicyName name,
      LabelSelector podSelector,
      Set<Direction> directions,
      List<PolicyRule> ingress,
      List<PolicyRule> egress) {
    this(name, podSelector, directions, ingress, egress, List.of());
  }

  public List<PolicyRule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  /** {@code true} if {@code pod} is one of those that this policy is about. */
  public boolean selects(PolicyPod pod) {
    return pod.name().namespace().equals(name.namespace()) && podSelector.matches(pod.labels());
  }

  /** {@code true} if this policy isolates {@code pod} in that direction. */
  public boolean isolates(PolicyPod pod, Direction direction) {
    return directions.contains(direction) && selects(pod);
  }
}
