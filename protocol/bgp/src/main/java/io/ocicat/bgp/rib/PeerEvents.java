package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.AttributeError;
import io.ocicat.bgpwire.Family;

/** What a session is told by its routes, on the loop thread. */
public interface PeerEvents {
  /** Nobody wants to know. */
  PeerEvents NONE = new PeerEvents() {};

  /** The neighbour has sent all it has (RFC 4724 §2). */
  default void endOfRib(Family family) {}

  /** The number of received prefixes passed the warning or, the second time, the limit. */
  default void prefixLimit(Family family, int received, MaxPrefixes maximum) {}

  /** An attribute was malformed; what was done about it is in the error (RFC 7606). */
  default void malformed(AttributeError error) {}
}
