package io.ocicat.policy;

import java.util.List;

/**
 * One step on the way to a decision about traffic of an endpoint in one direction: the policies of
 * a tier that apply to it, in order, and what becomes of traffic that none of them decides about.
 *
 * @param tier the tier's name; empty for what comes after all tiers
 * @param chains without those that decide nothing
 */
public record TierStep(String tier, List<PolicyChain> chains, End end) {

  public TierStep {
    chains = List.copyOf(chains);
  }

  /** What is done at the end of a step. */
  public sealed interface End {

    /**
     * The tier's default action drops it.
     *
     * @param appliedBy the policies because of which it does
     * @param logged whether it is reported
     */
    record Deny(List<PolicyName> appliedBy, boolean logged) implements End {
      public Deny {
        appliedBy = List.copyOf(appliedBy);
      }

      public Deny(List<PolicyName> appliedBy) {
        this(appliedBy, false);
      }
    }

    /** The next step is taken. */
    record Next() implements End {}

    /** It passes. */
    record Allow() implements End {}
  }

  /** The last step for a pod: what no tier decides about is allowed. */
  static final TierStep ALLOW_REST = new TierStep("", List.of(), new End.Allow());

  /** The last step for a host endpoint: what no tier and no profile decides about is dropped. */
  static final TierStep DENY_REST = new TierStep("", List.of(), new End.Deny(List.of()));

  /** This, but what its policies do not decide about goes on to the next step. */
  TierStep endingInNext() {
    return new TierStep(tier, chains, new End.Next());
  }

  /** Whether something of it is a staged policy's. */
  boolean isOfStaged() {
    return chains.stream().anyMatch(chain -> chain.policy().kind().isStaged())
        || (end instanceof End.Deny(var appliedBy, _)
            && appliedBy.stream().anyMatch(policy -> policy.kind().isStaged()));
  }

  /** Whether the step after this one can be reached. */
  boolean leadsOn() {
    return end instanceof End.Next || chains.stream().anyMatch(PolicyChain::passes);
  }
}
