package io.ocicat.policy;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy.Direction;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The oracle's answer, with its ground.
 *
 * @param because where no end was asked, why not
 * @param ends what the pods at the ends say, the sender first
 */
public record PolicyVerdict(String because, List<End> ends) {

  public PolicyVerdict {
    ends = List.copyOf(ends);
  }

  /**
   * What the policies of one pod say.
   *
   * @param staged what they would say if all staged policies were enforced
   */
  public record End(PodName pod, Direction direction, Ground ground, Ground staged) {

    @Override
    public String toString() {
      return "%s %s: %s".formatted(direction, pod, ground);
    }
  }

  /** What decided. */
  public sealed interface Ground {

    boolean allows();

    /**
     * A rule.
     *
     * @param action ALLOW or DENY
     * @param path of the rule in the policy's {@code spec}
     */
    record ByRule(Action action, String tier, PolicyName policy, String path) implements Ground {

      @Override
      public boolean allows() {
        return action == Action.ALLOW;
      }
    }

    /**
     * The end of a tier of which policies apply, and no rule of theirs matches.
     *
     * @param policies that apply
     */
    record EndOfTier(String tier, List<PolicyName> policies) implements Ground {
      public EndOfTier {
        policies = List.copyOf(policies);
      }

      @Override
      public boolean allows() {
        return false;
      }
    }

    /** What comes after all tiers: pods are open to all. */
    record AfterTiers() implements Ground {

      @Override
      public boolean allows() {
        return true;
      }
    }
  }

  static PolicyVerdict unasked(String because) {
    return new PolicyVerdict(because, List.of());
  }

  /** Whether every end allows it. */
  public boolean isAllowed() {
    return ends.stream().allMatch(end -> end.ground().allows());
  }

  @Override
  public String toString() {
    return ends.isEmpty()
        ? because
        : ends.stream().map(End::toString).collect(Collectors.joining("; "));
  }
}
