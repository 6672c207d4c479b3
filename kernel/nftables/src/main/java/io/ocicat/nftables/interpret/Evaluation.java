package io.ocicat.nftables.interpret;

import io.ocicat.nftables.Rule;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a table did with a packet at one hook.
 *
 * @param masqueraded whether a rule translated the source
 * @param untracked whether a rule kept its connection from being tracked
 * @param mark the packet's mark afterwards
 * @param trace what was evaluated and matched, in order
 */
public record Evaluation(
    Outcome outcome, boolean masqueraded, boolean untracked, int mark, List<Step> trace) {
  public Evaluation {
    trace = List.copyOf(trace);
  }

  /** The packet's fate. */
  public enum Outcome {
    ACCEPT,
    DROP,
    /** Dropped, and the sender was told. */
    REJECT
  }

  public boolean accepted() {
    return outcome == Outcome.ACCEPT;
  }

  /** One thing that happened. */
  public sealed interface Step {
    /**
     * A rule matched to its end.
     *
     * @param index of the rule in its chain, from 0
     * @param verdict its verdict, in nft's words
     */
    record Matched(String chain, int index, Rule rule, String verdict) implements Step {
      @Override
      public String toString() {
        return chain
            + " rule "
            + index
            + (rule.comment().isEmpty() ? "" : " \"" + rule.comment() + "\"")
            + ": "
            + verdict;
      }
    }

    /** A base chain came to its end. */
    record Policy(String chain, String policy) implements Step {
      @Override
      public String toString() {
        return chain + " policy: " + policy;
      }
    }
  }

  /** One line for each step. */
  public String explain() {
    return trace.stream().map(Object::toString).collect(Collectors.joining("\n"));
  }
}
