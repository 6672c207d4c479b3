package io.ocicat.bgp.rib;

/** Which next hop a neighbour is told (Calico's {@code nextHopMode}). */
public enum NextHopMode {
  /** External neighbours and our own routes: us. Otherwise as learned. */
  AUTO,
  /** Always us. */
  SELF,
  /** As learned, also to external neighbours; our own routes: us. */
  KEEP
}
