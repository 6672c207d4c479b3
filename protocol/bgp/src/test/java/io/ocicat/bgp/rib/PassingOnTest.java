package io.ocicat.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgpwire.AsPath;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.PeerKind;
import io.ocicat.bgpwire.ReceiveTraits;
import io.ocicat.bgpwire.SendTraits;
import io.ocicat.bgpwire.iana.WellKnownCommunity;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of taking in and passing on, as truth tables. */
final class PassingOnTest {
  private static final Family V4 = Family.IPV4_UNICAST;
  private static final Family V6 = Family.IPV6_UNICAST;
  private static final IpAddress SELF4 = IpAddress.parse("10.0.0.1");
  private static final IpAddress SELF6 = IpAddress.parse("2001:db8::1");
  private static final IpAddress LINK = IpAddress.parse("fe80::1");
  private static final IpAddress LEARNED = IpAddress.parse("10.9.0.1");
  private static final Attributes PLAIN =
      Attributes.builder().asPath(AsPath.sequence(65009)).nextHop(LEARNED).build();

  private static PeerTraits traits(PeerType kind, PeerOptions options, List<IpAddress> self) {
    FamilyTraits family = new FamilyTraits(1, MaxPrefixes.NONE, false, true);
    return new PeerTraits(
        "p",
        kind,
        64512,
        kind.internal() ? 64512 : 65001,
        1,
        2,
        99,
        LEARNED,
        "eth0",
        self,
        ReceiveTraits.plain(kind.internal() ? PeerKind.INTERNAL : PeerKind.EXTERNAL, 65001),
        SendTraits.plain(),
        Map.of(V4, family, V6, family),
        options,
        RoutePolicies.ACCEPT_ALL,
        PeerEvents.NONE);
  }

  private static PeerOptions options(NextHopMode mode, Relation relation) {
    return new PeerOptions(mode, relation, 0, true, false, true, false);
  }

  private static GroupKey group(PeerType kind, NextHopMode mode, IpAddress... self) {
    return GroupKey.of(traits(kind, options(mode, Relation.NONE), List.of(self)));
  }

  private static Exporter.Source source(String kind) {
    return kind.equals("LOCAL")
        ? new Exporter.Source(true, PeerType.INTERNAL_CLIENT, 0)
        : new Exporter.Source(false, PeerType.valueOf(kind), 7);
  }

  /** RFC 4271 §9.2.1 and RFC 4456 §6: who is told what was learned from whom. */
  @ParameterizedTest
  @CsvSource({
    "LOCAL,           INTERNAL,        true",
    "LOCAL,           INTERNAL_CLIENT, true",
    "LOCAL,           EXTERNAL,        true",
    "EXTERNAL,        INTERNAL,        true",
    "EXTERNAL,        INTERNAL_CLIENT, true",
    "EXTERNAL,        EXTERNAL,        true",
    "INTERNAL,        INTERNAL,        false",
    "INTERNAL,        INTERNAL_CLIENT, true",
    "INTERNAL,        EXTERNAL,        true",
    "INTERNAL_CLIENT, INTERNAL,        true",
    "INTERNAL_CLIENT, INTERNAL_CLIENT, true",
    "INTERNAL_CLIENT, EXTERNAL,        true",
  })
  void routesGoBetween(String from, PeerType to, boolean passed) {
    GroupKey group = group(to, NextHopMode.AUTO, SELF4);
    assertThat(Exporter.refusal(group, source(from), PLAIN) == null).isEqualTo(passed);
  }

  @ParameterizedTest
  @CsvSource({
    "NO_EXPORT,           INTERNAL, true",
    "NO_EXPORT,           EXTERNAL, false",
    "NO_EXPORT_SUBCONFED, EXTERNAL, false",
    "NO_ADVERTISE,        INTERNAL, false",
    "NO_ADVERTISE,        EXTERNAL, false",
    "BLACKHOLE,           EXTERNAL, true",
    "LLGR_STALE,          INTERNAL, true",
  })
  void wellKnownCommunitiesHoldRoutesBack(
      WellKnownCommunity community, PeerType to, boolean passed) {
    Attributes marked = PLAIN.edit().addCommunity(community).build();
    GroupKey group = group(to, NextHopMode.AUTO, SELF4);
    assertThat(Exporter.refusal(group, source("EXTERNAL"), marked) == null).isEqualTo(passed);
  }

