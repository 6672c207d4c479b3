package io.ocicat.nft.compile;

import io.ocicat.inet.IpFamily;
import io.ocicat.model.IcmpMatch;
import io.ocicat.policy.ChainRule;
import io.ocicat.policy.ChainRule.Side;

/**
 * A rule of a policy for peers whose address is known to match.
 *
 * @param rule without what it asks of the peer's address
 * @param isAboutPortsAlone whether nothing but the protocol and the destination's port is left to
 *     ask for
 */
record RowRule(ChainRule rule, RuleChain chain, boolean isAboutPortsAlone) {

  RowRule(ChainRule rule, RuleChain chain) {
    this(rule, chain, isAboutPortsAlone(rule));
  }

  /** Whether there is no condition left. */
  boolean isAboutEverything() {
    return isAboutPortsAlone
        && rule.protocols().isEmpty()
        && !rule.destination().ports().isRestricted();
  }

  private static boolean isAboutPortsAlone(ChainRule rule) {
    return rule.families().size() == IpFamily.values().length
        && rule.notProtocols().isEmpty()
        && rule.icmp() instanceof IcmpMatch.NotGiven
        && rule.notIcmp() instanceof IcmpMatch.NotGiven
        && rule.source().equals(Side.ANYTHING)
        && rule.destination().isAnyAddress()
        && rule.destination().ports().groups().isEmpty()
        && rule.destination().ports().not().isEmpty()
        && rule.destination().ports().notIn().isEmpty();
  }
}
