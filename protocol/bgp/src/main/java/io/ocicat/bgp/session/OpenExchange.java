package io.ocicat.bgp.session;

import io.ocicat.bgpwire.Asn;
import io.ocicat.bgpwire.Bytes;
import io.ocicat.bgpwire.Capability;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Notification;
import io.ocicat.bgpwire.Open;
import io.ocicat.bgpwire.Received;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import io.ocicat.bgpwire.iana.Role;
import io.ocicat.inet.Ipv4Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes our OPEN, judges the other side's, and finds what both lead to. */
final class OpenExchange {

  private OpenExchange() {}

  /** Our OPEN. */
  static Open ours(PeerSettings settings, int identifier, boolean restarting) {
    Offers offers = settings.offers();
    List<Capability> capabilities = new ArrayList<>();
    List<Family> families = List.copyOf(offers.families().keySet());
    families.forEach(family -> capabilities.add(new Capability.Multiprotocol(family)));
    if (offers.switches().routeRefresh()) {
      capabilities.add(new Capability.RouteRefresh());
    }
    if (offers.switches().extendedNextHop() && families.contains(Family.IPV4_UNICAST)) {
      capabilities.add(Capability.ExtendedNextHop.ipv4OverIpv6());
    }
    if (offers.switches().extendedMessages()) {
      capabilities.add(new Capability.ExtendedMessage());
    }
    offers.role().ifPresent(role -> capabilities.add(new Capability.BgpRole(role)));
    addGraceful(offers, families, restarting, capabilities);
    capabilities.add(new Capability.FourOctetAs((int) settings.localAs()));
    List<Capability.AddPath.Direction> paths =
        families.stream()
            .map(f -> direction(f, offers))
            .filter(d -> d.receives() || d.sends())
            .toList();
    if (!paths.isEmpty()) {
      capabilities.add(new Capability.AddPath(paths));
    }
    if (offers.switches().routeRefresh() && offers.switches().enhancedRefresh()) {
      capabilities.add(new Capability.EnhancedRouteRefresh());
    }
    return new Open(
        Asn.inTwoOctets((int) settings.localAs()),
        settings.timers().holdSeconds(),
        new Ipv4Address(identifier),
        capabilities);
  }

  private static Capability.AddPath.Direction direction(Family family, Offers offers) {
    FamilyOffer offer = offers.families().getOrDefault(family, FamilyOffer.DEFAULT);
    return new Capability.AddPath.Direction(family, offer.receivePaths(), offer.sendPaths() > 1);
  }

  private static void addGraceful(
      Offers offers, List<Family> families, boolean restarting, List<Capability> into) {
    GracefulRestart graceful = offers.graceful();
    if (!graceful.helping() && graceful.restartSeconds() == 0) {
      return;
    }
    // Without families we only help, and send End-of-RIB.
    List<Family> restored = graceful.restartSeconds() > 0 ? families : List.of();
    into.add(
        new Capability.GracefulRestart(
            restarting && graceful.restartSeconds() > 0,
            graceful.notification(),
            graceful.restartSeconds(),
            restored.stream()
                .map(f -> new Capability.GracefulRestart.Forwarding(f, graceful.forwarding()))
                .toList()));
    if (graceful.longLivedSeconds() > 0) {
      into.add(
          new Capability.LongLivedGracefulRestart(
              families.stream()
                  .map(
                      f ->
                          new Capability.LongLivedGracefulRestart.Staleness(
                              f, graceful.forwarding(), graceful.longLivedSeconds()))
                  .toList()));
    }
  }

  /** Judges the other side's OPEN by what we expect, RFC 4271 §6.2, and agrees. */
  static Received<Negotiated> agree(PeerSettings settings, Open ours, Open theirs) {
    long remoteAs = Integer.toUnsignedLong(theirs.asn());
    if (!settings.remoteAs().accepts(remoteAs, settings.localAs())) {
      return bad(NotificationSubcode.BAD_PEER_AS, Bytes.EMPTY);
    }
    if (remoteAs == settings.localAs() && theirs.identifier().equals(ours.identifier())) {
      return bad(NotificationSubcode.BAD_BGP_IDENTIFIER, Bytes.EMPTY);
    }
    if (remoteAs != settings.localAs() && !rolesFit(settings.offers(), theirs)) {
      return bad(NotificationSubcode.ROLE_MISMATCH, Bytes.EMPTY);
    }
    Map<Family, Agreement> families = families(settings, theirs);
    if (families.isEmpty()) {
      return bad(NotificationSubcode.UNSUPPORTED_CAPABILITY, multiprotocol(ours));
    }
    return new Received.Good<>(negotiated(settings, ours, theirs, families));
  }