  /** RFC 9234 §5. The relation is what we are to the neighbour. */
  @ParameterizedTest
  @CsvSource({
    // relation, OTC received (0: none), accepted, OTC after import (0: none)
    "NONE,                0,     true,  0",
    "NONE,                65009, true,  65009",
    "PROVIDER,            0,     true,  0",
    "PROVIDER,            65009, false, 0",
    "ROUTE_SERVER,        65009, false, 0",
    "PEER,                65009, false, 0",
    "PEER,                65001, true,  65001",
    "PEER,                0,     true,  65001",
    "CUSTOMER,            0,     true,  65001",
    "CUSTOMER,            65009, true,  65009",
    "ROUTE_SERVER_CLIENT, 0,     true,  65001",
  })
  void onlyToCustomerOnTheWayIn(Relation relation, int otc, boolean accepted, int after) {
    PeerTraits peer =
        traits(PeerType.EXTERNAL, options(NextHopMode.AUTO, relation), List.of(SELF4));
    Attributes received = otc == 0 ? PLAIN : PLAIN.edit().onlyToCustomer(otc).build();
    assertThat(Importer.refusal(peer, received) == null).isEqualTo(accepted);
    if (accepted) {
      assertThat(Importer.beforePolicy(peer, received).onlyToCustomer().orElse(0)).isEqualTo(after);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // relation, OTC of the route (0: none), sent, OTC sent (0: none)
    "NONE,                0,     true,  0",
    "NONE,                65009, true,  65009",
    "PROVIDER,            0,     true,  64512",
    "PROVIDER,            65009, true,  65009",
    "ROUTE_SERVER,        0,     true,  64512",
    "PEER,                0,     true,  64512",
    "PEER,                65009, false, 0",
    "CUSTOMER,            0,     true,  0",
    "CUSTOMER,            65009, false, 0",
    "ROUTE_SERVER_CLIENT, 65009, false, 0",
  })
  void onlyToCustomerOnTheWayOut(Relation relation, int otc, boolean sent, int after) {
    GroupKey group =
        GroupKey.of(traits(PeerType.EXTERNAL, options(NextHopMode.AUTO, relation), List.of(SELF4)));
    Attributes route = otc == 0 ? PLAIN : PLAIN.edit().onlyToCustomer(otc).build();
    assertThat(Exporter.refusal(group, source("EXTERNAL"), route) == null).isEqualTo(sent);
    if (sent) {
      Attributes out = Exporter.afterPolicy(group, V4, source("EXTERNAL"), route, route, 100);
      assertThat(out == null ? -1 : out.onlyToCustomer().orElse(0)).isEqualTo(after);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // mode, source, to, next hop
    "AUTO, EXTERNAL, EXTERNAL, 10.0.0.1",
    "AUTO, EXTERNAL, INTERNAL, 10.9.0.1",
    "AUTO, INTERNAL, EXTERNAL, 10.0.0.1",
    "AUTO, LOCAL,    INTERNAL, 10.0.0.1",
    "SELF, EXTERNAL, INTERNAL, 10.0.0.1",
    "SELF, INTERNAL_CLIENT, INTERNAL, 10.0.0.1",
    "KEEP, EXTERNAL, EXTERNAL, 10.9.0.1",
    "KEEP, EXTERNAL, INTERNAL, 10.9.0.1",
    "KEEP, LOCAL,    EXTERNAL, 10.0.0.1",
  })
  void nextHopsAreToldByMode(NextHopMode mode, String from, PeerType to, String expected) {
    GroupKey group = group(to, mode, SELF4, SELF6);
    assertThat(nextHop(group, V4, from, PLAIN, PLAIN)).isEqualTo(IpAddress.parse(expected));
  }

  @Test
  void policySetsTheNextHopInAnyMode() {
    GroupKey group = group(PeerType.EXTERNAL, NextHopMode.SELF, SELF4);
    Attributes set = PLAIN.edit().nextHop(IpAddress.parse("10.5.5.5")).build();
    assertThat(nextHop(group, V4, "EXTERNAL", PLAIN, set)).isEqualTo(IpAddress.parse("10.5.5.5"));
  }

  @Test
  void linkLocalAddressGoesWithTheGlobalOneOrAlone() {
    Attributes both =
        Exporter.afterPolicy(
            group(PeerType.EXTERNAL, NextHopMode.AUTO, LINK, SELF6),
            V6,
            source("EXTERNAL"),
            PLAIN,
            PLAIN,
            100);
    assertThat(both == null ? null : both.nextHop().orElse(null)).isEqualTo(SELF6);
    assertThat(both == null ? null : both.linkLocalNextHop().orElse(null))
        .isEqualTo((Ipv6Address) LINK);
    assertThat(
            nextHop(group(PeerType.EXTERNAL, NextHopMode.AUTO, LINK), V6, "EXTERNAL", PLAIN, PLAIN))
        .isEqualTo(LINK);
  }

