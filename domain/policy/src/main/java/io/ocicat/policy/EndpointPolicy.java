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
 *
 * @param ingressForeseen what there would be instead of {@code ingress} if staged policies were
 *     enforced, up to the last tier in which that can be told; empty if none applies
 */
public record EndpointPolicy(
    List<TierStep> ingress,
    List<TierStep> egress,
    List<TierStep> ingressForeseen,
    List<TierStep> egressForeseen) {

  public EndpointPolicy {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
    ingressForeseen = List.copyOf(ingressForeseen);
    egressForeseen = List.copyOf(egressForeseen);
  }

  /** Of an endpoint that no staged policies are for. */
  public EndpointPolicy(List<TierStep> ingress, List<TierStep> egress) {
    this(ingress, egress, List.of(), List.of());
  }

  public List<TierStep> steps(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  /** The steps that only count, and never decide. */
  public List<TierStep> foreseen(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingressForeseen;
      case EGRESS -> egressForeseen;
    };
  }

  /** All chains of a direction that decide, in the order in which they are asked. */
  public List<PolicyChain> chains(Direction direction) {
    List<PolicyChain> chains = new ArrayList<>();
    steps(direction).forEach(step -> chains.addAll(step.chains()));
    return chains;
  }

  /** The groups whose members a node must have before this holds and counts. */
  public Set<GroupId> requiredGroups() {
    Set<GroupId> groups = new TreeSet<>();
    for (Direction direction : Direction.values()) {
      chains(direction).forEach(chain -> groups.addAll(chain.requiredGroups()));
      for (TierStep step : foreseen(direction)) {
        step.chains().forEach(chain -> groups.addAll(chain.requiredGroups()));
      }
    }
    return groups;
  }
}
