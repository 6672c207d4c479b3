package io.ocicat.bgp.rib;

import io.ocicat.bgp.policy.RouteSource;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.AttributesBuilder;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.iana.AttributeType;
import io.ocicat.bgpwire.iana.WellKnownCommunity;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import org.jspecify.annotations.Nullable;

/**
 * The rules of what is passed on to whom and with which attributes (RFC 4271 §9.2, §5.1; RFC 1997;
 * RFC 4456 §8; RFC 9234 §5; RFC 9494 §4.3). Pure.
 */
final class Exporter {
  /**
   * Where a route comes from.
   *
   * @param local originated here
   * @param kind of the neighbour it came from; any for a local one
   * @param identifier of that neighbour
   */
  record Source(boolean local, PeerType kind, int identifier) {
    RouteSource forPolicy() {
      if (local) {
        return RouteSource.LOCAL;
      }
      return kind.internal() ? RouteSource.INTERNAL : RouteSource.EXTERNAL;
    }
  }

  private Exporter() {}

  /** Why a route is not passed on whatever the policy says, or null. */
  static @Nullable String refusal(GroupKey group, Source source, Attributes attributes) {
    if (attributes.hasCommunity(WellKnownCommunity.NO_ADVERTISE)) {
      return "it carries NO_ADVERTISE";
    }
    if (!group.kind().internal()) {
      if (attributes.hasCommunity(WellKnownCommunity.NO_EXPORT)) {
        return "it carries NO_EXPORT";
      }
      if (attributes.hasCommunity(WellKnownCommunity.NO_EXPORT_SUBCONFED)) {
        return "it carries NO_EXPORT_SUBCONFED";
      }
    }
    if (!source.local()
        && source.kind() == PeerType.INTERNAL
        && group.kind() == PeerType.INTERNAL) {
      return "it came from an internal neighbour and goes to one, and neither is a client";
    }
    if (!group.longLived() && attributes.hasCommunity(WellKnownCommunity.LLGR_STALE)) {
      return "it is long-lived stale and the neighbour does not know of that";
    }
    if (group.relation().keepsMarkedBack() && attributes.onlyToCustomer().isPresent()) {
      return "it carries OTC and goes to a provider, peer or route server";
    }
    return null;
  }

  /** What the policy is asked about: MULTI_EXIT_DISC of one AS is not for another. */
  static Attributes beforePolicy(GroupKey group, Source source, Attributes attributes) {
    if (!group.kind().internal() && !source.local() && attributes.hasMed()) {
      return attributes.edit().without(AttributeType.MULTI_EXIT_DISC).build();
    }
    return attributes;
  }

  /** The attributes as sent, or null if there is no next hop that the neighbour can be told. */
  static @Nullable Attributes afterPolicy(
      GroupKey group,
      Family family,
      Source source,
      Attributes original,
      Attributes attributes,
      int defaultLocalPref) {
    IpAddress nextHop = nextHop(group, family, source, original, attributes);
    if (nextHop == null) {
      return null;
    }
    AttributesBuilder editor = attributes.edit();
    setNextHop(editor, group, attributes, nextHop);
    if (group.kind().internal()) {
      if (!attributes.hasLocalPref()) {
        editor.localPref(defaultLocalPref);
      }
      if (!source.local() && source.kind().internal()) {
        if (attributes.originatorId().isEmpty()) {
          editor.originatorId(new Ipv4Address(source.identifier()));
        }
        editor.prependCluster(new Ipv4Address(group.clusterId()));
      }
      if (group.gracefulShutdown()) {
        editor.localPref(0);
      }
    } else {
      editor
          .without(AttributeType.LOCAL_PREF)
          .without(AttributeType.ORIGINATOR_ID)
          .without(AttributeType.CLUSTER_LIST)
          .prepend(group.localAs(), 1);
    }
    if (group.gracefulShutdown()) {
      editor.addCommunity(WellKnownCommunity.GRACEFUL_SHUTDOWN);
    }
    if (group.relation().marksSent() && attributes.onlyToCustomer().isEmpty()) {
      editor.onlyToCustomer(group.localAs());
    }
    return editor.build();
  }

  private static @Nullable IpAddress nextHop(
      GroupKey group, Family family, Source source, Attributes original, Attributes attributes) {
    IpAddress learned = attributes.nextHop().orElse(null);
    boolean setByPolicy = learned != null && !learned.equals(original.nextHop().orElse(null));
    boolean keep =
        setByPolicy
            || switch (group.nextHopMode()) {
              case AUTO -> group.kind().internal() && !source.local();
              case SELF -> false;
              case KEEP -> !source.local();
            };
    if (keep && learned != null && !learned.isUnspecified() && fits(group, family, learned)) {
      return learned;
    }
    return self(group, family);
  }

  /**
   * Our own address for a family: of the same one, or IPv6 for IPv4 where that was agreed on; a
   * link-local one only where there is no other (RFC 2545 §3).
   */
  private static @Nullable IpAddress self(GroupKey group, Family family) {
    IpAddress found = null;
    int foundRank = Integer.MAX_VALUE;
    for (IpAddress address : group.nextHopSelf()) {
      int rank =
          (address.family() == ip(family) ? 0 : 2) + (NextHopTable.linkLocal(address) ? 1 : 0);
      if (rank < foundRank && fits(group, family, address)) {
        found = address;
        foundRank = rank;
      }
    }
    return found;
  }

  private static boolean fits(GroupKey group, Family family, IpAddress nextHop) {
    return nextHop.family() == ip(family)
        || (nextHop.family() == IpFamily.IPV6 && group.extendedNextHop(family));
  }

  private static IpFamily ip(Family family) {
    return family.isIpv6() ? IpFamily.IPV6 : IpFamily.IPV4;
  }

  private static void setNextHop(
      AttributesBuilder editor, GroupKey group, Attributes attributes, IpAddress nextHop) {
    if (attributes.nextHop().filter(nextHop::equals).isPresent()
        && !group.nextHopSelf().contains(nextHop)) {
      return; // as learned, with its link-local part
    }
    if (nextHop instanceof Ipv6Address global && group.nextHopSelf().contains(nextHop)) {
      for (IpAddress address : group.nextHopSelf()) {
        if (address instanceof Ipv6Address link && link.isLinkLocal() && !link.equals(global)) {
          editor.nextHop(global, link);
          return;
        }
      }
    }
    editor.nextHop(nextHop);
  }
}
