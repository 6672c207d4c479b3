package io.ocicat.model;

import java.util.Comparator;

/**
 * A kind as it is stored and addressed: its API group and the plural name of its resource.
 *
 * @param group the API group; empty for the core group
 * @param plural the resource's plural name in lower case, e.g. {@code networkpolicies}
 */
public record KindName(String group, String plural) implements Comparable<KindName> {
  private static final Comparator<KindName> ORDER =
      Comparator.comparing(KindName::group).thenComparing(KindName::plural);

  /** Requires a plural name. */
  public KindName {
    if (plural.isEmpty()) {
      throw new IllegalArgumentException(
          "a kind without a plural name, in group \"" + group + "\"");
    }
  }

  @Override
  public int compareTo(KindName other) {
    return ORDER.compare(this, other);
  }

  /** {@code networkpolicies.networking.k8s.io}, or {@code pods} for the core group. */
  @Override
  public String toString() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
