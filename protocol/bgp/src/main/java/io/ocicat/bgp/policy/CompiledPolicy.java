package io.ocicat.bgp.policy;

import io.ocicat.bgpwire.Attributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A policy asked in two steps: {@link #held} says as a number which terms hold, and {@link #apply}
 * makes the changes of that number, so that many prefixes with the same attributes are changed
 * once. Serves one thread.
 */
public final class CompiledPolicy {
  /** What {@link #held} gives for a rejected route. */
  public static final long REJECTED = -1;

  /** Up to here which terms hold is one bit each. */
  private static final int BITS = 62;

  private final RoutePolicy policy;
  private final boolean looksAtPrefix;
  private final Map<BitSet, Long> numbers = new HashMap<>();
  private final List<BitSet> sets = new ArrayList<>();

  public CompiledPolicy(RoutePolicy policy) {
    this.policy = policy;
    this.looksAtPrefix =
        policy.terms().stream()
            .flatMap(term -> term.conditions().stream())
            .anyMatch(Condition::looksAtPrefix);
  }

  public RoutePolicy policy() {
    return policy;
  }

  /** Some condition looks at the prefix, so that attributes alone do not decide. */
  public boolean looksAtPrefix() {
    return looksAtPrefix;
  }

  /** Which terms hold for an accepted route, or {@link #REJECTED}. */
  public long held(RouteFacts route) {
    List<Term> terms = policy.terms();
    if (terms.isEmpty()) {
      return policy.acceptOtherwise() ? 0 : REJECTED;
    }
    BitSet many = terms.size() > BITS ? new BitSet() : null;
    long few = 0;
    boolean accepted = policy.acceptOtherwise();
    RouteFacts now = route;
    for (int i = 0; i < terms.size(); i++) {
      Term term = terms.get(i);
      if (term.holds(now)) {
        if (many == null) {
          few |= 1L << i;
        } else {
          many.set(i);
        }
        if (term.outcome() != Term.Outcome.CONTINUE) {
          accepted = term.outcome() == Term.Outcome.ACCEPT;
          break;
        }
        now = now.with(Changes.apply(now.attributes(), term.changes()));
      }
    }
    if (!accepted) {
      return REJECTED;
    }
    return many == null ? few : number(many);
  }

  /** The changes of the terms that held. */
  public Attributes apply(long held, Attributes attributes) {
    Attributes now = attributes;
    if (policy.terms().size() > BITS) {
      BitSet set = sets.get((int) held);
      for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
        now = Changes.apply(now, policy.terms().get(i).changes());
      }
      return now;
    }
    for (long left = held; left != 0; left &= left - 1) {
      int term = Long.numberOfTrailingZeros(left);
      now = Changes.apply(now, policy.terms().get(term).changes());
    }
    return now;
  }

  private long number(BitSet set) {
    return numbers.computeIfAbsent(
        set,
        s -> {
          sets.add(s);
          return (long) sets.size() - 1;
        });
  }
}
