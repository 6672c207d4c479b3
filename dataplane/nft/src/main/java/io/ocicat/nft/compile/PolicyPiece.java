package io.ocicat.nft.compile;

import io.ocicat.nftables.Chain.RegularChain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.SetContent;
import io.ocicat.policy.PolicyChain;
import java.util.List;
import java.util.Set;

/**
 * A shared chain with what it alone needs.
 *
 * @param sets of ports and address ranges, named by their content
 * @param groups the sets of address groups that the rules look in
 * @param jumps the policies whose chains it jumps to
 */
record PolicyPiece(
    ChainContent chain, List<SetContent> sets, Set<GroupSet> groups, List<PolicyChain> jumps) {

  static PolicyPiece of(PolicyChain chain) {
    RuleWriter writer = new RuleWriter();
    writer.write(chain);
    return of(writer, Layout.policyChain(chain.id()), title(chain), List.of());
  }

  static PolicyPiece of(RuleWriter writer, String name, String title, List<PolicyChain> jumps) {
    return new PolicyPiece(
        new ChainContent(new RegularChain(name, Layout.comment(title)), writer.rules()),
        writer.sets(),
        writer.groups(),
        jumps);
  }

  static String title(PolicyChain chain) {
    return "policy "
        + chain.policy()
        + (chain.reasons().isEmpty() ? "" : ": " + String.join("; ", chain.reasons()));
  }
}
