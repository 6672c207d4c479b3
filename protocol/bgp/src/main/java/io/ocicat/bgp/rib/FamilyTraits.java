package io.ocicat.bgp.rib;

/**
 * One family of a session.
 *
 * @param sendPaths how many paths a prefix are sent: 1: the best, without path identifiers; more:
 *     so many with identifiers (RFC 7911); {@link #ALL_PATHS}
 * @param maximum prefixes it may send
 * @param keepStale its routes from before this session stay until End-of-RIB, because it said that
 *     it went on forwarding (RFC 4724 §4.2)
 * @param extendedNextHop an IPv4 prefix may be sent with an IPv6 next hop (RFC 8950)
 */
public record FamilyTraits(
    int sendPaths, MaxPrefixes maximum, boolean keepStale, boolean extendedNextHop) {
  public static final int ALL_PATHS = Integer.MAX_VALUE;

  /** The best path, any number of prefixes, nothing kept. */
  public static final FamilyTraits DEFAULT = new FamilyTraits(1, MaxPrefixes.NONE, false, false);
}
