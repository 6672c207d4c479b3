package io.ocicat.links;

import io.ocicat.rtnetlink.RouteMessage;

/** Which of the routes of our protocol number a {@link RouteReconciler} has the say over. */
public enum RouteScope {
  /** All: to pods, blackholes, and over other nodes. */
  ALL,

  /** To pods and blackholes; what leads over a gateway is what a BGP speaker learned. */
  WITHOUT_GATEWAYS;

  boolean covers(RouteMessage route) {
    return switch (this) {
      case ALL -> true;
      case WITHOUT_GATEWAYS -> !route.leadsOverGateway();
    };
  }
}
