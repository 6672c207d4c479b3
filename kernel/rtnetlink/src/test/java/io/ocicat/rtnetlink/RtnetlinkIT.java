package io.ocicat.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.MacAddress;
import io.ocicat.libc.Errno;
import io.ocicat.libc.NetNamespace;
import io.ocicat.netlink.Answer;
import io.ocicat.netlink.NetlinkException;
import io.ocicat.netlink.NetlinkSocket;
import io.ocicat.netlink.NetlinkSubscription;
import io.ocicat.netlink.NetlinkTransport;
import io.ocicat.netlink.NlMessage;
import io.ocicat.netlink.NlRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What our messages do on a real kernel, in namespaces of their own. */
@Timeout(60)
class RtnetlinkIT {

  private static final int PROTOCOL = 79;

  private NetNamespace namespace;
  private NetNamespace other;
  private Rtnetlink rtnetlink;

  @BeforeEach
  void openNamespaces() {
    namespace = NetNamespace.create();
    other = NetNamespace.create();
    rtnetlink = Rtnetlink.openIn(namespace);
  }

  @AfterEach
  void closeNamespaces() {
    rtnetlink.close();
    other.close();
    namespace.close();
  }

  private LinkMessage bridge(String name) {
    rtnetlink.execute(
        LinkCodec.newLink("bridge", new LinkCodec.NamedLink(name, LinkSettings.NONE.up())));
    return rtnetlink.link(name).orElseThrow();
  }

  @Test
  void makesAVethPairWithItsPeerInAnotherNamespace() {
    MacAddress mac = MacAddress.parse("ee:ee:ee:ee:ee:ee");
    LinkSettings settings = LinkSettings.NONE.mtu(1400).address(mac).group(7);
    rtnetlink.execute(
        LinkCodec.newVeth(
            new LinkCodec.NamedLink("veth-a", settings),
            new LinkCodec.NamedLink("eth0", LinkSettings.NONE.mtu(1400)),
            other.fd()));
    rtnetlink.execute(LinkCodec.setLink("veth-a", LinkSettings.NONE.alias("ocicat:a/b/c/eth0")));

    LinkMessage host = rtnetlink.link("veth-a").orElseThrow();
    assertThat(host.kind()).isEqualTo("veth");
    assertThat(host.mtuBytes()).isEqualTo(1400);
    assertThat(host.address()).isEqualTo(mac);
    assertThat(host.group()).isEqualTo(7);
    assertThat(host.alias()).isEqualTo("ocicat:a/b/c/eth0");
    assertThat(host.isUp()).isFalse();
    assertThat(host.peerNamespaceId()).isNotNegative();
    try (Rtnetlink inside = Rtnetlink.openIn(other)) {
      LinkMessage peer = inside.link("eth0").orElseThrow();
      assertThat(peer.index()).isEqualTo(host.peer());
      assertThat(peer.peer()).isEqualTo(host.index());
      assertThat(inside.link("veth-a")).isEmpty();
    }
  }

  @Test
  void setsInterfaceParametersAndKeepsIpv6QuietBeforeTheLinkIsUp() throws Exception {
    rtnetlink.execute(
        LinkCodec.newLink("bridge", new LinkCodec.NamedLink("d0", LinkSettings.NONE)));
    rtnetlink.execute(
        LinkCodec.setLink(
            "d0",
            LinkSettings.NONE
                .withoutAddressGeneration()
                .ipv4Conf(Ipv4Conf.FORWARDING, 1)
                .ipv4Conf(Ipv4Conf.PROXY_ARP, 1)
                .ipv4Conf(Ipv4Conf.RP_FILTER, 1)));
    rtnetlink.execute(LinkCodec.setLink("d0", LinkSettings.NONE.up()));

    int index = rtnetlink.link("d0").orElseThrow().index();
    assertThat(rtnetlink.addresses(index)).isEmpty();
    for (String parameter : List.of("forwarding", "proxy_arp", "rp_filter")) {
      Path file = Path.of("/proc/sys/net/ipv4/conf/d0", parameter);
      String value = namespace.<String, java.io.IOException>call(() -> Files.readString(file));
      assertThat(value.strip()).as(parameter).isEqualTo("1");
    }
  }

