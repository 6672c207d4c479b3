package io.ocicat.nft.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.nftables.Expression;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.interpret.Evaluation;
import io.ocicat.plan.MasqueradePlan;
import io.ocicat.policy.ClusterSnapshot;
import io.ocicat.policy.Clusters;
import io.ocicat.policy.Flow;
import io.ocicat.policy.GroupDelta;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.GroupMember;
import io.ocicat.policy.PolicyIndex;
import io.ocicat.policy.PolicyOracle;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicyVerdict;
import io.ocicat.policy.TierStep;
import io.ocicat.testkit.Property;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class NftCompilerPropertyTest {

  @Test
  void tablesDecideAsTheOracleDoes() {
    AtomicInteger allowed = new AtomicInteger();
    AtomicInteger denied = new AtomicInteger();
    Property.cases(300)
        .check(
            Clusters.CASE,
            c -> {
              InterpretedCluster nodes = InterpretedCluster.of(c.cluster());
              for (Flow flow : c.flows()) {
                boolean expected = PolicyOracle.verdict(c.cluster(), flow).isAllowed();
                (expected ? allowed : denied).incrementAndGet();
                assertThat(nodes.isAllowed(flow)).as("%s", flow).isEqualTo(expected);
              }
            });
    assertThat(denied.get()).isGreaterThan(allowed.get() / 10);
    assertThat(allowed.get()).isGreaterThan(denied.get() / 10);
  }

  @Test
  void whatStagedPoliciesWouldDecideIsCountedAndNothingElse() {
    AtomicInteger counted = new AtomicInteger();
    AtomicInteger differing = new AtomicInteger();
    Property.cases(300)
        .check(
            Clusters.CASE,
            c -> {
              InterpretedCluster nodes = InterpretedCluster.of(c.cluster());
              PolicyIndex policies = Clusters.policyIndex(c.cluster());
              for (Flow flow : c.flows()) {
                List<PolicyVerdict.End> ends = PolicyOracle.verdict(c.cluster(), flow).ends();
                if (ends.size() > 1 && !ends.getFirst().ground().allows()) {
                  continue;
                }
                List<String> expected =
                    ends.stream()
                        .flatMap(end -> foreseen(c.cluster(), policies, end).stream())
                        .toList();
                counted.addAndGet(expected.size());
                ends.stream()
                    .filter(end -> end.ground().allows() != end.staged().allows())
                    .forEach(_ -> differing.incrementAndGet());
                nodes.takeEvaluations();
                nodes.isAllowed(flow);
                assertThat(nodes.takeEvaluations().stream().flatMap(each -> marking(each).stream()))
                    .as("%s: %s", flow, ends)
                    .containsExactlyElementsOf(expected);
              }
            });
    assertThat(counted.get()).isGreaterThan(100);
    assertThat(differing.get()).isGreaterThan(100);
  }

  /** The comment of the rule that has to count it, if one has to. */
  private static Optional<String> foreseen(
      ClusterSnapshot cluster, PolicyIndex policies, PolicyVerdict.End end) {
    PolicyPod pod =
        cluster.pods().stream().filter(each -> each.name().equals(end.pod())).findFirst().get();
    Set<String> tiers =
        policies.endpointPolicy(pod).foreseen(end.direction()).stream()
            .map(TierStep::tier)
            .collect(Collectors.toSet());
    return switch (end.staged()) {
      case PolicyVerdict.Ground.ByRule(_, var tier, var policy, var path) ->
          Optional.of("would be: " + policy + " " + path).filter(_ -> tiers.contains(tier));
      case PolicyVerdict.Ground.EndOfTier(var tier, var applied) ->
          Optional.of(
                  Layout.comment(
                      "would be: isolated by "
                          + applied.stream()
                              .map(Object::toString)
                              .collect(Collectors.joining(", "))))
              .filter(_ -> tiers.contains(tier));
      case PolicyVerdict.Ground.AfterTiers() -> Optional.empty();
    };
  }

  /** The comments of the rules that told what would be decided. */
  private static List<String> marking(Evaluation evaluation) {
    assertThat(evaluation.mark()).isZero();
    return evaluation.trace().stream()
        .filter(Evaluation.Step.Matched.class::isInstance)
        .map(Evaluation.Step.Matched.class::cast)
        .filter(step -> step.chain().startsWith("rule-"))
        .map(Evaluation.Step.Matched::rule)
        .filter(rule -> rule.expressions().stream().anyMatch(Expression.MetaSet.class::isInstance))
        .map(Rule::comment)
        .toList();
  }

  @Test
  void aTableChangedStepByStepIsTheOneCompiledAtOnce() {
    Property.cases(150)
        .check(
            Clusters.CASE.list(2, 4),
            cases -> {
              NodeTable table = new NodeTable();
              Map<GroupId, Set<GroupMember>> known = new HashMap<>();
              Set<String> interfaces = new HashSet<>();
              for (Clusters.Case c : cases) {
                move(table, known, interfaces, c.cluster());
                assertThat(table.snapshot()).isEqualTo(atOnce(c.cluster()));
              }
              interfaces.forEach(table::remove);
              Set.copyOf(known.keySet()).forEach(table::forgetGroup);
              assertThat(table.snapshot()).isEqualTo(atOnce(ClusterSnapshot.EMPTY));
            });
  }

  private static NftTable atOnce(ClusterSnapshot cluster) {
    PolicyIndex policies = Clusters.policyIndex(cluster);
    List<NftEndpoint> endpoints =
        cluster.pods().stream().map(pod -> InterpretedCluster.endpoint(pod, policies)).toList();
    return NftCompiler.compile(
        new NftInput(endpoints, Clusters.groups(cluster), MasqueradePlan.NONE));
  }

  private static void move(
      NodeTable table,
      Map<GroupId, Set<GroupMember>> known,
      Set<String> interfaces,
      ClusterSnapshot to) {
    PolicyIndex policies = Clusters.policyIndex(to);
    Set<String> now = new HashSet<>();
    to.pods().forEach(pod -> now.add(InterpretedCluster.hostInterface(pod)));
    interfaces.stream().filter(name -> !now.contains(name)).forEach(table::remove);
    interfaces.clear();
    interfaces.addAll(now);
    Clusters.groups(to)
        .forEach(
            (id, members) -> {
              Set<GroupMember> before = known.getOrDefault(id, Set.of());
              TreeSet<GroupMember> added = new TreeSet<>(members);
              added.removeAll(before);
              TreeSet<GroupMember> removed = new TreeSet<>(before);
              removed.removeAll(members);
              table.changeGroup(id, new GroupDelta(added, removed));
              known.put(id, members);
            });
    to.pods().forEach(pod -> table.put(InterpretedCluster.endpoint(pod, policies)));
  }
}
