package io.ocicat.bgp.session;

import io.ocicat.bgp.rib.NextHopMode;

/**
 * How a neighbour's routes are treated, besides policies.
 *
 * @param reflectorClient of ours, RFC 4456; holds only inside our AS
 * @param allowOwnAs how often our AS may be in the path of its routes
 * @param enforceFirstAs an external neighbour's AS has to stand first
 */
public record Routing(
    boolean reflectorClient, NextHopMode nextHopMode, int allowOwnAs, boolean enforceFirstAs) {

  public static final Routing DEFAULT = new Routing(false, NextHopMode.AUTO, 0, true);
}
