package io.ocicat.routers.matrix;

/** A row: what is tried, and how. */
enum Feature {
  ROUTES("IPv4 and IPv6 routes, both ways", SessionCells::routes),
  FOUR_OCTET_AS("4-octet AS numbers (RFC 6793)", SessionCells::fourOctetAs),
  INTERNAL("Internal session", SessionCells::internal),
  MD5("TCP MD5 (RFC 2385)", SessionCells::md5),
  WRONG_KEY("TCP MD5: a wrong key keeps it down", SessionCells::wrongKey),
  GTSM("GTSM (RFC 5082)", SessionCells::gtsm),
  FAST_TIMERS("Keepalives of 1 s, hold time of 3 s", SessionCells::fastTimers),
  ROLES("Roles (RFC 9234): routes marked, wrong pairs refused", SessionCells::roles),
  SHUTDOWN_BY_US("Shutdown message (RFC 9003), ours told by it", SessionCells::shutdownByUs),
  SHUTDOWN_BY_IT("Shutdown message, its told by us", SessionCells::shutdownByIt),
  UNNUMBERED("Unnumbered: found on the link, IPv4 over IPv6", SessionCells::unnumbered),
  REFRESH_BY_US("Route refresh (RFC 2918), asked by us", RouteCells::refreshByUs),
  REFRESH_BY_IT("Route refresh, asked by it", RouteCells::refreshByIt),
  ENHANCED("Enhanced route refresh (RFC 7313)", RouteCells::enhancedRefresh),
  ADD_PATH_IN("Add-path (RFC 7911), sent by it", RouteCells::addPathIn),
  ADD_PATH_OUT("Add-path, sent by us", RouteCells::addPathOut),
  COMMUNITIES("Communities (RFC 1997), both ways", RouteCells::communities),
  EXTENDED_COMMUNITIES(
      "Extended communities (RFC 4360), both ways", RouteCells::extendedCommunities),
  LARGE_COMMUNITIES("Large communities (RFC 8092), both ways", RouteCells::largeCommunities),
  OVER_IPV6("IPv4 routes over IPv6 next hops (RFC 8950)", RouteCells::overIpv6),
  EXTENDED_MESSAGES("Extended messages (RFC 8654)", RouteCells::extendedMessages),
  REFLECTED_BY_US("Reflection (RFC 4456) by us", RouteCells::reflectedByUs),
  REFLECTED_BY_IT("Reflection by it", RouteCells::reflectedByIt),
  TOO_MANY_FROM_IT("Too many prefixes from it", RouteCells::tooManyFromIt),
  TOO_MANY_FROM_US("Too many prefixes from us", RouteCells::tooManyFromUs),
  BFD("BFD (RFC 5880): a dead link ends the session", FaultCells::bfd),
  HARD_KILL("Killed hard, it comes back to the same routes", FaultCells::hardKill),
  IT_RESTARTS("Graceful restart (RFC 4724) of it: kept, then swept", FaultCells::itRestarts),
  WE_RESTART("Graceful restart of us: kept by it", FaultCells::weRestart),
  FLAPS("A day of flaps, one a minute", FaultCells::flaps),
  DISCARDED("Malformed (RFC 7606): attribute discarded", FaultCells::discarded),
  WITHDRAWN("Malformed: treated as withdrawn", FaultCells::treatedAsWithdrawn),
  RESET("Malformed: session reset", FaultCells::reset);

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // A reference to a static method.
  private final Trial trial;

  /** What is done in a cell; it fails by throwing, or says that the peer cannot. */
  interface Trial {
    /**
     * @throws NotApplicable if the peer cannot
     */
    void run(Cell cell) throws Exception;
  }

  Feature(String title, Trial trial) {
    this.title = title;
    this.trial = trial;
  }

  String title() {
    return title;
  }

  void run(Cell cell) throws Exception {
    trial.run(cell);
  }
}
