package io.ocicat.bgp.policy;

/** Where a route comes from. */
public enum RouteSource {
  /** Originated by this speaker. */
  LOCAL,
  /** Learned from an internal neighbour. */
  INTERNAL,
  /** Learned from an external neighbour. */
  EXTERNAL
}
