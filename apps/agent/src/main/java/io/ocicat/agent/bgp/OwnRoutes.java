package io.ocicat.agent.bgp;

import io.ocicat.bgp.policy.RoutePriority;
import io.ocicat.bgp.rib.Rib;
import io.ocicat.bgp.rib.RouteTag;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.AttributesBuilder;
import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.LargeCommunity;
import io.ocicat.inet.Cidr;
import io.ocicat.model.RouteCommunity;
import io.ocicat.routing.OriginatedRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The node's own routes in the tables. On the loop's thread. */
final class OwnRoutes {

  private final Rib rib;
  private Map<Cidr, OriginatedRoute> originated = Map.of();

  OwnRoutes(Rib rib) {
    this.rib = rib;
  }

  /** Goes over to these; what is the same stays untouched. */
  void apply(List<OriginatedRoute> wanted) {
    Map<Cidr, OriginatedRoute> now = new HashMap<>();
    for (OriginatedRoute route : wanted) {
      now.put(route.prefix(), route);
      OriginatedRoute before = originated.get(route.prefix());
      if (before == null || !isSame(before, route)) {
        rib.originate(route.prefix(), attributes(route), tag(route));
      }
    }
    for (Cidr prefix : originated.keySet()) {
      if (!now.containsKey(prefix)) {
        rib.withdraw(prefix);
      }
    }
    originated = now;
  }

  private static boolean isSame(OriginatedRoute one, OriginatedRoute other) {
    return attributes(one).equals(attributes(other)) && tag(one).equals(tag(other));
  }

  private static RouteTag tag(OriginatedRoute route) {
    return new RouteTag(route.sort().name().toLowerCase(Locale.ROOT), route.device());
  }

  /** An ordinary metric is not told, so that such routes have an ordinary LOCAL_PREF. */
  static Attributes attributes(OriginatedRoute route) {
    AttributesBuilder attributes = Attributes.builder();
    route
        .priority()
        .ifPresent(metric -> attributes.localPref((int) RoutePriority.localPref(metric)));
    List<Community> standard = new ArrayList<>();
    List<LargeCommunity> large = new ArrayList<>();
    for (RouteCommunity community : route.communities()) {
      switch (community) {
        case RouteCommunity.Standard each -> standard.add(PolicyCompiler.wire(each));
        case RouteCommunity.Large each -> large.add(PolicyCompiler.wire(each));
      }
    }
    return attributes.communities(standard).largeCommunities(large).build();
  }
}
