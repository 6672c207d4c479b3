package io.ocicat.agent.bgp;

import io.ocicat.bgp.loop.Hops;
import io.ocicat.bgp.loop.ListenSettings;
import io.ocicat.bgp.rib.MaxPrefixes;
import io.ocicat.bgp.rib.NextHopMode;
import io.ocicat.bgp.session.BfdSettings;
import io.ocicat.bgp.session.FamilyOffer;
import io.ocicat.bgp.session.GracefulRestart;
import io.ocicat.bgp.session.Offers;
import io.ocicat.bgp.session.PeerAddress;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.RemoteAs;
import io.ocicat.bgp.session.Routing;
import io.ocicat.bgp.session.Timers;
import io.ocicat.bgp.session.Transport;
import io.ocicat.bgp.speaker.DynamicPeers;
import io.ocicat.bgp.speaker.SpeakerSettings;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.iana.Role;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.model.BgpPeerOptions;
import io.ocicat.routing.Neighbour;
import io.ocicat.routing.NodeSpeaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a speaker's settings out of what is planned for a node. Pure. */
final class SpeakerCompiler {

  private static final List<IpAddress> ANYWHERE =
      List.of(IpAddress.parse("0.0.0.0"), IpAddress.parse("::"));
  private static final IpAddress UNSPECIFIED = IpAddress.parse("0.0.0.0");
  private static final int FULL_TTL = 255;

  /** An agent is back within seconds, and so is to be found by neighbours that wait between. */
  private static final Duration IDLE = Duration.ofSeconds(1);

  private static final Duration LONGEST_IDLE = Duration.ofSeconds(10);

  private SpeakerCompiler() {}

  static SpeakerSettings settings(NodeSpeaker planned) {
    List<PeerSettings> peers = new ArrayList<>();
    List<DynamicPeers> ranges = new ArrayList<>();
    for (Neighbour neighbour : planned.neighbours()) {
      switch (neighbour.place()) {
        case Neighbour.Place.At(IpAddress address, int port, String device) ->
            peers.add(peer(neighbour, new PeerAddress.At(address, device), port));
        case Neighbour.Place.On(String device) ->
            peers.add(peer(neighbour, new PeerAddress.On(device), Transport.BGP_PORT));
        case Neighbour.Place.Range(var cidr, int most) ->
            ranges.add(
                new DynamicPeers(
                    neighbour.name(),
                    cidr,
                    peer(neighbour, new PeerAddress.At(cidr.address(), ""), Transport.BGP_PORT),
                    most));
      }
    }
    return new SpeakerSettings(
        planned.routerId().value(),
        planned.clusterId().map(Ipv4Address::value).orElse(0),
        listen(planned.listen()),
        planned.nextHops(),
        false,
        peers,
        ranges);
  }

  private static List<ListenSettings> listen(NodeSpeaker.Listen planned) {
    List<IpAddress> addresses = new ArrayList<>(planned.addresses());
    if (addresses.isEmpty()) {
      addresses.addAll(ANYWHERE);
    } else {
      addresses.addAll(planned.forWorkloads());
    }
    return addresses.stream()
        .distinct()
        .map(address -> new ListenSettings(address, planned.port(), ""))
        .toList();
  }

  private static PeerSettings peer(Neighbour planned, PeerAddress address, int port) {
    PeerSettings settings =
        PeerSettings.of(planned.name(), address, planned.localAs(), remoteAs(planned.remoteAs()))
            .transport(transport(planned, port))
            .timers(timers(planned.times()))
            .offers(offers(planned))
            .routing(routing(planned.routing()))
            .policies(PolicyCompiler.policies(planned.policies()))
            .bfd(planned.bfd().map(SpeakerCompiler::bfd).orElse(BfdSettings.OFF))
            .restartAfterMaximum(restartAfterMaximum(planned.exchange()));
    return planned.transport().password() instanceof Neighbour.Password.Awaited
        ? settings.disabled("the password is not there")
        : settings;
  }

  private static RemoteAs remoteAs(Neighbour.RemoteAs planned) {
    return switch (planned) {
      case Neighbour.RemoteAs.Exactly(long as) -> new RemoteAs.Exactly(as);
      case Neighbour.RemoteAs.Internal _ -> new RemoteAs.Internal();
      case Neighbour.RemoteAs.External _ -> new RemoteAs.External();
      case Neighbour.RemoteAs.Any _ -> new RemoteAs.Any();
    };
  }

