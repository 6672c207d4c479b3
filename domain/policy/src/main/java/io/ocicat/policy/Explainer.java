package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.Explanation.Outcome;
import io.ocicat.policy.Explanation.Result;
import io.ocicat.policy.Explanation.Stop;
import io.ocicat.policy.PolicyVerdict.Ground;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Writes down the way that {@link PolicyOracle} and {@link HostOracle} go to their verdicts. */
public final class Explainer {

  private final ClusterSnapshot cluster;
  private final long policies;
  private final PolicyOracle oracle;
  private final RuleMeaning meaning;

  /**
   * @param policies how many are enforced, with those that are not in {@code cluster}
   */
  private Explainer(ClusterSnapshot cluster, long policies) {
    this.cluster = cluster;
    this.policies = policies;
    this.oracle = new PolicyOracle(cluster);
    this.meaning = new RuleMeaning(cluster);
  }

  /** The oracle's verdict, explained, of pods at the ends alone. */
  public static Explanation explain(ClusterSnapshot cluster, Flow flow) {
    return explain(cluster, flow, List.of(), 0);
  }

  /**
   * The oracles' verdicts, explained.
   *
   * @param passages the nodes on the way, in order
   * @param others how many policies are enforced and not in {@code cluster}, for they are for
   *     others
   */
  public static Explanation explain(
      ClusterSnapshot cluster, Flow flow, List<Passage> passages, int others) {
    Set<IpAddress> addresses = new HashSet<>(Vicinity.addresses(flow));
    Set<String> nodes = new HashSet<>();
    for (Passage passage : passages) {
      addresses.add(passage.flow().source());
      addresses.add(passage.flow().delivered().destination());
      nodes.add(passage.flow().node());
    }
    return new Explainer(
            Vicinity.of(cluster, addresses, nodes),
            others + cluster.policies().stream().filter(Explainer::isAsked).count())
        .explain(flow, passages);
  }

  private Explanation explain(Flow flow, List<Passage> passages) {
    PolicyVerdict verdict = PolicyOracle.verdict(cluster, flow);
    List<Explanation.End> ends = new ArrayList<>();
    if (flow.source() instanceof Flow.Source.Remote(var source)) {
      RuleMeaning.Packet packet =
          new RuleMeaning.Packet(source, flow.destination(), flow.traffic());
      verdict.ends().forEach(end -> ends.add(end(end, packet)));
    }
    return new Explanation(verdict, ends, stops(ends, passages));
  }

  /** What the nodes ask, and the ends that they do not come to. */
  private List<Stop> stops(List<Explanation.End> ends, List<Passage> passages) {
    List<Stop> stops = new ArrayList<>();
    List<Explanation.End> left = new ArrayList<>(ends);
    for (Passage passage : passages) {
      String node = passage.flow().node();
      HostVerdict verdict =
          HostOracle.verdict(cluster, passage.settings(), passage.interfaces(), passage.flow());
      for (HostVerdict.Step step : verdict.steps()) {
        switch (step) {
          case HostVerdict.Step.AtHost atHost ->
              stops.add(new Stop.AtHost(node, atHost, tiers(passage, atHost)));
          case HostVerdict.Step.PodToHost toHost -> stops.add(new Stop.PodToHost(node, toHost));
          case HostVerdict.Step.AtPod(var pod, var direction, _) ->
              left.stream()
                  .filter(end -> end.verdict().pod().equals(pod))
                  .filter(end -> end.verdict().direction() == direction)
                  .findFirst()
                  .ifPresent(
                      end -> {
                        left.remove(end);
                        stops.add(new Stop.AtPod(end));
                      });
        }
      }
    }
    left.forEach(end -> stops.add(new Stop.AtPod(end)));
    return stops;
  }

  private List<Explanation.Tier> tiers(Passage passage, HostVerdict.Step.AtHost step) {
    HostFlow.Head head =
        switch (step.stage()) {
          case UNTRACKED, PRE_DNAT ->
              step.direction() == Direction.INGRESS
                  ? passage.flow().sent()
                  : passage.flow().delivered();
          case FORWARD, OWN -> passage.flow().delivered();
        };
    PolicyHost endpoint =
        cluster.hosts().stream()
            .filter(host -> host.name().equals(step.endpoint()))
            .findFirst()
            .orElseThrow();
    return switch (step.ground()) {
      case HostVerdict.Ground.Failsafe() -> List.of();
      case HostVerdict.Ground.ByPolicy _,
          HostVerdict.Ground.ByProfile _,
          HostVerdict.Ground.NoProfile _,
          HostVerdict.Ground.Undecided _ ->
          tiers(
              oracle.enforced().stream().filter(policy -> policy.judges(step.stage())).toList(),
              endpoint,
              step.direction(),
              new RuleMeaning.Packet(passage.flow().source(), head.destination(), head.traffic()),
              tier -> HostOracle.end(tier, step.stage()));
    };
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
        tiers(enforced, pod, direction, packet, PolicyTier::end),
        staged ? tiers(oracle.withStaged(), pod, direction, packet, PolicyTier::end) : List.of(),
        (int)
            (policies
                - enforced.stream()
                    .filter(Explainer::isAsked)
                    .filter(policy -> concerns(policy, pod, direction))
                    .count()));
  }

  private static boolean isAsked(PolicySpec policy) {
    return policy.isEnforced() && policy.name().kind() != PolicyKind.PROFILE;
  }

  private boolean concerns(PolicySpec policy, PolicyPod pod, Direction direction) {
    return policy.appliesTo(direction) && meaning.selects(policy.subject(), pod);
  }

  private record Asked(PolicyTier tier, List<PolicySpec> policies, List<PolicyRule.Match> rules) {}

  private List<Explanation.Tier> tiers(
      List<PolicySpec> policies,
      Subject subject,
      Direction direction,
      RuleMeaning.Packet packet,
      Function<PolicyTier, PolicyTier.End> endOf) {
    List<Asked> asked = new ArrayList<>();
    Ground ground =
        oracle.ground(
            policies,
            subject,
            direction,
            packet,
            endOf,
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
