package io.ocicat.nft.compile;

import io.ocicat.plan.MasqueradePlan;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.GroupMember;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that the table of a node depends on.
 *
 * @param groups members by group; a group that is missing has none, which denies
 */
public record NftInput(
    List<NftEndpoint> endpoints,
    Map<GroupId, Set<GroupMember>> groups,
    MasqueradePlan masquerade,
    NftHosts hosts) {

  /** Of a node without host endpoints. */
  public NftInput(
      List<NftEndpoint> endpoints,
      Map<GroupId, Set<GroupMember>> groups,
      MasqueradePlan masquerade) {
    this(endpoints, groups, masquerade, NftHosts.NONE);
  }

  public NftInput {
    endpoints = List.copyOf(endpoints);
    groups = Map.copyOf(groups);
  }
}
