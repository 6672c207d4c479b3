package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.nftables.Rule;
import io.ocicat.policy.TierStep;
import java.util.ArrayList;
import java.util.List;

/**
 * What endpoints' chains ask first, where staged policies are for them: the tiers as they would be,
 * which count and never decide. Packets of endpoints without staged policies meet none of it.
 */
final class Foresight {

  /** A bit of packets' marks that is ours, and only while foreseen tiers are asked. */
  static final int DECIDED = 0x0400_0000;

  private Foresight() {}

  /**
   * The rules, none if there is nothing to count.
   *
   * @param tiers is given the chains that these jump to
   */
  static List<Rule> rules(List<TierStep> steps, Direction direction, List<TierChain> tiers) {
    List<Rule> rules = new ArrayList<>();
    for (TierStep step : steps) {
      if (step.chains().isEmpty() && step.end() instanceof TierStep.End.Next) {
        continue;
      }
      TierChain tier = TierChain.foreseen(step, direction);
      tiers.add(tier);
      String comment = Layout.comment("tier " + step.tier() + " with staged policies, to count");
      rules.add(
          rules.isEmpty()
              ? rule().jump(tier.name(), comment)
              : rule().mark(0, DECIDED).jump(tier.name(), comment));
    }
    if (!rules.isEmpty()) {
      rules.add(rule().clearMark(DECIDED).end("now what is enforced"));
    }
    return rules;
  }
}
