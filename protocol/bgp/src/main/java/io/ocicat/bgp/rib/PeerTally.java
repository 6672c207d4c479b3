package io.ocicat.bgp.rib;

/** The counters of one neighbour and family, while they run. */
final class PeerTally {
  int received;
  int accepted;
  int best;
  int stale;
  int generation;
  long updates;
  long withdrawals;

  /** 0: nothing said of the maximum yet; 1: warned; 2: said that it is exceeded. */
  int limitSaid;

  PeerCounters snapshot(int advertised) {
    return new PeerCounters(received, accepted, best, advertised, stale, updates, withdrawals);
  }
}
