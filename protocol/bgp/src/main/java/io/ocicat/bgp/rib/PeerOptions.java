package io.ocicat.bgp.rib;

/**
 * How routes from and to a neighbour are treated.
 *
 * @param nextHopMode which next hop it is told
 * @param relation our role towards it (RFC 9234)
 * @param allowOwnAs how often our AS may stand in a received AS_PATH (Calico's {@code
 *     numAllowedLocalASNumbers})
 * @param honourGracefulShutdown routes of an external neighbour marked GRACEFUL_SHUTDOWN get
 *     LOCAL_PREF 0 (RFC 8326)
 * @param gracefulShutdown mark all that is sent GRACEFUL_SHUTDOWN: this session goes down soon
 * @param longLived it understands long-lived stale routes (RFC 9494); otherwise it gets none
 * @param enhancedRefresh refreshes are marked by BoRR and EoRR (RFC 7313)
 */
public record PeerOptions(
    NextHopMode nextHopMode,
    Relation relation,
    int allowOwnAs,
    boolean honourGracefulShutdown,
    boolean gracefulShutdown,
    boolean longLived,
    boolean enhancedRefresh) {
  public static final PeerOptions DEFAULT =
      new PeerOptions(NextHopMode.AUTO, Relation.NONE, 0, true, false, false, false);
}
