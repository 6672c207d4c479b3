package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.PolicyVerdict.Ground;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The definition of policy, written as plainly as possible and never fast: a flow is allowed if
 * both of its ends allow it. It shares no code with what is compiled.
 *
 * <p>It speaks of new connections. Replies of an allowed one are allowed and never asked about.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Kubernetes:
 *     Network Policies</a>
 * @see <a href="https://docs.tigera.io/calico/latest/reference/resources/networkpolicy">Calico:
 *     network policy</a>
 */
public final class PolicyOracle {

  private final ClusterSnapshot cluster;
  private final RuleMeaning rules;

  PolicyOracle(ClusterSnapshot cluster) {
    this.cluster = cluster;
    this.rules = new RuleMeaning(cluster);
  }

  public static PolicyVerdict verdict(ClusterSnapshot cluster, Flow flow) {
    return new PolicyOracle(cluster).verdict(flow);
  }

  private PolicyVerdict verdict(Flow flow) {
    return switch (flow.source()) {
      case Flow.Source.OwnHost() -> PolicyVerdict.unasked("a node reaches its own pods");
      case Flow.Source.Remote(var source) ->
          verdict(new RuleMeaning.Packet(source, flow.destination(), flow.traffic()));
    };
  }

  private PolicyVerdict verdict(RuleMeaning.Packet packet) {
    List<PolicyVerdict.End> ends = new ArrayList<>();
    for (PolicyPod sender : cluster.podsAt(packet.source())) {
      if (sender.addresses().contains(packet.destination())) {
        return PolicyVerdict.unasked("a pod reaches itself");
      }
      ends.add(end(sender, Direction.EGRESS, packet));
    }
    for (PolicyPod receiver : cluster.podsAt(packet.destination())) {
      ends.add(end(receiver, Direction.INGRESS, packet));
    }
    return new PolicyVerdict("no end of it is a pod", ends);
  }

  PolicyVerdict.End end(PolicyPod pod, Direction direction, RuleMeaning.Packet packet) {
    return new PolicyVerdict.End(
        pod.name(),
        direction,
        ground(enforced(), pod, direction, packet),
        ground(withStaged(), pod, direction, packet));
  }

  List<PolicySpec> enforced() {
    return cluster.policies().stream().filter(PolicySpec::isEnforced).toList();
  }

  /** The policies that there would be. */
  List<PolicySpec> withStaged() {
    Map<PolicyName, PolicySpec> all = new TreeMap<>();
    enforced().forEach(policy -> all.put(policy.name(), policy));
    for (PolicySpec policy : cluster.policies()) {
      PolicyName name = policy.name().enforced();
      switch (policy.standing()) {
        case ENFORCED, IGNORED -> {}
        case STAGED -> all.put(name, policy);
        case STAGED_REMOVAL -> all.remove(name);
      }
    }
    return List.copyOf(all.values());
  }

  private Ground ground(
      List<PolicySpec> policies, PolicyPod pod, Direction direction, RuleMeaning.Packet packet) {
    return ground(policies, pod, direction, packet, PolicyTier::end, (_, _, _) -> {});
  }

  Ground ground(
      List<PolicySpec> policies,
      Subject pod,
      Direction direction,
      RuleMeaning.Packet packet,
      Function<PolicyTier, PolicyTier.End> endOf) {
    return ground(policies, pod, direction, packet, endOf, (_, _, _) -> {});
  }

  /** Is told what was asked, tier by tier. */
  @FunctionalInterface
  interface Trail {
    /**
     * A tier that has policies that apply.
     *
     * @param asked the rules that were asked, in order
     */
    void tier(PolicyTier tier, List<PolicySpec> policies, List<PolicyRule.Match> asked);
  }

  /**
   * What policies decide.
   *
   * @param endOf what becomes of traffic that a tier applies to and does not decide about
   */
  Ground ground(
      List<PolicySpec> policies,
      Subject pod,
      Direction direction,
      RuleMeaning.Packet packet,
      Function<PolicyTier, PolicyTier.End> endOf,
      Trail trail) {
    List<PolicySpec> applying =
        policies.stream()
            .filter(policy -> policy.appliesTo(direction))
            .filter(policy -> rules.selects(policy.subject(), pod))
            .toList();
    for (PolicyTier tier : tiers(applying)) {
      List<PolicySpec> ofTier =
          applying.stream()
              .filter(policy -> policy.tier().equals(tier.name()))
              .sorted(
                  Comparator.comparingDouble(PolicySpec::order)
                      .thenComparing(policy -> policy.name().name())
                      .thenComparing(policy -> policy.name().namespace())
                      .thenComparing(policy -> policy.name().kind().documentName()))
              .toList();
      boolean passed = false;
      List<PolicyRule.Match> asked = new ArrayList<>();
      if (!ofTier.isEmpty()) {
        trail.tier(tier, ofTier, asked);
      }
      for (Step step : steps(ofTier, direction)) {
        if (passed) {
          break;
        }
        asked.add(step.rule);
        if (rules.matches(step.rule, packet)) {
          switch (step.rule.action()) {
            case ALLOW, DENY -> {
              return new Ground.ByRule(
                  step.rule.action(), tier.name(), step.policy, step.rule.path());
            }
            case PASS -> passed = true;
            case LOG -> {}
          }
        }
      }
      if (!passed && !ofTier.isEmpty() && endOf.apply(tier) == PolicyTier.End.DENY) {
        return new Ground.EndOfTier(tier.name(), ofTier.stream().map(PolicySpec::name).toList());
      }
    }
    return new Ground.AfterTiers();
  }

  private record Step(PolicyName policy, PolicyRule.Match rule) {}

  private static List<Step> steps(List<PolicySpec> policies, Direction direction) {
    List<Step> steps = new ArrayList<>();
    for (PolicySpec policy : policies) {
      for (PolicyRule rule : policy.rules(direction)) {
        if (rule instanceof PolicyRule.Match match) {
          steps.add(new Step(policy.name(), match));
        }
      }
    }
    return steps;
  }

  /** All tiers in their order, those last that policies name and nobody made. */
  private List<PolicyTier> tiers(List<PolicySpec> policies) {
    Map<String, PolicyTier> known = new TreeMap<>();
    Stream.concat(PolicyTier.permanent().stream(), cluster.tiers().stream())
        .forEach(tier -> known.put(tier.name(), tier));
    List<PolicyTier> tiers =
        new ArrayList<>(
            known.values().stream()
                .sorted(
                    Comparator.comparingDouble(PolicyTier::order).thenComparing(PolicyTier::name))
                .toList());
    policies.stream()
        .map(PolicySpec::tier)
        .filter(name -> !known.containsKey(name))
        .distinct()
        .sorted()
        .map(PolicyTier::missing)
        .forEach(tiers::add);
    return tiers;
  }
}
