package io.ocicat.nftables;

import java.util.List;
import java.util.Map;

/**
 * A table as it was found, and beside it what only the holder knows.
 *
 * @param generation to which all of it belongs
 * @param isDormant whether somebody has put the table to sleep: no packet meets it
 * @param ruleStates by chain, in the order of the chain's rules
 * @param counts of the named counters, by name
 */
public record NftDump(
    NftTable content,
    Generation generation,
    boolean isDormant,
    Map<String, List<RuleState>> ruleStates,
    Map<String, Counts> counts) {
  public NftDump {
    ruleStates = Map.copyOf(ruleStates);
    counts = Map.copyOf(counts);
  }

  /** Of the rules of a chain, in their order. */
  public List<RuleState> states(String chain) {
    return ruleStates.getOrDefault(chain, List.of());
  }

  /**
   * @param handle names the rule in its table
   * @param counts of the rule's first counter, zero if it has none
   */
  public record RuleState(long handle, Counts counts) {}
}
