package io.ocicat.bgp.decision;

/** The paths to one prefix, by number, with all that choosing looks at. */
public interface Candidates {
  /** No step fell back on this before: the path's next hop can be reached. */
  boolean reachable(int path);

  /** Lower is better: local before learned, fresh before stale, LOCAL_PREF, AS_PATH, ORIGIN. */
  long preference(int path);

  /** MULTI_EXIT_DISC, 0..2³²-1; what stands for a missing one is already put in. */
  long med(int path);

  /** The neighbouring AS (RFC 4271 §9.1.2.2 c), 0..2³²-1. */
  int neighbourAs(int path);

  /** Learned over an external session. */
  boolean external(int path);

  /** Interior cost of the next hop; 0 for what is connected. */
  long interiorCost(int path);

  /** BGP identifier of the neighbour, or ORIGINATOR_ID; unsigned. */
  int identifier(int path);

  int clusterListLength(int path);

  /** The order of the neighbours' addresses; lower is better. */
  int addressOrder(int path);

  /** The identifier given by the neighbour (RFC 7911); unsigned. */
  int pathId(int path);
}
