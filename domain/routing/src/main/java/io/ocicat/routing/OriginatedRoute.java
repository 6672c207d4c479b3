package io.ocicat.routing;

import io.ocicat.inet.Cidr;
import io.ocicat.model.RouteCommunity;
import java.util.List;
import java.util.Optional;

/**
 * A route of the node's own.
 *
 * @param sort what it is for
 * @param device the device that it leads to; empty: the node itself
 * @param priority the metric, where it is not an ordinary route's
 * @param communities that it carries, each once
 * @param reasons why there is such a route, and why the communities
 */
public record OriginatedRoute(
    Cidr prefix,
    Sort sort,
    String device,
    Optional<Integer> priority,
    List<RouteCommunity> communities,
    List<Reason> reasons) {
  /** What a route is for. */
  public enum Sort {
    /** A block of addresses that the node leases. */
    BLOCK,
    /** One address of a pod. */
    ADDRESS,
    /** Addresses of Services. */
    SERVICE
  }

  /** Copies the lists. */
  public OriginatedRoute {
    communities = List.copyOf(communities);
    reasons = List.copyOf(reasons);
  }
}
