package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that decides about traffic of one host endpoint, apart from failsafe ports, which come
 * before it, and established connections. A direction of a stage without steps is not judged.
 *
 * @param untracked what it allows is not tracked, and judged no more; what it does not decide about
 *     goes on
 * @param preDnat likewise for what comes in; never any steps for egress
 * @param forward what no step decides about goes on
 * @param own always with steps, the last of which decides
 */
public record HostPolicy(
    EndpointPolicy untracked, EndpointPolicy preDnat, EndpointPolicy forward, EndpointPolicy own) {

  public EndpointPolicy at(HostStage stage) {
    return switch (stage) {
      case UNTRACKED -> untracked;
      case PRE_DNAT -> preDnat;
      case FORWARD -> forward;
      case OWN -> own;
    };
  }

  public List<TierStep> steps(HostStage stage, Direction direction) {
    return at(stage).steps(direction);
  }

  /** The groups whose members a node must have before this holds. */
  public Set<GroupId> requiredGroups() {
    Set<GroupId> groups = new TreeSet<>();
    for (HostStage stage : HostStage.values()) {
      groups.addAll(at(stage).requiredGroups());
    }
    return groups;
  }
}