  private static Transport transport(Neighbour planned, int port) {
    Neighbour.Transport transport = planned.transport();
    String key =
        switch (transport.password()) {
          case Neighbour.Password.Known(String text) -> text;
          case Neighbour.Password.None _, Neighbour.Password.Awaited _ -> "";
        };
    Hops hops =
        transport.minimumTtl() == 0 ? Hops.UNLIMITED : new Hops(FULL_TTL, transport.minimumTtl());
    return new Transport(
        port, transport.source().orElse(UNSPECIFIED), transport.passive(), key, hops);
  }

  private static Timers timers(Neighbour.Times planned) {
    int hold = (int) planned.hold().toSeconds();
    return new Timers(
        hold,
        Math.min((int) planned.keepalive().toSeconds(), hold / 3),
        planned.connectRetry(),
        Duration.ZERO,
        Duration.ZERO,
        IDLE,
        LONGEST_IDLE);
  }

  private static Offers offers(Neighbour planned) {
    Neighbour.Exchange exchange = planned.exchange();
    Map<Family, FamilyOffer> families = new HashMap<>();
    for (IpFamily family : exchange.families()) {
      families.put(
          Family.unicast(family),
          new FamilyOffer(
              exchange.receivesPaths(), exchange.sendsPaths(), maximum(exchange, family)));
    }
    Offers offers =
        Offers.DEFAULT
            .families(families)
            .switches(new Offers.Switches(exchange.extendedNextHop(), true, true, true))
            .graceful(graceful(planned.restart()));
    Optional<Role> role = exchange.role().map(SpeakerCompiler::role);
    if (role.isPresent()) {
      offers = offers.role(role.get());
    }
    return exchange.roleRequired() ? offers.demandingRole() : offers;
  }

  private static MaxPrefixes maximum(Neighbour.Exchange exchange, IpFamily family) {
    if (exchange.maxPrefixes().isEmpty()) {
      return MaxPrefixes.NONE;
    }
    BgpPeerOptions.MaxPrefixes bound = exchange.maxPrefixes().get();
    int limit = family == IpFamily.IPV4 ? bound.ipv4() : bound.ipv6();
    return new MaxPrefixes(
        limit, bound.warnPercent(), bound.action() != BgpPeerOptions.AtMaximum.WARN);
  }

  private static Duration restartAfterMaximum(Neighbour.Exchange exchange) {
    return exchange
        .maxPrefixes()
        .filter(bound -> bound.action() == BgpPeerOptions.AtMaximum.RESTART)
        .map(BgpPeerOptions.MaxPrefixes::restartAfter)
        .orElse(Duration.ZERO);
  }

  private static Role role(BgpPeerOptions.Role planned) {
    return switch (planned) {
      case PROVIDER -> Role.PROVIDER;
      case ROUTE_SERVER -> Role.ROUTE_SERVER;
      case ROUTE_SERVER_CLIENT -> Role.ROUTE_SERVER_CLIENT;
      case CUSTOMER -> Role.CUSTOMER;
      case PEER -> Role.PEER;
    };
  }

  /** Pods' links outlive the agent, so forwarding does too. */
  private static GracefulRestart graceful(Neighbour.Restart planned) {
    return planned.enabled()
        ? new GracefulRestart(
            true,
            atMost(planned.time(), GracefulRestart.MOST_RESTART_SECONDS),
            true,
            planned.notification(),
            atMost(planned.longLived(), GracefulRestart.MOST_LONG_LIVED_SECONDS))
        : GracefulRestart.OFF;
  }

  private static int atMost(Duration time, int seconds) {
    return (int) Math.min(time.toSeconds(), seconds);
  }

  private static Routing routing(Neighbour.Routing planned) {
    NextHopMode mode =
        switch (planned.nextHop()) {
          case AUTO -> NextHopMode.AUTO;
          case SELF -> NextHopMode.SELF;
          case KEEP -> NextHopMode.KEEP;
        };
    return new Routing(planned.reflectorClient(), mode, planned.allowedLocalAs(), false);
  }

  private static BfdSettings bfd(BgpPeerOptions.Bfd planned) {
    return new BfdSettings(
        true,
        planned.transmit(),
        planned.receive(),
        planned.multiplier(),
        BfdSettings.Path.BY_TTL,
        false);
  }
}
