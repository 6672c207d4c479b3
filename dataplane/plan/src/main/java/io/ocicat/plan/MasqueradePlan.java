package io.ocicat.plan;

import io.ocicat.inet.Cidr;
import java.util.List;

/**
 * What leaves with the node's address: traffic from {@code natPools} to anything outside {@code
 * allPools}.
 */
public record MasqueradePlan(List<Cidr> natPools, List<Cidr> allPools) {

  public static final MasqueradePlan NONE = new MasqueradePlan(List.of(), List.of());

  /** Both sorted, so that equal content is an equal plan. */
  public MasqueradePlan {
    natPools = natPools.stream().sorted().distinct().toList();
    allPools = allPools.stream().sorted().distinct().toList();
  }
}
