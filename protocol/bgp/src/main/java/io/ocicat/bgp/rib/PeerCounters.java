package io.ocicat.bgp.rib;

/**
 * Counters of one neighbour and family, kept while routes change.
 *
 * @param received paths in the Adj-RIB-In
 * @param accepted of these, paths that the import policy and the checks let through
 * @param best prefixes for which a path of this neighbour is the best one
 * @param advertised announcements that the neighbour's group stands by (Adj-RIB-Out), less those
 *     that came from the neighbour itself
 * @param stale paths kept over a restart of the neighbour (RFC 4724)
 * @param updates prefixes announced so far
 * @param withdrawals prefixes withdrawn so far
 */
public record PeerCounters(
    int received,
    int accepted,
    int best,
    int advertised,
    int stale,
    long updates,
    long withdrawals) {
  /** Paths that were not accepted. */
  public int filtered() {
    return received - accepted;
  }
}
