package io.ocicat.policy;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.policy.PolicyVerdict.Ground;
import java.util.List;
import java.util.Optional;

/**
 * A verdict with the whole way to it.
 *
 * @param ends those of {@code verdict}, in the same order
 */
public record Explanation(PolicyVerdict verdict, List<End> ends) {

  public Explanation {
    ends = List.copyOf(ends);
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
    return verdict.isAllowed();
  }

  /** Whether it would be allowed if all staged policies were enforced. */
  public boolean isAllowedWithStaged() {
    return ends.stream().allMatch(end -> end.verdict().staged().allows());
  }

  /** The end that decides: the first that denies, else the last that has a rule to allow it. */
  public Optional<End> deciding() {
    return ends.stream()
        .filter(end -> !end.verdict().ground().allows())
        .findFirst()
        .or(
            () ->
                ends.reversed().stream()
                    .filter(end -> end.verdict().ground() instanceof Ground.ByRule)
                    .findFirst())
        .or(() -> ends.isEmpty() ? Optional.empty() : Optional.of(ends.getLast()));
  }
}
