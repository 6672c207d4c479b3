package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.PolicyChain;
import io.ocicat.policy.TierStep;
import io.ocicat.selector.ContentHash;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The chain of a {@link TierStep}, shared by all endpoints that take the same. What it does not
 * decide about returns from it, and the endpoint's own chain goes on to the next step.
 *
 * <p>A policy with a rule that leaves the tier is written into this chain, where to return is to
 * leave it; the others have chains of their own.
 */
record TierChain(TierStep step, Direction direction, String name) {

  static TierChain of(TierStep step, Direction direction) {
    String chains = step.chains().stream().map(PolicyChain::id).collect(Collectors.joining(" "));
    return new TierChain(
        step,
        direction,
        Layout.tierChain(
            ContentHash.of("%s %s %s %s".formatted(direction, step.tier(), chains, step.end()))));
  }

  PolicyPiece piece() {
    RuleWriter writer = new RuleWriter();
    List<PolicyChain> jumps = new ArrayList<>();
    for (PolicyChain chain : step.chains()) {
      if (chain.passes()) {
        writer.write(chain);
      } else {
        jumps.add(chain);
        writer.add(
            rule()
                .jump(Layout.policyChain(chain.id()), Layout.comment("policy " + chain.policy())));
      }
    }
    switch (step.end()) {
      case TierStep.End.Deny(var appliedBy) ->
          writer.add(
              rule()
                  .counter()
                  .drop(
                      Layout.comment(
                          "isolated by "
                              + appliedBy.stream()
                                  .map(Object::toString)
                                  .collect(Collectors.joining(", ")))));
      case TierStep.End.Next() -> {}
      case TierStep.End.Allow() -> writer.add(RuleWriter.allow(rule(), direction, "open"));
    }
    return PolicyPiece.of(writer, name, "tier " + step.tier(), jumps);
  }
}
