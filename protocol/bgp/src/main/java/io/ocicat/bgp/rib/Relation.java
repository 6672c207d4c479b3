package io.ocicat.bgp.rib;

/** What we are to an external neighbour: the local role of RFC 9234 §4. */
public enum Relation {
  /** No role: the rules of the OTC attribute are not applied. */
  NONE,
  PROVIDER,
  ROUTE_SERVER,
  ROUTE_SERVER_CLIENT,
  CUSTOMER,
  PEER;

  /** The neighbour is below us: it must not send routes marked with OTC (RFC 9234 §5, 1). */
  boolean aboveNeighbour() {
    return this == PROVIDER || this == ROUTE_SERVER;
  }

  /** Routes sent there are marked with our AS (RFC 9234 §5, egress 1). */
  boolean marksSent() {
    return this == PROVIDER || this == ROUTE_SERVER || this == PEER;
  }

  /** Routes from there are marked with its AS (RFC 9234 §5, ingress 3). */
  boolean marksReceived() {
    return this == CUSTOMER || this == ROUTE_SERVER_CLIENT || this == PEER;
  }

  /** Marked routes are not sent there (RFC 9234 §5, egress 2). */
  boolean keepsMarkedBack() {
    return this == CUSTOMER || this == ROUTE_SERVER_CLIENT || this == PEER;
  }
}