  @Test
  void ipv4GoesOverAnIpv6NextHopWhereAgreedAndIpv6NeverOverAnIpv4One() {
    assertThat(
            nextHop(
                group(PeerType.EXTERNAL, NextHopMode.AUTO, SELF6), V4, "EXTERNAL", PLAIN, PLAIN))
        .isEqualTo(SELF6);
    assertThat(
            Exporter.afterPolicy(
                group(PeerType.EXTERNAL, NextHopMode.AUTO, SELF4),
                V6,
                source("EXTERNAL"),
                PLAIN,
                PLAIN,
                100))
        .isNull();
  }

  @Test
  void internalAttributesStayInTheAs() {
    Attributes reflected =
        PLAIN
            .edit()
            .localPref(300)
            .med(4)
            .originatorId(new Ipv4Address(5))
            .clusterList(List.of(new Ipv4Address(6)))
            .build();
    GroupKey outside = group(PeerType.EXTERNAL, NextHopMode.AUTO, SELF4);
    Exporter.Source from = source("INTERNAL");
    Attributes out =
        Exporter.afterPolicy(
            outside, V4, from, reflected, Exporter.beforePolicy(outside, from, reflected), 100);
    assertThat(out)
        .isEqualTo(
            Attributes.builder().asPath(AsPath.sequence(64512, 65009)).nextHop(SELF4).build());
    Attributes inside =
        Exporter.afterPolicy(
            group(PeerType.INTERNAL_CLIENT, NextHopMode.AUTO, SELF4),
            V4,
            from,
            reflected,
            reflected,
            100);
    assertThat(inside)
        .isEqualTo(
            reflected.edit().clusterList(List.of(new Ipv4Address(99), new Ipv4Address(6))).build());
  }

  @Test
  void gracefulShutdownIsHonouredFromOutsideAndSentWhereAsked() {
    Attributes marked = PLAIN.edit().addCommunity(WellKnownCommunity.GRACEFUL_SHUTDOWN).build();
    PeerTraits external =
        traits(PeerType.EXTERNAL, options(NextHopMode.AUTO, Relation.NONE), List.of(SELF4));
    assertThat(Importer.beforePolicy(external, marked).localPref()).isZero();
    assertThat(Importer.beforePolicy(external, marked).hasLocalPref()).isTrue();
    PeerOptions leaving =
        new PeerOptions(NextHopMode.AUTO, Relation.NONE, 0, true, true, false, false);
    Attributes out =
        Exporter.afterPolicy(
            GroupKey.of(traits(PeerType.INTERNAL, leaving, List.of(SELF4))),
            V4,
            source("EXTERNAL"),
            PLAIN,
            PLAIN,
            100);
    assertThat(out == null ? -1 : out.localPref()).isZero();
    assertThat(out != null && out.hasCommunity(WellKnownCommunity.GRACEFUL_SHUTDOWN)).isTrue();
  }

  @Test
  void loopsAreSeenByAsOriginatorAndCluster() {
    PeerTraits external =
        traits(PeerType.EXTERNAL, options(NextHopMode.AUTO, Relation.NONE), List.of(SELF4));
    PeerTraits internal =
        traits(PeerType.INTERNAL, options(NextHopMode.AUTO, Relation.NONE), List.of(SELF4));
    Attributes looped = PLAIN.edit().asPath(AsPath.sequence(65001, 64512)).build();
    assertThat(Importer.refusal(external, looped)).contains("our AS 64512");
    PeerTraits tolerant =
        traits(
            PeerType.EXTERNAL,
            new PeerOptions(NextHopMode.AUTO, Relation.NONE, 1, true, false, false, false),
            List.of(SELF4));
    assertThat(Importer.refusal(tolerant, looped)).isNull();
    assertThat(
            Importer.refusal(tolerant, PLAIN.edit().asPath(AsPath.sequence(64512, 64512)).build()))
        .isNotNull();
    assertThat(Importer.refusal(internal, PLAIN.edit().originatorId(new Ipv4Address(1)).build()))
        .contains("originator");
    assertThat(
            Importer.refusal(
                internal, PLAIN.edit().clusterList(List.of(new Ipv4Address(99))).build()))
        .contains("cluster");
    assertThat(
            Importer.refusal(
                internal, PLAIN.edit().clusterList(List.of(new Ipv4Address(98))).build()))
        .isNull();
  }

  private static @Nullable IpAddress nextHop(
      GroupKey group, Family family, String from, Attributes original, Attributes changed) {
    Attributes out = Exporter.afterPolicy(group, family, source(from), original, changed, 100);
    return out == null ? null : out.nextHop().orElse(null);
  }
}
