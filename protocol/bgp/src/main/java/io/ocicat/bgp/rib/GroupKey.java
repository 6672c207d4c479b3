package io.ocicat.bgp.rib;

import io.ocicat.bgp.policy.RoutePolicy;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.SendTraits;
import io.ocicat.inet.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Everything that changes the octets that a neighbour is sent. Equal keys share their UPDATEs. */
record GroupKey(
    PeerType kind,
    int localAs,
    int clusterId,
    List<IpAddress> nextHopSelf,
    SendTraits send,
    Map<Family, SentFamily> families,
    NextHopMode nextHopMode,
    Relation relation,
    boolean gracefulShutdown,
    boolean longLived,
    RoutePolicy exportV4,
    RoutePolicy exportV6) {
  static GroupKey of(PeerTraits peer) {
    return new GroupKey(
        peer.kind(),
        peer.localAs(),
        peer.kind().internal() ? peer.clusterId() : 0,
        peer.nextHopSelf(),
        peer.send(),
        peer.families().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e -> new SentFamily(e.getValue().sendPaths(), e.getValue().extendedNextHop()))),
        peer.options().nextHopMode(),
        peer.options().relation(),
        peer.options().gracefulShutdown(),
        peer.options().longLived(),
        peer.policies().exportV4(),
        peer.policies().exportV6());
  }

  boolean extendedNextHop(Family family) {
    SentFamily sent = families.get(family);
    return sent != null && sent.extendedNextHop();
  }

  RoutePolicy exporting(Family family) {
    return family.isIpv6() ? exportV6 : exportV4;
  }
}
