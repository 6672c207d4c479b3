package io.ocicat.nft.compile;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.PolicyName;
import java.util.List;

/**
 * What a chain of the table stands for that decides about packets or reports them: a rule of a
 * policy, or the end of a tier.
 *
 * @param foreseen whether it is what would be decided if staged policies were enforced: it is
 *     counted, and neither done nor reported
 * @param policies the rule's policy, or at the end of a tier all that apply
 * @param path of the rule in its policy; empty at the end of a tier
 */
public record Decision(
    boolean foreseen,
    Direction direction,
    String tier,
    Action action,
    List<PolicyName> policies,
    String path) {

  public Decision {
    policies = List.copyOf(policies);
  }

  public boolean isEndOfTier() {
    return path.isEmpty();
  }
}
