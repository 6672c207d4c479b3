package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.Family;
import io.ocicat.inet.Cidr;
import java.util.List;

/**
 * What is used for a prefix now.
 *
 * @param paths the best path first, then those used with it; empty: the prefix is gone
 */
public record RouteChange(Family family, Cidr prefix, List<UsedPath> paths) {
  public RouteChange {
    paths = List.copyOf(paths);
  }
}
