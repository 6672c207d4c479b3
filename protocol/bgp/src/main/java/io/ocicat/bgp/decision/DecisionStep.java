package io.ocicat.bgp.decision;

/**
 * The steps of choosing a path, in the order in which they are asked (RFC 4271 §9.1.2 with the
 * additions of RFC 4456 §9, RFC 5004, RFC 9494 §4.3 and one of ours).
 */
public enum DecisionStep {
  /** The next hop can be reached (RFC 4271 §9.1.2). A path that fails here is no candidate. */
  NEXT_HOP_REACHABLE("next hop reachable"),
  /** Our own routes win over learned ones: a neighbour must not take a node's addresses away. */
  LOCAL("originated here"),
  /** A long-lived stale path only serves where there is no other (RFC 9494 §4.3). */
  NOT_LONG_LIVED_STALE("not long-lived stale"),
  LOCAL_PREF("higher LOCAL_PREF"),
  AS_PATH_LENGTH("shorter AS_PATH"),
  ORIGIN("lower ORIGIN"),
  /** Between paths of one neighbouring AS, or all if so set. */
  MULTI_EXIT_DISC("lower MULTI_EXIT_DISC"),
  EXTERNAL("external over internal"),
  /** The last step that paths used together must tie on. */
  INTERIOR_COST("nearer next hop"),
  /** Keep what is in use, between external paths, only if so set (RFC 5004). */
  ALREADY_BEST("already in use"),
  /** ORIGINATOR_ID stands for the identifier where there is one (RFC 4456 §9). */
  IDENTIFIER("lower BGP identifier"),
  CLUSTER_LIST_LENGTH("shorter CLUSTER_LIST"),
  PEER_ADDRESS("lower neighbour address"),
  /** Between paths of one neighbour (RFC 7911). */
  PATH_ID("lower path identifier"),
  /** There was nothing to choose from. */
  ONLY_PATH("only path");

  private final String words;

  DecisionStep(String words) {
    this.words = words;
  }

  /** For people: why the winner won. */
  public String words() {
    return words;
  }
}