  @Test
  void addsIpv6AddressesThatAreUsableAtOnce() {
    LinkMessage link = bridge("d0");
    IpAddress address = IpAddress.parse("fd00::1");
    rtnetlink.execute(AddressCodec.newAddress(AddressMessage.of(address, 128, link.index())));
    rtnetlink.execute(
        AddressCodec.newAddress(AddressMessage.of(IpAddress.parse("10.0.0.1"), 24, link.index())));

    assertThat(rtnetlink.addresses(link.index()))
        .filteredOn(a -> a.local().equals(address))
        .singleElement()
        .satisfies(
            a -> assertThat(a.flags() & LinuxIfAddr.IFA_F_TENTATIVE).isZero(),
            a -> assertThat(a.prefixLength()).isEqualTo(128));
    assertThat(rtnetlink.addresses())
        .anyMatch(a -> a.local().equals(IpAddress.parse("10.0.0.1")) && a.prefixLength() == 24);

    rtnetlink.execute(AddressCodec.delAddress(AddressMessage.of(address, 128, link.index())));
    assertThat(rtnetlink.addresses(link.index())).noneMatch(a -> a.local().equals(address));
  }

  @Test
  void readsBackTheRoutesItAddsAndOnlyThoseOfItsProtocol() {
    LinkMessage link = bridge("d0");
    rtnetlink.execute(
        AddressCodec.newAddress(AddressMessage.of(IpAddress.parse("192.0.2.1"), 24, link.index())));
    rtnetlink.execute(
        AddressCodec.newAddress(
            AddressMessage.of(IpAddress.parse("2001:db8::1"), 64, link.index())));
    List<RouteMessage> wanted =
        List.of(
            RouteMessage.onLink(Cidr.parse("10.1.0.1/32"), link.index(), PROTOCOL),
            RouteMessage.via(Cidr.parse("10.2.0.0/24"), IpAddress.parse("192.0.2.2"), 0, PROTOCOL),
            RouteMessage.blackhole(Cidr.parse("10.1.0.0/26"), 1_048_576, PROTOCOL),
            RouteMessage.onLink(Cidr.parse("fd00:1::1/128"), link.index(), PROTOCOL),
            RouteMessage.via(
                Cidr.parse("fd00:2::/64"), IpAddress.parse("2001:db8::2"), 0, PROTOCOL),
            RouteMessage.blackhole(Cidr.parse("fd00:1::/122"), 1_048_576, PROTOCOL));
    assertThat(rtnetlink.apply(wanted.stream().map(RouteTable.Change.Add::new).toList()))
        .allMatch(outcome -> outcome instanceof RouteTable.Outcome.Done);

    List<RouteMessage> found = rtnetlink.routes(PROTOCOL);
    assertThat(found).hasSize(6).allMatch(route -> route.protocol() == PROTOCOL);
    for (RouteMessage route : wanted) {
      assertThat(found)
          .filteredOn(r -> r.destination().equals(route.destination()))
          .singleElement()
          .satisfies(
              r -> assertThat(r.type()).isEqualTo(route.type()),
              r -> assertThat(r.table()).isEqualTo(LinuxRtnetlink.RT_TABLE_MAIN));
    }
    assertThat(rtnetlink.route(IpAddress.parse("10.1.0.1")).orElseThrow().destination())
        .isEqualTo(Cidr.parse("10.1.0.1/32"));
    assertThat(rtnetlink.route(IpAddress.parse("fd00:1::1")).orElseThrow().destination())
        .isEqualTo(Cidr.parse("fd00:1::1/128"));
    assertThat(rtnetlink.route(IpAddress.parse("203.0.113.1"))).isEmpty();

    assertThat(rtnetlink.apply(found.stream().map(RouteTable.Change.Delete::new).toList()))
        .allMatch(outcome -> outcome instanceof RouteTable.Outcome.Done);
    assertThat(rtnetlink.routes(PROTOCOL)).isEmpty();
  }

  @Test
  void spreadsARouteOverSeveralNextHops() {
    LinkMessage link = bridge("d0");
    rtnetlink.execute(
        AddressCodec.newAddress(AddressMessage.of(IpAddress.parse("192.0.2.1"), 24, link.index())));
    IpAddress none = IpAddress.parse("0.0.0.0");
    List<NextHop> hops =
        List.of(
            new NextHop(link.index(), IpAddress.parse("192.0.2.2"), 1, 0),
            new NextHop(
                link.index(), IpAddress.parse("198.51.100.1"), 3, LinuxRtnetlink.RTNH_F_ONLINK));
    rtnetlink.execute(
        RouteCodec.newRoute(
            new RouteMessage(
                Cidr.parse("10.9.0.0/16"),
                RouteType.UNICAST,
                1000,
                PROTOCOL,
                LinuxRtnetlink.RT_SCOPE_UNIVERSE,
                50,
                none,
                hops,
                List.of())));
    assertThat(rtnetlink.routes(PROTOCOL))
        .singleElement()
        .satisfies(
            route -> assertThat(route.nextHops()).isEqualTo(hops),
            route -> assertThat(route.table()).isEqualTo(1000),
            route -> assertThat(route.priority()).isEqualTo(50));
  }

