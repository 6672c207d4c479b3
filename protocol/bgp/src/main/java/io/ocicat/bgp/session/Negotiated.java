package io.ocicat.bgp.session;

import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Open;
import java.util.Map;

/**
 * What both OPENs lead to.
 *
 * @param families those that both sides have
 * @param holdSeconds the lower of both; 0 for no hold timer and no keepalives
 * @param notificationKeepsRoutes RFC 8538: a session that a NOTIFICATION ends can be resumed
 * @param longLived both sides know long-lived stale routes, RFC 9494
 */
public record Negotiated(
    Open ours,
    Open theirs,
    long localAs,
    long remoteAs,
    int holdSeconds,
    int keepaliveSeconds,
    Map<Family, Agreement> families,
    boolean fourOctetAs,
    boolean extendedMessages,
    boolean routeRefresh,
    boolean enhancedRefresh,
    boolean gracefulRestart,
    boolean notificationKeepsRoutes,
    boolean longLived) {

  public Negotiated {
    families = Map.copyOf(families);
  }

  /** Of our own AS. */
  public boolean internal() {
    return localAs == remoteAs;
  }

  /** The neighbour's BGP identifier. */
  public int identifier() {
    return theirs.identifier().value();
  }
}
