package io.ocicat.bgp.rib;

import io.ocicat.bgp.decision.DecisionSettings;

/**
 * Settings of the tables.
 *
 * @param decision how the best path is chosen
 * @param groupBacklogBytes encoded octets that a group keeps for its slowest follower; one that is
 *     further behind gets the latest state later instead
 * @param exportWindow prefixes looked at together when UPDATEs are packed
 */
public record RibSettings(DecisionSettings decision, int groupBacklogBytes, int exportWindow) {
  public static final RibSettings DEFAULT =
      new RibSettings(DecisionSettings.DEFAULT, 8 << 20, 4096);

  public RibSettings decision(DecisionSettings other) {
    return new RibSettings(other, groupBacklogBytes, exportWindow);
  }
}
