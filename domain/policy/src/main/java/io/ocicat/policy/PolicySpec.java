package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A policy of any kind with defaults applied and every field understood or marked as not.
 *
 * @param tier the tier's name
 * @param order in the tier, low first, infinite for none
 * @param subject the endpoints that it applies to
 * @param directions in which it applies to them; rules of other directions are absent
 * @param standing whether it is enforced
 * @param problems about the policy as a whole, for people; each has already been read so that less
 *     is allowed
 */
public record PolicySpec(
    PolicyName name,
    String tier,
    double order,
    Peers.Selection subject,
    Set<Direction> directions,
    List<PolicyRule> ingress,
    List<PolicyRule> egress,
    Standing standing,
    List<String> problems) {

  /** What is done with a policy. */
  public enum Standing {
    /** It decides. */
    ENFORCED,
    /** It is staged, to be or to replace the enforced one of its name. */
    STAGED,
    /** It is staged to take the enforced one of its name away. */
    STAGED_REMOVAL,
    /** Nothing. */
    IGNORED
  }

  public PolicySpec {
    directions = directions.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(directions));
    ingress = directions.contains(Direction.INGRESS) ? List.copyOf(ingress) : List.of();
    egress = directions.contains(Direction.EGRESS) ? List.copyOf(egress) : List.of();
    problems = List.copyOf(problems);
  }

  /** This, but not enforced. */
  public PolicySpec staged(PolicyName as, Standing standing) {
    return new PolicySpec(
        as, tier, order, subject, directions, ingress, egress, standing, problems);
  }

  public boolean isEnforced() {
    return standing == Standing.ENFORCED;
  }

  public boolean appliesTo(Direction direction) {
    return directions.contains(direction);
  }

  public List<PolicyRule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }
}
