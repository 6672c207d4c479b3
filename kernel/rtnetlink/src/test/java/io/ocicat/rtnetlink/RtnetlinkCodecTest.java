package io.ocicat.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.MacAddress;
import io.ocicat.netlink.NlHeader;
import io.ocicat.netlink.NlMessage;
import io.ocicat.netlink.NlRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages captured from a little-endian kernel, and requests read back as the kernel would. */
class RtnetlinkCodecTest {

  private static final String LINK = "oci0123456789ab";
  private static final MacAddress MAC = MacAddress.parse("ee:ee:ee:ee:ee:ee");
  private static final IpAddress NONE_V4 = IpAddress.parse("0.0.0.0");

  @BeforeEach
  void needsTheOrderOfTheCaptures() {
    Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
  }

  private static List<NlMessage> captured(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RtnetlinkCodecTest.class.getResourceAsStream("/rtnetlink/" + name + ".hex"))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .flatMap(line -> NlMessage.parse(HexFormat.of().parseHex(line)).stream())
          .toList();
    }
  }

  private static NlMessage asMessage(NlRequest request) {
    return NlMessage.of(
        new NlHeader(0, request.type(), request.flags(), 1, 0), request.payloadBytes());
  }

  @Test
  void readsALinkAndKeepsWhatItDoesNotKnow() throws IOException {
    LinkMessage link = LinkCodec.decode(captured("link").getFirst());
    assertThat(link.index()).isEqualTo(2);
    assertThat(link.name()).isEqualTo(LINK);
    assertThat(link.kind()).isEqualTo("veth");
    assertThat(link.mtuBytes()).isEqualTo(1450);
    assertThat(link.address()).isEqualTo(MAC);
    assertThat(link.alias()).isEqualTo("ocicat:shop/cart/c1/eth0");
    assertThat(link.peer()).isEqualTo(2);
    assertThat(link.peerNamespaceId()).isZero();
    assertThat(link.isUp()).isTrue();
    int carrier = 33;
    assertThat(link.others()).contains(new RawAttribute(carrier, new byte[1])).hasSize(27);
  }

  @Test
  void readsAddressesOfBothFamilies() throws IOException {
    List<AddressMessage> addresses =
        captured("address").stream().map(AddressCodec::decode).toList();
    assertThat(addresses)
        .extracting(AddressMessage::toString)
        .containsExactly("192.0.2.1/24 on link 2", "fe80::1/64 on link 2");
    assertThat(addresses.get(1).flags())
        .isEqualTo(LinuxIfAddr.IFA_F_PERMANENT | LinuxIfAddr.IFA_F_NODAD);
    assertThat(addresses.get(1).scope()).isEqualTo(LinuxRtnetlink.RT_SCOPE_LINK);
  }

  @Test
  void readsRoutesOfEveryShape() throws IOException {
    List<RouteMessage> routes =
        captured("route").stream().map(RouteCodec::decode).map(r -> r.orElseThrow()).toList();
    assertThat(routes)
        .extracting(RouteMessage::describe)
        .containsExactly(
            "10.9.0.0/16 via 192.0.2.2 on link 2 via 192.0.2.3 on link 2",
            "blackhole 10.1.0.0/26",
            "10.1.0.5/32 on link 2",
            "fd00:2::/64 via fe80::2 on link 2");
    assertThat(routes).extracting(RouteMessage::protocol).containsOnly(79);
    assertThat(routes).extracting(RouteMessage::table).containsExactly(1000, 254, 254, 254);
    assertThat(routes).extracting(RouteMessage::priority).containsExactly(50, 1 << 20, 0, 1024);
    assertThat(routes.getFirst().nextHops()).extracting(NextHop::weight).containsExactly(1, 3);
    assertThat(routes.getFirst().source()).isEqualTo(IpAddress.parse("192.0.2.1"));
    assertThat(routes.get(3).others()).isNotEmpty();
  }

  @Test
  void readsANeighbour() throws IOException {
    NeighbourMessage neighbour =
        NeighbourCodec.decode(captured("neighbour").getFirst()).orElseThrow();
    assertThat(neighbour.destination()).isEqualTo(IpAddress.parse("169.254.1.1"));
    assertThat(neighbour.address()).isEqualTo(MAC);
    assertThat(neighbour.state()).isEqualTo(LinuxNeighbour.NUD_PERMANENT);
  }

  @Test
  void readsARule() throws IOException {
    RuleMessage rule = RuleCodec.decode(captured("rule").getFirst()).orElseThrow();
    Cidr any = new Cidr(NONE_V4, 0);
    assertThat(
            new RuleMessage(
                rule.priority(),
                rule.table(),
                rule.source(),
                rule.destination(),
                rule.inputInterface(),
                rule.mark(),
                rule.markMask(),
                rule.protocol(),
                List.of()))
        .isEqualTo(
            new RuleMessage(790, 4000, Cidr.parse("10.0.0.0/8"), any, LINK, 1, 255, 79, List.of()));
  }

  @Test
  void writesARouteAsTheKernelShowsIt() throws IOException {
    for (NlMessage message : captured("route")) {
      RouteMessage route = RouteCodec.decode(message).orElseThrow();
      RouteMessage again = RouteCodec.decode(asMessage(RouteCodec.newRoute(route))).orElseThrow();
      assertThat(again).isEqualTo(route);
    }
  }

  @Test
  void writesAddressesNeighboursAndRulesThatReadBackEqual() {
    AddressMessage address = AddressMessage.of(IpAddress.parse("fd00::5"), 128, 7);
    assertThat(AddressCodec.decode(asMessage(AddressCodec.newAddress(address)))).isEqualTo(address);
    NeighbourMessage neighbour = NeighbourMessage.permanent(IpAddress.parse("fe80::1"), MAC, 7);
    assertThat(NeighbourCodec.decode(asMessage(NeighbourCodec.newNeighbour(neighbour))))
        .contains(neighbour);
    for (IpFamily family : IpFamily.values()) {
      RuleMessage rule = RuleMessage.of(family, 799, 100_000, 79);
      assertThat(RuleCodec.decode(asMessage(RuleCodec.newRule(rule)))).contains(rule);
    }
  }

  @Test
  void writesLinkSettingsThatReadBackEqual() {
    LinkMessage link =
        LinkCodec.decode(
            asMessage(
                LinkCodec.newLink(
                    "bridge",
                    new LinkCodec.NamedLink(
                        "br0", LinkSettings.NONE.mtu(9000).address(MAC).group(5).master(3).up()))));
    assertThat(link.name()).isEqualTo("br0");
    assertThat(link.kind()).isEqualTo("bridge");
    assertThat(link.mtuBytes()).isEqualTo(9000);
    assertThat(link.address()).isEqualTo(MAC);
    assertThat(link.group()).isEqualTo(5);
    assertThat(link.master()).isEqualTo(3);
    assertThat(link.isUp()).isTrue();
  }

  @Test
  void writesTheBytesOfARouteInItsOwnOrder() {
    NlRequest request = RouteCodec.newRoute(RouteMessage.onLink(Cidr.parse("10.1.0.5/32"), 2, 79));
    assertThat(HexFormat.of().formatHex(request.payloadBytes()))
        .isEqualTo(
            "02200000fe4ffd0100000000"
                + "080001000a010005"
                + "08000f00fe000000"
                + "0800040002000000");
  }
}