  private static Negotiated negotiated(
      PeerSettings settings, Open ours, Open theirs, Map<Family, Agreement> families) {
    int hold = Math.min(ours.holdTimeSeconds(), theirs.holdTimeSeconds());
    int wanted = settings.timers().keepaliveSeconds();
    int keepalive = wanted == 0 ? hold / 3 : Math.min(wanted, hold / 3);
    boolean refresh = both(ours, theirs, Capability.RouteRefresh.class);
    Offers offers = settings.offers();
    Optional<Capability.GracefulRestart> graceful =
        offers.graceful().helping()
            ? theirs.capability(Capability.GracefulRestart.class)
            : Optional.empty();
    return new Negotiated(
        ours,
        theirs,
        settings.localAs(),
        Integer.toUnsignedLong(theirs.asn()),
        hold,
        keepalive,
        families,
        both(ours, theirs, Capability.FourOctetAs.class),
        both(ours, theirs, Capability.ExtendedMessage.class),
        refresh,
        refresh && both(ours, theirs, Capability.EnhancedRouteRefresh.class),
        graceful.isPresent(),
        offers.graceful().notification()
            && graceful.map(Capability.GracefulRestart::notifications).orElse(false),
        offers.graceful().longLivedSeconds() > 0
            && theirs.has(Capability.LongLivedGracefulRestart.class));
  }

  private static boolean both(Open ours, Open theirs, Class<? extends Capability> kind) {
    return ours.has(kind) && theirs.has(kind);
  }

  private static Map<Family, Agreement> families(PeerSettings settings, Open theirs) {
    List<Family> offered = theirs.multiprotocolFamilies();
    // Who says nothing of families speaks IPv4 alone, RFC 4760 §8.
    List<Family> remote = offered.isEmpty() ? List.of(Family.IPV4_UNICAST) : offered;
    Map<Family, Agreement> agreed = new HashMap<>();
    settings
        .offers()
        .families()
        .forEach(
            (family, offer) -> {
              if (remote.contains(family)) {
                agreed.put(family, agreement(settings.offers(), family, offer, theirs));
              }
            });
    return agreed;
  }

  private static Agreement agreement(Offers offers, Family family, FamilyOffer offer, Open theirs) {
    Capability.AddPath.Direction paths =
        theirs.capability(Capability.AddPath.class).stream()
            .flatMap(c -> c.families().stream())
            .filter(d -> d.family().equals(family))
            .findFirst()
            .orElse(new Capability.AddPath.Direction(family, false, false));
    boolean ipv6NextHops =
        offers.switches().extendedNextHop()
            && theirs.capability(Capability.ExtendedNextHop.class).stream()
                .flatMap(c -> c.encodings().stream())
                .anyMatch(e -> e.family().equals(family) && e.nextHopAfi() == 2);
    Optional<Capability.GracefulRestart> graceful =
        offers.graceful().helping()
            ? theirs.capability(Capability.GracefulRestart.class)
            : Optional.empty();
    Optional<Capability.GracefulRestart.Forwarding> forwarding =
        graceful.stream()
            .flatMap(c -> c.families().stream())
            .filter(f -> f.family().equals(family))
            .findFirst();
    return new Agreement(
        offer.receivePaths() && paths.sends(),
        offer.sendPaths() > 1 && paths.receives(),
        ipv6NextHops,
        forwarding.isEmpty()
            ? Duration.ZERO
            : Duration.ofSeconds(graceful.orElseThrow().restartTimeSeconds()),
        graceful.isEmpty() ? Duration.ZERO : longLived(offers, family, theirs),
        forwarding.map(Capability.GracefulRestart.Forwarding::preserved).orElse(false));
  }

  private static Duration longLived(Offers offers, Family family, Open theirs) {
    int ours = offers.graceful().longLivedSeconds();
    return theirs.capability(Capability.LongLivedGracefulRestart.class).stream()
        .flatMap(c -> c.families().stream())
        .filter(s -> s.family().equals(family))
        .map(s -> Duration.ofSeconds(Math.min(ours, s.staleTimeSeconds())))
        .findFirst()
        .orElse(Duration.ZERO);
  }

  /** RFC 9234 §4.2: the pairs that may meet. */
  private static boolean rolesFit(Offers offers, Open theirs) {
    Optional<Role> ours = offers.role();
    List<Integer> told =
        theirs.capabilities().stream()
            .filter(Capability.BgpRole.class::isInstance)
            .map(c -> ((Capability.BgpRole) c).role())
            .distinct()
            .toList();
    if (told.size() > 1) {
      return false;
    }
    if (ours.isEmpty() || told.isEmpty()) {
      return ours.isEmpty() || !offers.roleDemanded();
    }
    Optional<Role> remote = Role.of(told.getFirst());
    return switch (ours.get()) {
      case PROVIDER -> remote.equals(Optional.of(Role.CUSTOMER));
      case CUSTOMER -> remote.equals(Optional.of(Role.PROVIDER));
      case ROUTE_SERVER -> remote.equals(Optional.of(Role.ROUTE_SERVER_CLIENT));
      case ROUTE_SERVER_CLIENT -> remote.equals(Optional.of(Role.ROUTE_SERVER));
      case PEER -> remote.equals(Optional.of(Role.PEER));
    };
  }

  /** RFC 5492 §5: the capabilities that we miss. */
  private static Bytes multiprotocol(Open ours) {
    java.nio.ByteBuffer data = java.nio.ByteBuffer.allocate(6 * 16);
    ours.multiprotocolFamilies().stream()
        .limit(16)
        .forEach(
            f ->
                data.put((byte) 1)
                    .put((byte) 4)
                    .putShort((short) f.afi())
                    .put((byte) 0)
                    .put((byte) f.safi()));
    return Bytes.remaining(data.flip());
  }

  private static Received<Negotiated> bad(NotificationSubcode subcode, Bytes data) {
    return new Received.Bad<>(Notification.of(subcode, data));
  }
}
