package io.ocicat.bgp.speaker;

import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgp.rib.FamilyTraits;
import io.ocicat.bgp.rib.PeerEvents;
import io.ocicat.bgp.rib.PeerOptions;
import io.ocicat.bgp.rib.PeerTraits;
import io.ocicat.bgp.rib.PeerType;
import io.ocicat.bgp.rib.Relation;
import io.ocicat.bgp.session.Agreement;
import io.ocicat.bgp.session.Established;
import io.ocicat.bgp.session.FamilyOffer;
import io.ocicat.bgp.session.Negotiated;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Message;
import io.ocicat.bgpwire.PeerKind;
import io.ocicat.bgpwire.ReceiveTraits;
import io.ocicat.bgpwire.SendTraits;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the routing tables are told of a session that stands. */
final class Traits {

  private Traits() {}

  static PeerTraits of(
      SpeakerSettings speaker,
      PeerSettings peer,
      Established established,
      RoutePolicies policies,
      PeerEvents events) {
    Negotiated agreed = established.negotiated();
    return new PeerTraits(
        peer.name(),
        kind(peer, agreed),
        (int) agreed.localAs(),
        (int) agreed.remoteAs(),
        speaker.identifier(),
        agreed.identifier(),
        speaker.clusterId() == 0 ? speaker.identifier() : speaker.clusterId(),
        established.remote().address(),
        peer.address().device(),
        nextHops(speaker, established),
        receive(peer, agreed),
        new SendTraits(
            agreed.fourOctetAs(),
            agreed.extendedMessages() ? Message.EXTENDED_MAXIMUM_LENGTH : Message.MAXIMUM_LENGTH,
            with(agreed, Agreement::sendsPaths)),
        families(peer, agreed),
        options(peer, agreed),
        policies,
        events);
  }

  private static PeerType kind(PeerSettings peer, Negotiated agreed) {
    if (!agreed.internal()) {
      return PeerType.EXTERNAL;
    }
    return peer.routing().reflectorClient() ? PeerType.INTERNAL_CLIENT : PeerType.INTERNAL;
  }

  private static ReceiveTraits receive(PeerSettings peer, Negotiated agreed) {
    return new ReceiveTraits(
        agreed.internal() ? PeerKind.INTERNAL : PeerKind.EXTERNAL,
        agreed.fourOctetAs(),
        (int) agreed.remoteAs(),
        peer.routing().enforceFirstAs(),
        agreed.families().keySet(),
        with(agreed, Agreement::receivesPaths),
        with(agreed, Agreement::ipv6NextHops));
  }

  private static Set<Family> with(Negotiated agreed, Predicate<Agreement> condition) {
    return agreed.families().entrySet().stream()
        .filter(e -> condition.test(e.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Our end of the connection first; the speaker's addresses for what it is not. */
  private static List<IpAddress> nextHops(SpeakerSettings speaker, Established established) {
    List<IpAddress> nextHops = new ArrayList<>();
    add(nextHops, established.local().address());
    speaker.nextHops().forEach(address -> add(nextHops, address));
    return nextHops;
  }

  private static void add(List<IpAddress> nextHops, IpAddress address) {
    boolean taken =
        nextHops.stream()
            .anyMatch(
                n ->
                    n.family() == address.family()
                        && (n.family() == IpFamily.IPV4
                            || n.isLinkLocal() == address.isLinkLocal()));
    if (!taken && !address.isUnspecified()) {
      nextHops.add(address);
    }
  }

  private static Map<Family, FamilyTraits> families(PeerSettings peer, Negotiated agreed) {
    Map<Family, FamilyTraits> families = new HashMap<>();
    agreed
        .families()
        .forEach(
            (family, agreement) -> {
              FamilyOffer offer =
                  peer.offers().families().getOrDefault(family, FamilyOffer.DEFAULT);
              families.put(
                  family,
                  new FamilyTraits(
                      agreement.sendsPaths() ? offer.sendPaths() : 1,
                      offer.maximum(),
                      agreement.forwarding(),
                      agreement.ipv6NextHops()));
            });
    return families;
  }

  private static PeerOptions options(PeerSettings peer, Negotiated agreed) {
    Relation relation =
        agreed.internal()
            ? Relation.NONE
            : peer.offers().role().map(role -> Relation.valueOf(role.name())).orElse(Relation.NONE);
    return new PeerOptions(
        peer.routing().nextHopMode(),
        relation,
        peer.routing().allowOwnAs(),
        PeerOptions.DEFAULT.honourGracefulShutdown(),
        false,
        agreed.longLived(),
        agreed.enhancedRefresh());
  }
}
