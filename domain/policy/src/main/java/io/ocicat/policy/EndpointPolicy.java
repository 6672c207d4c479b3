package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that decides about one local pod's traffic, except established connections and the
 * node's own, which are always allowed. Steps are taken in order until one decides; the last one
 * always does: isolation and its absence are steps, never the lack of steps.
 */
public record EndpointPolicy(List<TierStep> ingress, List<TierStep> egress) {

  public EndpointPolicy {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  public List<TierStep> steps(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  /** All chains of a direction, in the order in which they are asked. */
  public List<PolicyChain> chains(Direction direction) {
    List<PolicyChain> chains = new ArrayList<>();
    steps(direction).forEach(step -> chains.addAll(step.chains()));
    return chains;
  }

  /** The groups whose members a node must have before this holds. */
  public Set<GroupId> requiredGroups() {
    Set<GroupId> groups = new TreeSet<>();
    for (Direction direction : Direction.values()) {
      chains(direction).forEach(chain -> groups.addAll(chain.requiredGroups()));
    }
    return groups;
  }
}
