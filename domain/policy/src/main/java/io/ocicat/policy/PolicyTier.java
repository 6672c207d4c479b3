package io.ocicat.policy;

import io.ocicat.model.Tier;
import java.util.Comparator;
import java.util.List;

/**
 * A tier: policies that are asked before those of the next.
 *
 * @param order low first, infinite for none
 * @param known whether there is a document; a tier without one comes after all others
 * @param end what becomes of traffic that policies of the tier apply to and none decides about
 */
public record PolicyTier(String name, double order, boolean known, End end)
    implements Comparable<PolicyTier> {

  /** A tier's default action. */
  public enum End {
    DENY,
    PASS
  }

  private static final Comparator<PolicyTier> ORDER =
      Comparator.comparing((PolicyTier tier) -> !tier.known())
          .thenComparingDouble(PolicyTier::order)
          .thenComparing(PolicyTier::name);

  /** The three that are always there. */
  public static List<PolicyTier> permanent() {
    return Tier.PERMANENT.stream().map(PolicyTier::of).toList();
  }

  public static PolicyTier of(Tier tier) {
    return new PolicyTier(
        tier.name(),
        tier.order(),
        true,
        switch (tier.defaultAction()) {
          case PASS -> End.PASS;
          case ALLOW, DENY, LOG -> End.DENY;
        });
  }

  /** In place of one that policies name and that does not exist. */
  public static PolicyTier missing(String name) {
    return new PolicyTier(name, Double.POSITIVE_INFINITY, false, End.DENY);
  }

  @Override
  public int compareTo(PolicyTier other) {
    return ORDER.compare(this, other);
  }
}
