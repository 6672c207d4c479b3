package io.ocicat.policy;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.PolicyVerdict.Ground;
import java.util.List;
import java.util.Optional;

/**
 * A verdict with the whole way to it.
 *
 * @param verdict of the pods at the ends
 * @param ends those of {@code verdict}, in the same order
 * @param stops what is asked on the way, the ends among it, in order; what comes after one that
 *     refuses may be missing
 */
public record Explanation(PolicyVerdict verdict, List<End> ends, List<Stop> stops) {

  public Explanation {
    ends = List.copyOf(ends);
    stops = List.copyOf(stops);
  }

  /** What is asked on the way. */
  public sealed interface Stop {

    boolean allows();

    /** Whether a rule or setting says so, and not only that there is none. */
    boolean isExplicit();

    Direction direction();

    /** A pod's policies. */
    record AtPod(End end) implements Stop {
      @Override
      public boolean allows() {
        return end.verdict().ground().allows();
      }

      @Override
      public boolean isExplicit() {
        return !(end.verdict().ground() instanceof Ground.AfterTiers);
      }

      @Override
      public Direction direction() {
        return end.verdict().direction();
      }
    }

    /**
     * Policies of a host endpoint.
     *
     * @param tiers that have policies for it at that stage, in order, up to the one that decides
     */
    record AtHost(String node, HostVerdict.Step.AtHost step, List<Tier> tiers) implements Stop {
      public AtHost {
        tiers = List.copyOf(tiers);
      }

      @Override
      public boolean allows() {
        return step.allows();
      }

      @Override
      public boolean isExplicit() {
        return !(step.ground() instanceof HostVerdict.Ground.Undecided);
      }

      @Override
      public Direction direction() {
        return step.direction();
      }
    }

    /** What becomes of pods' packets to their own node. */
    record PodToHost(String node, HostVerdict.Step.PodToHost step) implements Stop {
      @Override
      public boolean allows() {
        return step.allows();
      }

      @Override
      public boolean isExplicit() {
        return !step.allows();
      }

      @Override
      public Direction direction() {
        return Direction.INGRESS;
      }
    }
  }

  /**
   * One pod's policies.
   *
   * @param tiers that have policies for the pod, in order, up to the one that decides
   * @param staged the same if staged policies were enforced; empty if none of them is for the pod
   * @param notConcerned how many enforced policies are not for the pod, or not in this direction
   */
  public record End(
      PolicyVerdict.End verdict, List<Tier> tiers, List<Tier> staged, int notConcerned) {
    public End {
      tiers = List.copyOf(tiers);
      staged = List.copyOf(staged);
    }
  }

  /** What came of a tier. */
  public enum Outcome {
    /** A rule allows. */
    ALLOWED,
    /** A rule denies. */
    DENIED,
    /** A rule leads on to the next tier. */
    PASSED,
    /** No rule decides, and so the tier denies. */
    ENDS_IN_DENY,
    /** No rule decides, and the tier leads on. */
    ENDS_IN_PASS
  }

  /** A tier's policies for the pod, in order. */
  public record Tier(PolicyTier tier, List<Policy> policies, Outcome outcome) {
    public Tier {
      policies = List.copyOf(policies);
    }
  }

  /** A policy's rules in the direction, in order. */
  public record Policy(PolicySpec spec, List<Rule> rules) {
    public Policy {
      rules = List.copyOf(rules);
    }
  }

  /** What came of a rule. */
  public enum Result {
    MATCHED,
    NOT_MATCHED,
    /** It cannot be understood, and matches nothing. */
    UNREADABLE,
    /** One before it has decided. */
    NOT_ASKED
  }

  /**
   * A rule.
   *
   * @param path in the manifest, such as {@code spec.ingress[0].from[1]}
   * @param action empty for one that cannot be understood
   * @param findings about the fields that it has, if it was asked
   * @param problems why it is not, or not all of, what the document says
   */
  public record Rule(
      String path,
      Optional<Action> action,
      Result result,
      List<Finding> findings,
      List<String> problems) {
    public Rule {
      findings = List.copyOf(findings);
      problems = List.copyOf(problems);
    }

    /** The fields for which it does not match. */
    public List<Finding> failing() {
      return findings.stream().filter(finding -> !finding.holds()).toList();
    }
  }

  public boolean isAllowed() {
    return stops.stream().allMatch(Stop::allows);
  }

  /** Whether pods' policies would allow it if all staged ones were enforced. */
  public boolean isAllowedWithStaged() {
    return stops.stream()
        .allMatch(
            stop ->
                switch (stop) {
                  case Stop.AtPod(var end) -> end.verdict().staged().allows();
                  case Stop.AtHost _, Stop.PodToHost _ -> stop.allows();
                });
  }

  /** What decides: the first that refuses, else the last that allows it by a rule. */
  public Optional<Stop> deciding() {
    return stops.stream()
        .filter(stop -> !stop.allows())
        .findFirst()
        .or(() -> stops.reversed().stream().filter(Stop::isExplicit).findFirst())
        .or(() -> stops.isEmpty() ? Optional.empty() : Optional.of(stops.getLast()));
  }

  /** How many refuse. */
  public long refusals() {
    return stops.stream().filter(stop -> !stop.allows()).count();
  }
}
