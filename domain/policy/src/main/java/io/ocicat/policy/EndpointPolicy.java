package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that decides about one local pod's traffic, except established connections and the
 * node's own, which are always allowed.
 */
public record EndpointPolicy(List<PolicyRow> ingress, List<PolicyRow> egress) {

  public EndpointPolicy {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  public List<PolicyRow> rows(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  public List<PolicyChain> chains(Direction direction) {
    return rows(direction).stream()
        .filter(PolicyRow.Apply.class::isInstance)
        .map(row -> ((PolicyRow.Apply) row).chain())
        .toList();
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
