package io.ocicat.bgp.policy;

import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.LargeCommunity;
import io.ocicat.inet.Cidr;
import java.util.List;

/** What a term asks of a route. All that Calico's BGPFilter can ask has a form here. */
public sealed interface Condition {
  boolean holds(RouteFacts route);

  /** The answer depends on the prefix and not only on attributes and neighbours. */
  default boolean looksAtPrefix() {
    return false;
  }

  /** For people. */
  String words();

  /**
   * The prefix is in one of the ranges, or, with {@code inside} false, in none. BGPFilter: {@code
   * Equal} is {@link PrefixRange#exactly}, {@code In} is {@link PrefixRange#in} or a range of
   * lengths, {@code NotEqual} and {@code NotIn} are the same outside.
   */
  record Prefixes(List<PrefixRange> ranges, boolean inside) implements Condition {
    public Prefixes {
      ranges = List.copyOf(ranges);
    }

    @Override
    public boolean holds(RouteFacts route) {
      for (PrefixRange range : ranges) {
        if (range.contains(route)) {
          return inside;
        }
      }
      return !inside;
    }

    @Override
    public boolean looksAtPrefix() {
      return true;
    }

    @Override
    public String words() {
      return "prefix " + (inside ? "in " : "not in ") + ranges;
    }
  }

  /** The prefix length is in a range, whatever the address. */
  record Lengths(int shortest, int longest) implements Condition {
    @Override
    public boolean holds(RouteFacts route) {
      return route.length() >= shortest && route.length() <= longest;
    }

    @Override
    public boolean looksAtPrefix() {
      return true;
    }

    @Override
    public String words() {
      return "prefix length " + shortest + " to " + longest;
    }
  }

  /** BGPFilter {@code source: RemotePeers} is everything but {@link RouteSource#LOCAL}. */
  record From(List<RouteSource> sources) implements Condition {
    public static final From REMOTE_PEERS =
        new From(List.of(RouteSource.INTERNAL, RouteSource.EXTERNAL));

    public From {
      sources = List.copyOf(sources);
    }

    @Override
    public boolean holds(RouteFacts route) {
      return sources.contains(route.source());
    }

    @Override
    public String words() {
      return "source " + sources;
    }
  }

  /** BGPFilter {@code interface}: a name in which {@code *} stands for anything. */
  record Device(String pattern) implements Condition {
    @Override
    public boolean holds(RouteFacts route) {
      return matches(pattern, 0, route.device(), 0);
    }

    @Override
    public boolean looksAtPrefix() {
      return true; // our own routes lead to different devices under the same attributes
    }

    @Override
    public String words() {
      return "interface " + pattern;
    }

    private static boolean matches(String pattern, int at, String name, int from) {
      for (int p = at, n = from; ; p++, n++) {
        if (p == pattern.length()) {
          return n == name.length();
        }
        char wanted = pattern.charAt(p);
        if (wanted == '*') {
          for (int rest = n; rest <= name.length(); rest++) {
            if (matches(pattern, p + 1, name, rest)) {
              return true;
            }
          }
          return false;
        }
        if (n == name.length() || (wanted != '?' && wanted != name.charAt(n))) {
          return false;
        }
      }
    }
  }

  /** BGPFilter {@code peerType}: the neighbour that the policy is applied to. */
  record Neighbour(boolean external) implements Condition {
    @Override
    public boolean holds(RouteFacts route) {
      return route.neighbourExternal() == external;
    }

    @Override
    public String words() {
      return external ? "external neighbour" : "internal neighbour";
    }
  }

  /** BGPFilter {@code asPathPrefix}: the AS_PATH begins with these. */
  record AsPathStarts(List<Long> ases) implements Condition {
    public AsPathStarts {
      ases = List.copyOf(ases);
    }

    @Override
    public boolean holds(RouteFacts route) {
      return startsWith(route.attributes().asPath().asns(), ases);
    }

    @Override
    public String words() {
      return "AS_PATH starts with " + ases;
    }

    private static boolean startsWith(int[] path, List<Long> first) {
      if (path.length < first.size()) {
        return false;
      }
      for (int i = 0; i < first.size(); i++) {
        if (Integer.toUnsignedLong(path[i]) != first.get(i)) {
          return false;
        }
      }
      return true;
    }
  }

  /** The AS stands somewhere in the AS_PATH. */
  record AsPathContains(long as) implements Condition {
    @Override
    public boolean holds(RouteFacts route) {
      return route.attributes().asPath().contains((int) as);
    }

    @Override
    public String words() {
      return "AS_PATH contains " + as;
    }
  }

  /** The AS stands last in the AS_PATH. */
  record OriginatedBy(long as) implements Condition {
    @Override
    public boolean holds(RouteFacts route) {
      return Integer.toUnsignedLong(route.attributes().asPath().origin()) == as;
    }

    @Override
    public String words() {
      return "originated by AS " + as;
    }
  }

  /** The AS_PATH has so many hops. */
  record AsPathLength(int fewest, int most) implements Condition {
    @Override
    public boolean holds(RouteFacts route) {
      int length = route.attributes().asPathLength();
      return length >= fewest && length <= most;
    }

    @Override
    public String words() {
      return "AS_PATH of " + fewest + " to " + most;
    }
  }

  /** Carries the community (RFC 1997). */
  record HasCommunity(Community community) implements Condition {
    @Override
    public boolean holds(RouteFacts route) {
      return route.attributes().hasCommunity(community.value());
    }

    @Override
    public String words() {
      return "community " + community;
    }
  }

  /** Carries the large community (RFC 8092). */
  record HasLargeCommunity(LargeCommunity community) implements Condition {
    @Override
    public boolean holds(RouteFacts route) {
      return route.attributes().hasLargeCommunity(community);
    }

    @Override
    public String words() {
      return "large community " + community;
    }
  }

  /** BGPFilter {@code priority}, by way of {@link RoutePriority}; also LOCAL_PREF as such. */
  record LocalPref(long value) implements Condition {
    @Override
    public boolean holds(RouteFacts route) {
      return route.attributes().hasLocalPref()
          && Integer.toUnsignedLong(route.attributes().localPref()) == value;
    }

    @Override
    public String words() {
      return "LOCAL_PREF " + value;
    }
  }

  /** The next hop is in the prefix. */
  record NextHopIn(Cidr prefix) implements Condition {
    @Override
    public boolean holds(RouteFacts route) {
      return route.attributes().nextHop().filter(prefix::contains).isPresent();
    }

    @Override
    public String words() {
      return "next hop in " + prefix;
    }
  }
}
