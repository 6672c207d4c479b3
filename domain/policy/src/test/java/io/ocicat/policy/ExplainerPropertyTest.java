package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.policy.Explanation.Outcome;
import io.ocicat.policy.Explanation.Result;
import io.ocicat.policy.PolicyVerdict.Ground;
import io.ocicat.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ExplainerPropertyTest {

  @Test
  void leadsToTheOraclesVerdictByTheWayThatItShows() {
    AtomicInteger decidedByRules = new AtomicInteger();
    Property.cases(400)
        .check(
            Clusters.CASE,
            c -> {
              for (Flow flow : c.flows()) {
                Explanation explanation = Explainer.explain(c.cluster(), flow);
                assertThat(explanation.verdict())
                    .isEqualTo(PolicyOracle.verdict(c.cluster(), flow));
                for (Explanation.End end : explanation.ends()) {
                  assertThat(ground(end.tiers())).isEqualTo(end.verdict().ground());
                  if (!end.staged().isEmpty()) {
                    assertThat(ground(end.staged())).isEqualTo(end.verdict().staged());
                  }
                  if (end.verdict().ground() instanceof Ground.ByRule) {
                    decidedByRules.incrementAndGet();
                  }
                }
              }
            });
    assertThat(decidedByRules.get()).isGreaterThan(200);
  }

  @Test
  void goesThroughNodesAsTheOracleOfHostsDoes() {
    AtomicInteger refused = new AtomicInteger();
    Property.cases(400)
        .check(
            HostClusters.CASE,
            c -> {
              for (HostFlow flow : c.flows()) {
                Explanation explanation =
                    Explainer.explain(
                        c.cluster(),
                        Flow.between(
                            flow.source(),
                            flow.delivered().destination(),
                            flow.delivered().traffic()),
                        List.of(new Passage(flow, c.settings(), HostClusters.INTERFACES)),
                        0);
                List<HostVerdict.Step> wanted = new ArrayList<>();
                for (HostVerdict.Step step : c.verdict(flow).steps()) {
                  if (!(step instanceof HostVerdict.Step.AtPod)) {
                    wanted.add(step);
                  }
                }
                List<HostVerdict.Step> said = new ArrayList<>();
                for (Explanation.Stop stop : explanation.stops()) {
                  switch (stop) {
                    case Explanation.Stop.AtHost(_, var step, var tiers) -> {
                      said.add(step);
                      if (step.ground() instanceof HostVerdict.Ground.ByPolicy(var ground)) {
                        assertThat(ground(tiers)).isEqualTo(ground);
                        refused.addAndGet(step.allows() ? 0 : 1);
                      }
                    }
                    case Explanation.Stop.PodToHost(_, var step) -> said.add(step);
                    case Explanation.Stop.AtPod _ -> {}
                  }
                }
                assertThat(said).isEqualTo(wanted);
              }
            });
    assertThat(refused.get()).isGreaterThan(100);
  }

  @Test
  void everyFieldHoldsWhereARuleMatchesAndOneDoesNotElsewhere() {
    Property.cases(400)
        .check(
            Clusters.CASE,
            c -> {
              for (Flow flow : c.flows()) {
                for (Explanation.End end : Explainer.explain(c.cluster(), flow).ends()) {
                  end.tiers().forEach(tier -> check(flow, tier));
                  end.staged().forEach(tier -> check(flow, tier));
                }
              }
            });
  }

  private static void check(Flow flow, Explanation.Tier tier) {
    for (Explanation.Policy policy : tier.policies()) {
      for (Explanation.Rule rule : policy.rules()) {
        switch (rule.result()) {
          case MATCHED -> assertThat(rule.failing()).as("%s %s", flow, rule).isEmpty();
          case NOT_MATCHED -> assertThat(rule.failing()).as("%s %s", flow, rule).isNotEmpty();
          case UNREADABLE, NOT_ASKED -> assertThat(rule.findings()).isEmpty();
        }
      }
    }
  }

  /** What the steps that are shown say, without looking at anything else. */
  private static Ground ground(List<Explanation.Tier> tiers) {
    for (Explanation.Tier tier : tiers) {
      Optional<Ground> decided =
          switch (tier.outcome()) {
            case ALLOWED, DENIED -> Optional.of(deciding(tier));
            case ENDS_IN_DENY ->
                Optional.of(
                    new Ground.EndOfTier(
                        tier.tier().name(),
                        tier.policies().stream().map(policy -> policy.spec().name()).toList()));
            case PASSED, ENDS_IN_PASS -> Optional.empty();
          };
      if (decided.isPresent()) {
        assertThat(tier).isSameAs(tiers.getLast());
        return decided.get();
      }
    }
    return new Ground.AfterTiers();
  }

  private static Ground deciding(Explanation.Tier tier) {
    for (Explanation.Policy policy : tier.policies()) {
      for (Explanation.Rule rule : policy.rules()) {
        if (rule.result() == Result.MATCHED
            && rule.action().filter(action -> action != Action.LOG).isPresent()) {
          assertThat(tier.outcome() == Outcome.ALLOWED)
              .isEqualTo(rule.action().get() == Action.ALLOW);
          return new Ground.ByRule(
              rule.action().get(),
              tier.tier().name(),
              policy.spec().name(),
              rule.path().substring("spec.".length()));
        }
      }
    }
    throw new AssertionError("no rule decides in " + tier);
  }
}
