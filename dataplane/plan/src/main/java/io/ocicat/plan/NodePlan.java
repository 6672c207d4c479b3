package io.ocicat.plan;

import java.util.List;

/**
 * What one node should look like.
 *
 * @param pods the links of this node's pods
 * @param routes one for each destination
 * @param sysctls one for each path
 * @param masquerade which traffic leaves with the node's address
 * @param isInSync whether all input is known, so that what is not in this plan may be removed;
 *     before that, reconcilers only add
 */
public record NodePlan(
    List<PodLink> pods,
    List<DesiredRoute> routes,
    List<Sysctl> sysctls,
    MasqueradePlan masquerade,
    boolean isInSync) {

  /** Nothing known, nothing to remove. */
  public static final NodePlan EMPTY =
      new NodePlan(List.of(), List.of(), List.of(), MasqueradePlan.NONE, false);

  public NodePlan {
    pods = List.copyOf(pods);
    routes = List.copyOf(routes);
    sysctls = List.copyOf(sysctls);
  }
}
