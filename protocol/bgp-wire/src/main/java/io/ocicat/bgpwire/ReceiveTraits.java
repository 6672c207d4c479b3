package io.ocicat.bgpwire;

import java.util.Set;

/**
 * What of a session decides how its UPDATEs are read.
 *
 * @param fourOctetAs both sides have the capability (RFC 6793)
 * @param peerAs 32 bits unsigned; the first AS of an external peer's paths
 * @param enforceFirstAs whether another first AS is treated as withdraw (RFC 4271 §6.3)
 * @param families negotiated; IPv4 unicast is always read unless {@code families} is without it,
 *     routes of all others are ignored with a report
 * @param addPath families in which the peer sends path identifiers (RFC 7911)
 * @param extendedNextHop families whose prefixes may come with next hops of the other IP version
 *     (RFC 8950)
 */
public record ReceiveTraits(
    PeerKind kind,
    boolean fourOctetAs,
    int peerAs,
    boolean enforceFirstAs,
    Set<Family> families,
    Set<Family> addPath,
    Set<Family> extendedNextHop) {

  public ReceiveTraits {
    families = Set.copyOf(families);
    addPath = Set.copyOf(addPath);
    extendedNextHop = Set.copyOf(extendedNextHop);
  }

  /** A modern session without add-path: 4-octet AS, both unicast families. */
  public static ReceiveTraits plain(PeerKind kind, int peerAs) {
    return new ReceiveTraits(
        kind,
        true,
        peerAs,
        true,
        Set.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST),
        Set.of(),
        Set.of(Family.IPV4_UNICAST));
  }
}
