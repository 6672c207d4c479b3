package io.ocicat.nftables.fake;

import io.ocicat.nftables.NftDump.RuleState;
import io.ocicat.nftables.NftTable;
import java.util.List;
import java.util.Map;

/** A table and the handles of its rules. */
record HeldTable(NftTable content, Map<String, List<RuleState>> ruleStates) {
  HeldTable {
    ruleStates = Map.copyOf(ruleStates);
  }
}
