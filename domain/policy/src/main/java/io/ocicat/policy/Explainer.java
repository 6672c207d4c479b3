package io.ocicat.policy;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.Explanation.Outcome;
import io.ocicat.policy.Explanation.Result;
import io.ocicat.policy.PolicyVerdict.Ground;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes down the way that {@link PolicyOracle} goes to its verdict. */
public final class Explainer {

  private final ClusterSnapshot cluster;
  private final PolicyOracle oracle;
  private final RuleMeaning meaning;

  private Explainer(ClusterSnapshot cluster) {
    this.cluster = cluster;
    this.oracle = new PolicyOracle(cluster);
    this.meaning = new RuleMeaning(cluster);
  }

  /** The oracle's verdict, explained. */
  public static Explanation explain(ClusterSnapshot cluster, Flow flow) {
    return new Explainer(cluster).explain(flow);
  }

  private Explanation explain(Flow flow) {
    PolicyVerdict verdict = PolicyOracle.verdict(cluster, flow);
    List<Explanation.End> ends = new ArrayList<>();
    if (flow.source() instanceof Flow.Source.Remote(var source)) {
      RuleMeaning.Packet packet =
          new RuleMeaning.Packet(source, flow.destination(), flow.traffic());
      verdict.ends().forEach(end -> ends.add(end(end, packet)));
    }
    return new Explanation(verdict, ends);
  }

  private Explanation.End end(PolicyVerdict.End verdict, RuleMeaning.Packet packet) {
    Direction direction = verdict.direction();
    PolicyPod pod =
        cluster.pods().stream()
            .filter(each -> each.name().equals(verdict.pod()))
            .findFirst()
            .orElseThrow();
    List<PolicySpec> enforced = oracle.enforced();
    boolean staged =
        cluster.policies().stream()
            .filter(
                policy ->
                    policy.standing() == PolicySpec.Standing.STAGED
                        || policy.standing() == PolicySpec.Standing.STAGED_REMOVAL)
            .anyMatch(policy -> concerns(policy, pod, direction));
    return new Explanation.End(
        verdict,
        tiers(enforced, pod, direction, packet),
        staged ? tiers(oracle.withStaged(), pod, direction, packet) : List.of(),
        (int)
            enforced.stream()
                .filter(policy -> policy.name().kind() != PolicyKind.PROFILE)
                .filter(policy -> !concerns(policy, pod, direction))
                .count());
  }

  private boolean concerns(PolicySpec policy, PolicyPod pod, Direction direction) {
    return policy.appliesTo(direction) && meaning.selects(policy.subject(), pod);
  }

  private record Asked(PolicyTier tier, List<PolicySpec> policies, List<PolicyRule.Match> rules) {}

  private List<Explanation.Tier> tiers(
      List<PolicySpec> policies, PolicyPod pod, Direction direction, RuleMeaning.Packet packet) {
    List<Asked> asked = new ArrayList<>();
    Ground ground =
        oracle.ground(
            policies,
            pod,
            direction,
            packet,
            PolicyTier::end,
            (tier, applying, rules) -> asked.add(new Asked(tier, applying, rules)));
    List<Explanation.Tier> tiers = new ArrayList<>();
    for (int index = 0; index < asked.size(); index++) {
      boolean last = index == asked.size() - 1;
      tiers.add(tier(asked.get(index), last ? ground : new Ground.AfterTiers(), direction, packet));
    }
    return tiers;
  }

  private Explanation.Tier tier(
      Asked asked, Ground ground, Direction direction, RuleMeaning.Packet packet) {
    List<Explanation.Policy> policies = new ArrayList<>();
    boolean passed = false;
    int next = 0;
    for (PolicySpec policy : asked.policies()) {
      List<Explanation.Rule> rules = new ArrayList<>();
      for (PolicyRule rule : policy.rules(direction)) {
        switch (rule) {
          case PolicyRule.Nothing(var path, var reason) ->
              rules.add(
                  new Explanation.Rule(
                      "spec." + path,
                      Optional.empty(),
                      Result.UNREADABLE,
                      List.of(),
                      List.of(reason)));
          case PolicyRule.Match match -> {
            boolean reached = next < asked.rules().size();
            boolean matched = reached && meaning.matches(match, packet);
            rules.add(rule(policy, match, reached, matched, packet));
            passed |= matched && match.action() == Action.PASS;
            next++;
          }
        }
      }
      policies.add(new Explanation.Policy(policy, rules));
    }
    return new Explanation.Tier(asked.tier(), policies, outcome(ground, passed));
  }

  private Explanation.Rule rule(
      PolicySpec policy,
      PolicyRule.Match match,
      boolean reached,
      boolean matched,
      RuleMeaning.Packet packet) {
    return new Explanation.Rule(
        "spec." + match.path(),
        Optional.of(match.action()),
        !reached ? Result.NOT_ASKED : matched ? Result.MATCHED : Result.NOT_MATCHED,
        reached ? RuleReading.of(cluster, policy.name().kind(), match, packet) : List.of(),
        match.problems());
  }

  private static Outcome outcome(Ground ground, boolean passed) {
    return switch (ground) {
      case Ground.ByRule rule -> rule.allows() ? Outcome.ALLOWED : Outcome.DENIED;
      case Ground.EndOfTier _ -> Outcome.ENDS_IN_DENY;
      case Ground.AfterTiers() -> passed ? Outcome.PASSED : Outcome.ENDS_IN_PASS;
    };
  }
}
