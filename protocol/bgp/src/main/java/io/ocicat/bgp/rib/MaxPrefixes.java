package io.ocicat.bgp.rib;

/**
 * How many prefixes a neighbour may send in one family.
 *
 * @param limit most received prefixes; 0: no limit
 * @param warnPercent of the limit, from which a warning is given; 0: no warning
 * @param reset true: the session ends with a Cease (RFC 4486, subcode 1); false: warn only
 */
public record MaxPrefixes(int limit, int warnPercent, boolean reset) {
  public static final MaxPrefixes NONE = new MaxPrefixes(0, 0, false);

  public MaxPrefixes {
    if (limit < 0 || warnPercent < 0 || warnPercent > 100) {
      throw new IllegalArgumentException(
          "a limit of " + limit + " prefixes with a warning at " + warnPercent + " %");
    }
  }

  int warnAt() {
    return (int) ((long) limit * warnPercent / 100);
  }
}
