package io.ocicat.policy;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.selector.ContentHash;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One policy in one direction, compiled: nothing is left to look up but the members of groups. Pods
 * for which it comes out the same share it; it comes out different only where a named port is
 * another number in another pod.
 *
 * @param id hash of all the rest, and of the policy's tier
 * @param logDenied whether what its rules deny is reported
 * @param reasons why rules of the policy are missing or changed here, for people
 */
public record PolicyChain(
    String id,
    PolicyName policy,
    Direction direction,
    boolean logDenied,
    List<ChainRule> rules,
    List<String> reasons)
    implements Comparable<PolicyChain> {

  public PolicyChain {
    rules = List.copyOf(rules);
    reasons = List.copyOf(reasons);
  }

  static PolicyChain of(
      PolicyName policy,
      String tier,
      Direction direction,
      boolean logDenied,
      List<ChainRule> rules,
      List<String> reasons) {
    List<Object> content = List.of(policy, tier, direction, logDenied, rules, reasons);
    String id = ContentHash.of(content.toString());
    return new PolicyChain(id, policy, direction, logDenied, rules, reasons);
  }

  /** Whether one of its rules leaves the tier. */
  public boolean passes() {
    return rules.stream().anyMatch(rule -> rule.action() == Action.PASS);
  }

  public Set<GroupId> requiredGroups() {
    Set<GroupId> groups = new TreeSet<>();
    rules.forEach(rule -> groups.addAll(rule.requiredGroups()));
    return groups;
  }

  @Override
  public int compareTo(PolicyChain other) {
    return id.compareTo(other.id);
  }
}
