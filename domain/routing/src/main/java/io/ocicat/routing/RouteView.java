package io.ocicat.routing;

import io.ocicat.inet.Cidr;
import io.ocicat.model.AsNumber;
import io.ocicat.model.RouteCommunity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a policy is asked about: a route, on its way to or from a neighbour.
 *
 * @param fromNeighbour whether it was learned from one
 * @param device the device that it leads to; empty: not known
 * @param neighbourExternal whether the neighbour of the session is of another AS
 * @param asPath the first is the nearest
 * @param metric lower is better; 0 for none
 */
public record RouteView(
    Cidr prefix,
    boolean fromNeighbour,
    String device,
    boolean neighbourExternal,
    List<AsNumber> asPath,
    Set<RouteCommunity> communities,
    int metric) {
  /** Copies the collections. */
  public RouteView {
    asPath = List.copyOf(asPath);
    communities = Set.copyOf(communities);
  }

  /** A route of our own towards a neighbour in our AS. */
  public static RouteView own(Cidr prefix) {
    return new RouteView(prefix, false, "", false, List.of(), Set.of(), 0);
  }

  /** The same, changed. */
  RouteView with(RouteChange change) {
    return switch (change) {
      case RouteChange.AddCommunity(RouteCommunity community) -> {
        Set<RouteCommunity> all = new TreeSet<>(Comparator.comparing(RouteCommunity::toString));
        all.addAll(communities);
        all.add(community);
        yield new RouteView(prefix, fromNeighbour, device, neighbourExternal, asPath, all, metric);
      }
      case RouteChange.Prepend(List<AsNumber> ases) -> {
        List<AsNumber> path = new ArrayList<>(ases);
        path.addAll(asPath);
        yield new RouteView(
            prefix, fromNeighbour, device, neighbourExternal, path, communities, metric);
      }
      case RouteChange.SetPriority(int priority) ->
          new RouteView(
              prefix, fromNeighbour, device, neighbourExternal, asPath, communities, priority);
    };
  }
}
