package io.ocicat.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.loop.Hops;
import io.ocicat.bgp.loop.ListenSettings;
import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgp.rib.MaxPrefixes;
import io.ocicat.bgp.rib.NextHopMode;
import io.ocicat.bgp.session.BfdSettings;
import io.ocicat.bgp.session.FamilyOffer;
import io.ocicat.bgp.session.GracefulRestart;
import io.ocicat.bgp.session.PeerAddress;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.RemoteAs;
import io.ocicat.bgp.session.Routing;
import io.ocicat.bgp.speaker.SpeakerSettings;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.iana.Role;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.model.BgpPeer;
import io.ocicat.model.BgpPeerOptions;
import io.ocicat.model.RouteCommunity;
import io.ocicat.model.SecretKey;
import io.ocicat.routing.Neighbour;
import io.ocicat.routing.NodeSpeaker;
import io.ocicat.routing.OriginatedRoute;
import io.ocicat.routing.Reason;
import io.ocicat.routing.RouteRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpeakerCompilerTest {
  private static final IpAddress PEER = IpAddress.parse("192.0.2.2");
  private static final Neighbour.Place AT = new Neighbour.Place.At(PEER, 1790, "");
  private static final Neighbour.Transport PLAIN =
      new Neighbour.Transport(
          Optional.empty(), false, new Neighbour.Password.None(), 0, Optional.empty());
  private static final Neighbour.Exchange IPV4 =
      new Neighbour.Exchange(
          List.of(IpFamily.IPV4), false, 1, false, Optional.empty(), Optional.empty(), false);

  private static Neighbour neighbour(
      Neighbour.Place place, Neighbour.Transport transport, Neighbour.Exchange exchange) {
    return new Neighbour(
        "p",
        place,
        Neighbour.Sort.GLOBAL_PEER,
        "",
        64512,
        new Neighbour.RemoteAs.Any(),
        transport,
        new Neighbour.Times(Duration.ofSeconds(9), Duration.ofSeconds(3), Duration.ofSeconds(7)),
        new Neighbour.Restart(true, Duration.ofHours(2), Duration.ofSeconds(5), false),
        exchange,
        new Neighbour.Routing(true, BgpPeer.NextHop.SELF, 2),
        new Neighbour.Policies(RouteRules.NONE, RouteRules.NONE, RouteRules.NONE, RouteRules.NONE),
        Optional.of(new BgpPeerOptions.Bfd(Duration.ofMillis(100), Duration.ofMillis(200), 4)),
        Optional.empty(),
        List.of());
  }

  private static SpeakerSettings settings(NodeSpeaker.Listen listen, Neighbour... neighbours) {
    return SpeakerCompiler.settings(
        new NodeSpeaker(
            "a",
            64512,
            new Reason("BGPConfiguration/default", "spec.asNumber"),
            new Ipv4Address(0xc0000201),
            Optional.of(new Ipv4Address(0xf4000001)),
            listen,
            List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("fd00::1")),
            List.of(neighbours),
            List.of(),
            new NodeSpeaker.Kernel("Enabled", 1024, 1024),
            List.of()));
  }

  private static PeerSettings peer(Neighbour neighbour) {
    return settings(new NodeSpeaker.Listen(179, List.of(), List.of()), neighbour)
        .peers()
        .getFirst();
  }

  @Test
  void saysOfTheNodeWhatIsPlanned() {
    SpeakerSettings settings =
        settings(new NodeSpeaker.Listen(1179, List.of(), List.of()), neighbour(AT, PLAIN, IPV4));
    assertThat(settings.identifier()).isEqualTo(0xc0000201);
    assertThat(settings.clusterId()).isEqualTo(0xf4000001);
    assertThat(settings.nextHops())
        .containsExactly(IpAddress.parse("192.0.2.1"), IpAddress.parse("fd00::1"));
    assertThat(settings.externalNeedsPolicy()).isFalse();
    assertThat(settings.listen())
        .containsExactly(
            new ListenSettings(IpAddress.parse("0.0.0.0"), 1179, ""),
            new ListenSettings(IpAddress.parse("::"), 1179, ""));
  }

  @Test
  void listensForWorkloadsBesidesTheNodesAddresses() {
    IpAddress own = IpAddress.parse("192.0.2.1");
    IpAddress forPods = IpAddress.parse("169.254.1.1");
    SpeakerSettings settings =
        settings(new NodeSpeaker.Listen(179, List.of(own), List.of(forPods)));
    assertThat(settings.listen())
        .containsExactly(new ListenSettings(own, 179, ""), new ListenSettings(forPods, 179, ""));
  }

  @Test
  void saysOfANeighbourWhatIsPlanned() {
    PeerSettings peer = peer(neighbour(AT, PLAIN, IPV4));
    assertThat(peer.name()).isEqualTo("p");
    assertThat(peer.address()).isEqualTo(new PeerAddress.At(PEER, ""));
    assertThat(peer.transport().port()).isEqualTo(1790);
    assertThat(peer.transport().hops()).isEqualTo(Hops.UNLIMITED);
    assertThat(peer.remoteAs()).isEqualTo(new RemoteAs.Any());
    assertThat(peer.timers().holdSeconds()).isEqualTo(9);
    assertThat(peer.timers().keepaliveSeconds()).isEqualTo(3);
    assertThat(peer.timers().connectRetry()).isEqualTo(Duration.ofSeconds(7));
    assertThat(peer.routing()).isEqualTo(new Routing(true, NextHopMode.SELF, 2, false));
    assertThat(peer.policies()).isEqualTo(RoutePolicies.ACCEPT_ALL);
    assertThat(peer.offers().families())
        .isEqualTo(Map.of(Family.IPV4_UNICAST, FamilyOffer.DEFAULT));
    assertThat(peer.offers().switches().extendedNextHop()).isFalse();
    assertThat(peer.bfd())
        .isEqualTo(
            new BfdSettings(
                true,
                Duration.ofMillis(100),
                Duration.ofMillis(200),
                4,
                BfdSettings.Path.BY_TTL,
                false));
    assertThat(peer.enabled()).isTrue();
  }

  @Test
  void forwardsOnWhileItRestartsAndAsksForNoMoreTimeThanThereIs() {
    assertThat(peer(neighbour(AT, PLAIN, IPV4)).offers().graceful())
        .isEqualTo(new GracefulRestart(true, GracefulRestart.MOST_RESTART_SECONDS, true, false, 5));
  }

  @Test
  void aSessionWaitsForItsPassword() {
    Neighbour.Transport known =
        new Neighbour.Transport(
            Optional.of(IpAddress.parse("192.0.2.1")),
            true,
            new Neighbour.Password.Known("secret"),
            254,
            Optional.empty());
    PeerSettings peer = peer(neighbour(AT, known, IPV4));
    assertThat(peer.enabled()).isTrue();
    assertThat(peer.transport().md5Key()).isEqualTo("secret");
    assertThat(peer.transport().passive()).isTrue();
    assertThat(peer.transport().source()).isEqualTo(IpAddress.parse("192.0.2.1"));
    assertThat(peer.transport().hops()).isEqualTo(new Hops(255, 254));

    Neighbour.Transport awaited =
        new Neighbour.Transport(
            Optional.empty(),
            false,
            new Neighbour.Password.Awaited(new SecretKey("s", "k")),
            0,
            Optional.empty());
    assertThat(peer(neighbour(AT, awaited, IPV4)).enabled()).isFalse();
  }

  @Test
  void findsNeighboursOnDevicesAndInRanges() {
    SpeakerSettings settings =
        settings(
            new NodeSpeaker.Listen(179, List.of(), List.of()),
            neighbour(new Neighbour.Place.On("eth1"), PLAIN, IPV4));
    assertThat(settings.peers().getFirst().address()).isEqualTo(new PeerAddress.On("eth1"));
    Cidr range = Cidr.parse("198.51.100.0/24");
    settings =
        settings(
            new NodeSpeaker.Listen(179, List.of(), List.of()),
            neighbour(new Neighbour.Place.Range(range, 12), PLAIN, IPV4));
    assertThat(settings.peers()).isEmpty();
    assertThat(settings.dynamic().getFirst().range()).isEqualTo(range);
    assertThat(settings.dynamic().getFirst().most()).isEqualTo(12);
  }

  @Test
  void offersWhatIsToBeExchanged() {
    Neighbour.Exchange exchange =
        new Neighbour.Exchange(
            List.of(IpFamily.IPV4, IpFamily.IPV6),
            true,
            4,
            true,
            Optional.of(
                new BgpPeerOptions.MaxPrefixes(
                    100, 0, 80, BgpPeerOptions.AtMaximum.RESTART, Duration.ofMinutes(5))),
            Optional.of(BgpPeerOptions.Role.CUSTOMER),
            true);
    PeerSettings peer = peer(neighbour(AT, PLAIN, exchange));
    assertThat(peer.offers().families())
        .isEqualTo(
            Map.of(
                Family.IPV4_UNICAST,
                new FamilyOffer(true, 4, new MaxPrefixes(100, 80, true)),
                Family.IPV6_UNICAST,
                new FamilyOffer(true, 4, new MaxPrefixes(0, 80, true))));
    assertThat(peer.offers().switches().extendedNextHop()).isTrue();
    assertThat(peer.offers().role()).contains(Role.CUSTOMER);
    assertThat(peer.offers().roleDemanded()).isTrue();
    assertThat(peer.restartAfterMaximum()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void ownRoutesCarryCommunitiesAndMetricsThatAreNotOrdinary() {
    OriginatedRoute route =
        new OriginatedRoute(
            Cidr.parse("10.244.0.5/32"),
            OriginatedRoute.Sort.ADDRESS,
            "cali1",
            Optional.of(512),
            List.of(RouteCommunity.parse("1:2"), RouteCommunity.parse("1:2:3")),
            List.of());
    Attributes attributes = OwnRoutes.attributes(route);
    assertThat(attributes.localPref()).isEqualTo(Integer.MAX_VALUE - 512);
    assertThat(attributes.communities()).hasToString("[1:2]");
    assertThat(attributes.largeCommunities()).hasToString("[1:2:3]");
  }
}