  @Test
  void leadsIpv4RoutesOverIpv6Gateways() {
    int first = bridge("d0").index();
    int second = bridge("d1").index();
    IpAddress gateway = IpAddress.parse("fe80::1");
    RouteMessage one = RouteMessage.via(Cidr.parse("10.2.0.0/26"), gateway, first, PROTOCOL);
    RouteMessage two =
        new RouteMessage(
            Cidr.parse("10.3.0.0/26"),
            RouteType.UNICAST,
            LinuxRtnetlink.RT_TABLE_MAIN,
            PROTOCOL,
            LinuxRtnetlink.RT_SCOPE_UNIVERSE,
            7,
            IpAddress.parse("0.0.0.0"),
            List.of(NextHop.of(first, gateway), NextHop.of(second, gateway)),
            List.of());
    assertThat(
            rtnetlink.applyAll(
                List.of(new RouteTable.Change.Add(one), new RouteTable.Change.Add(two))))
        .isEmpty();
    assertThat(rtnetlink.routes(PROTOCOL))
        .extracting(RouteMessage::describe)
        .containsExactlyInAnyOrder(one.describe(), two.describe());
    assertThat(one.describe()).isEqualTo("10.2.0.0/26 via fe80::1 on link " + first);
  }

  @Test
  void saysWhichOfThousandChangesWereRefused() {
    int index = bridge("d0").index();
    List<RouteTable.Change> changes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Cidr to = Cidr.parse("10.%d.%d.0/24".formatted(i / 256, i % 256));
      changes.add(
          i % 100 == 99
              ? new RouteTable.Change.Delete(RouteMessage.onLink(to, index, PROTOCOL))
              : new RouteTable.Change.Add(RouteMessage.onLink(to, index, PROTOCOL)));
    }
    List<Rtnetlink.Refused> refused = rtnetlink.applyAll(changes);
    assertThat(refused).hasSize(10).allMatch(r -> r.index() % 100 == 99);
    assertThat(refused.getLast().cause())
        .hasMessageContaining("delete route 10.3.231.0/24")
        .hasMessageContaining("ESRCH");
    List<RouteMessage> routes = new ArrayList<>();
    assertThat(rtnetlink.routes(IpFamily.IPV4, PROTOCOL, routes::add)).isTrue();
    assertThat(routes).hasSize(990);
  }

  @Test
  void isToldOfOthersChangesWithoutItsOwn() {
    int index = bridge("d0").index();
    try (NetlinkSubscription notes =
            namespace.call(
                () ->
                    NetlinkSubscription.open(
                        NetlinkSocket.NETLINK_ROUTE,
                        new NetlinkSubscription.NotOf(
                            rtnetlink.portId(),
                            List.of(LinuxRtnetlink.RTM_NEWROUTE, LinuxRtnetlink.RTM_DELROUTE)),
                        LinuxRtnetlink.RTNLGRP_LINK,
                        LinuxRtnetlink.RTNLGRP_IPV4_ROUTE));
        Rtnetlink somebody = Rtnetlink.openIn(namespace)) {
      RouteMessage ours = RouteMessage.onLink(Cidr.parse("10.1.0.0/24"), index, PROTOCOL);
      RouteMessage theirs = RouteMessage.onLink(Cidr.parse("10.2.0.0/24"), index, PROTOCOL);
      assertThat(rtnetlink.applyAll(List.of(new RouteTable.Change.Add(ours)))).isEmpty();
      assertThat(somebody.applyAll(List.of(new RouteTable.Change.Add(theirs)))).isEmpty();
      rtnetlink.execute(LinkCodec.setLink("d0", LinkSettings.NONE.mtu(1400)));
      assertThat(next(notes).type()).isEqualTo(LinuxRtnetlink.RTM_NEWROUTE);
      assertThat(next(notes).type()).isEqualTo(LinuxRtnetlink.RTM_NEWLINK);
    }
  }

  private static NlMessage next(NetlinkSubscription notes) {
    return switch (notes.receive(5_000)) {
      case NetlinkTransport.Reception.Messages(List<NlMessage> messages) -> messages.getFirst();
      case NetlinkTransport.Reception.Nothing(),
          NetlinkTransport.Reception.Overrun(),
          NetlinkTransport.Reception.Truncated _ ->
          throw new AssertionError("no notification");
    };
  }

  @Test
  void addsAndDeletesRules() {
    for (IpFamily family : IpFamily.values()) {
      RuleMessage rule = RuleMessage.of(family, 790, 4000, PROTOCOL);
      rtnetlink.execute(RuleCodec.newRule(rule));
      assertThat(rtnetlink.rules(family))
          .filteredOn(r -> r.priority() == 790)
          .singleElement()
          .satisfies(
              r -> assertThat(r.table()).isEqualTo(4000),
              r -> assertThat(r.protocol()).isEqualTo(PROTOCOL));
      rtnetlink.execute(RuleCodec.delRule(rule));
      assertThat(rtnetlink.rules(family)).noneMatch(r -> r.priority() == 790);
    }
  }

  @Test
  void addsPermanentNeighboursAndProxies() {
    rtnetlink.execute(
        LinkCodec.newVeth(
            new LinkCodec.NamedLink("a", LinkSettings.NONE),
            new LinkCodec.NamedLink("b", LinkSettings.NONE),
            namespace.fd()));
    int index = rtnetlink.link("a").orElseThrow().index();
    rtnetlink.execute(LinkCodec.setLink(index, LinkSettings.NONE.up()));
    MacAddress mac = MacAddress.parse("ee:ee:ee:ee:ee:ee");
    for (String text : List.of("169.254.1.1", "fe80::1")) {
      NeighbourMessage neighbour = NeighbourMessage.permanent(IpAddress.parse(text), mac, index);
      rtnetlink.execute(NeighbourCodec.newNeighbour(neighbour));
      rtnetlink.execute(NeighbourCodec.newNeighbour(neighbour));
      assertThat(rtnetlink.neighbours(0))
          .anyMatch(
              n ->
                  n.destination().equals(neighbour.destination())
                      && n.address().equals(mac)
                      && n.state() == LinuxNeighbour.NUD_PERMANENT);
    }
    IpAddress proxied = IpAddress.parse("fd00::9");
    rtnetlink.execute(NeighbourCodec.newNeighbour(NeighbourMessage.proxy(proxied, index)));
    assertThat(rtnetlink.neighbours(LinuxNeighbour.NTF_PROXY))
        .extracting(NeighbourMessage::destination)
        .containsExactly(proxied);
  }

  @Test
  void deletesAGroupOfLinksAtOnceAndLeavesTheOthers() {
    List<NlRequest> requests = new ArrayList<>();
    IntStream.range(0, 5)
        .forEach(
            i ->
                requests.add(
                    LinkCodec.newVeth(
                        new LinkCodec.NamedLink("a" + i, LinkSettings.NONE),
                        new LinkCodec.NamedLink("b" + i, LinkSettings.NONE),
                        other.fd())));
    IntStream.range(0, 4)
        .forEach(i -> requests.add(LinkCodec.setLink("a" + i, LinkSettings.NONE.group(4711))));
    assertThat(rtnetlink.executeAll(requests)).allMatch(a -> a instanceof Answer.Acknowledged);
    rtnetlink.execute(LinkCodec.delGroup(4711));
    assertThat(rtnetlink.links()).extracting(LinkMessage::name).contains("a4").hasSize(2);
    try (Rtnetlink inside = Rtnetlink.openIn(other)) {
      assertThat(inside.links()).extracting(LinkMessage::name).containsExactly("lo", "b4");
    }
  }

  @Test
  void saysWhatWasAttemptedAndWhatTheKernelSaid() {
    assertThatThrownBy(
            () ->
                rtnetlink.execute(
                    LinkCodec.newLink(
                        "nonsense", new LinkCodec.NamedLink("n0", LinkSettings.NONE))))
        .isInstanceOfSatisfying(
            NetlinkException.class,
            e -> {
              assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP);
              assertThat(e.operation()).isEqualTo("add nonsense n0");
              assertThat(e.kernelMessage()).isEqualTo("Unknown device type");
            });
    int index = bridge("d0").index();
    assertThatThrownBy(
            () -> rtnetlink.execute(LinkCodec.setLink(index, LinkSettings.NONE.mtu(1 << 24))))
        .isInstanceOfSatisfying(
            NetlinkException.class,
            e -> {
              assertThat(e.errno()).isEqualTo(Errno.EINVAL);
              assertThat(e.kernelMessage()).isEqualTo("mtu greater than device maximum");
            });
  }

  @Test
  void namesTheAttributeThatTheKernelPointsAt() {
    assertThatThrownBy(
            () ->
                rtnetlink.execute(
                    LinkCodec.newLink(
                        "bridge",
                        new LinkCodec.NamedLink("a-name-of-seventeen", LinkSettings.NONE))))
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.attribute()).isEqualTo("IFLA_IFNAME"));
  }

  @Test
  void findsNoLinkWhereThereIsNone() {
    assertThat(rtnetlink.link("none")).isEmpty();
    assertThat(rtnetlink.link(4711)).isEmpty();
  }
}
