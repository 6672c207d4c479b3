package io.ocicat.routing;

import io.ocicat.inet.Cidr;
import io.ocicat.model.AsNumber;
import io.ocicat.model.RouteCommunity;
import java.util.List;

/** What a term asks of a route. Each maps to one condition of {@code io.ocicat.bgp.policy}. */
public sealed interface RouteMatch {
  /**
   * The prefix is in this one and of such a length; or, with {@code inside} false, it is not so.
   *
   * @param shortest the least length
   * @param longest the greatest length
   */
  record Prefix(Cidr cidr, int shortest, int longest, boolean inside) implements RouteMatch {}

  /** The prefix is of such a length. */
  record Length(int shortest, int longest) implements RouteMatch {}

  /** Learned from a neighbour. */
  record FromNeighbours() implements RouteMatch {}

  /** The device that it leads to; {@code *} in the pattern stands for any characters. */
  record Device(String pattern) implements RouteMatch {}

  /** The neighbour of the session is of another AS, or not. */
  record Neighbour(boolean external) implements RouteMatch {}

  /** Carries the community. */
  record Carries(RouteCommunity community) implements RouteMatch {}

  /** The AS path begins with these. */
  record PathStarts(List<AsNumber> ases) implements RouteMatch {
    /** Copies the list. */
    public PathStarts {
      ases = List.copyOf(ases);
    }
  }

  /** The metric; towards neighbours LOCAL_PREF is 2147483647 minus it. */
  record Priority(int metric) implements RouteMatch {}

  /** Whether it holds for a route. */
  default boolean holds(RouteView route) {
    return switch (this) {
      case Prefix(Cidr cidr, int shortest, int longest, boolean inside) ->
          inside
              == (cidr.contains(route.prefix())
                  && route.prefix().prefixLength() >= shortest
                  && route.prefix().prefixLength() <= longest);
      case Length(int shortest, int longest) ->
          route.prefix().prefixLength() >= shortest && route.prefix().prefixLength() <= longest;
      case FromNeighbours _ -> route.fromNeighbour();
      case Device(String pattern) -> DeviceName.matches(pattern, route.device());
      case Neighbour(boolean external) -> external == route.neighbourExternal();
      case Carries(RouteCommunity community) -> route.communities().contains(community);
      case PathStarts(List<AsNumber> ases) ->
          route.asPath().size() >= ases.size()
              && route.asPath().subList(0, ases.size()).equals(ases);
      case Priority(int metric) -> route.metric() == metric;
    };
  }
}
