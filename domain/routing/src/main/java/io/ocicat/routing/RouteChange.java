package io.ocicat.routing;

import io.ocicat.model.AsNumber;
import io.ocicat.model.RouteCommunity;
import java.util.List;

/** What a term does to a route. Each maps to one change of {@code io.ocicat.bgp.policy}. */
public sealed interface RouteChange {
  /** Adds a community. */
  record AddCommunity(RouteCommunity community) implements RouteChange {}

  /** Puts ASes before the path, the first of them first. */
  record Prepend(List<AsNumber> ases) implements RouteChange {
    /** Copies the list. */
    public Prepend {
      ases = List.copyOf(ases);
    }
  }

  /** Sets the metric; LOCAL_PREF is 2147483647 minus it. */
  record SetPriority(int metric) implements RouteChange {}
}
