package io.ocicat.bgp.rib;

/**
 * What is known of a next hop.
 *
 * @param reachable there is a route to it
 * @param cost metric of that route; 0 where it is connected
 */
public record Reachability(boolean reachable, long cost) {
  public static final Reachability CONNECTED = new Reachability(true, 0);
  public static final Reachability UNREACHABLE = new Reachability(false, 0);
}
