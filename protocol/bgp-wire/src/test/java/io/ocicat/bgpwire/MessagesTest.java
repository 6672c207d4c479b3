package io.ocicat.bgpwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import io.ocicat.bgpwire.iana.RefreshSubtype;
import io.ocicat.bgpwire.iana.Role;
import io.ocicat.inet.Ipv4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All messages but UPDATE, in both directions, on literal octets. */
class MessagesTest {

  private static final String OPEN_HEAD = "04 fde9 00b4 0a000001";

  static Stream<Arguments> capabilities() {
    return Stream.of(
        Arguments.of("0104 0001 00 01", new Capability.Multiprotocol(Family.IPV4_UNICAST)),
        Arguments.of("0104 4004 00 47", new Capability.Multiprotocol(new Family(16388, 71))),
        Arguments.of("0200", new Capability.RouteRefresh()),
        Arguments.of("0506 0001 0001 0002", Capability.ExtendedNextHop.ipv4OverIpv6()),
        Arguments.of("0600", new Capability.ExtendedMessage()),
        Arguments.of("0901 03", new Capability.BgpRole(Role.CUSTOMER)),
        Arguments.of("0901 09", new Capability.BgpRole(9)),
        Arguments.of("4002 c078", new Capability.GracefulRestart(true, true, 120, List.of())),
        Arguments.of(
            "400a 0fff 0001 01 80 0002 01 00",
            new Capability.GracefulRestart(
                false,
                false,
                4095,
                List.of(
                    new Capability.GracefulRestart.Forwarding(Family.IPV4_UNICAST, true),
                    new Capability.GracefulRestart.Forwarding(Family.IPV6_UNICAST, false)))),
        Arguments.of("4104 ffffffff", new Capability.FourOctetAs(-1)),
        Arguments.of(
            "4508 0001 01 03 0002 01 01",
            new Capability.AddPath(
                List.of(
                    new Capability.AddPath.Direction(Family.IPV4_UNICAST, true, true),
                    new Capability.AddPath.Direction(Family.IPV6_UNICAST, true, false)))),
        Arguments.of("4600", new Capability.EnhancedRouteRefresh()),
        Arguments.of(
            "4707 0001 01 80 015180",
            new Capability.LongLivedGracefulRestart(
                List.of(
                    new Capability.LongLivedGracefulRestart.Staleness(
                        Family.IPV4_UNICAST, true, 86400)))),
        Arguments.of("490a 03 746f72 05 6c6f63616c", new Capability.Fqdn("tor", "local")),
        Arguments.of("4b04 03 312e30", new Capability.SoftwareVersion("1.0")),
        Arguments.of("8000", new Capability.Unknown(128, Bytes.EMPTY)),
        Arguments.of("4c05 0001 01 000a", new Capability.Unknown(76, Bytes.ofHex("000101000a"))),
        Arguments.of("f903 010203", new Capability.Unknown(249, Bytes.of(1, 2, 3))),
        Arguments.of("4901 09", new Capability.Unknown(73, Bytes.of(9))),
        Arguments.of("4b02 09 41", new Capability.Unknown(75, Bytes.of(9, 65))));
  }

  @ParameterizedTest
  @MethodSource("capabilities")
  void readsAndWritesACapability(String hex, Capability capability) {
    int length = Hex.octets(hex).length;
    String message =
        Hex.normal(
            Hex.MARKER
                + "%04x 01".formatted(31 + length)
                + OPEN_HEAD
                + "%02x 02%02x".formatted(length + 2, length)
                + hex);
    Open open = new Open(65001, 180, new Ipv4Address(0x0a000001), List.of(capability));
    assertThat(Hex.of(open)).isEqualTo(message);
    assertThat(Open.parse(Hex.body(MessageType.OPEN, message)))
        .isEqualTo(new Received.Good<>(open));
    assertThat(open.has(capability.getClass())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0103 000100",
        "0105 0001000100",
        "0201 00",
        "0505 0001000100",
        "0601 00",
        "0900",
        "0902 0000",
        "4001 00",
        "4003 000000",
        "4005 0000000101",
        "4103 000000",
        "4105 0000000000",
        "4503 000101",
        "4601 00",
        "4706 000101000000"
      })
  void refusesACapabilityOfAWrongLength(String hex) {
    assertThat(Open.parse(open("%02x 02%02x".formatted(size(hex) + 2, size(hex)) + hex)))
        .isEqualTo(refused(NotificationSubcode.UNSPECIFIC_OPEN));
  }

  private static int size(String hex) {
    return Hex.octets(hex).length;
  }

  private static ByteBuffer open(String parameters) {
    return ByteBuffer.wrap(Hex.octets(OPEN_HEAD + parameters));
  }

  private static Received<Open> refused(NotificationSubcode subcode) {
    return new Received.Bad<>(Notification.of(subcode));
  }

  @Test
  void readsCapabilitiesOneByOneAndTogether() {
    Received<Open> together = Open.parse(open("0a 02 08 02 00 41 04 00010000"));
    Received<Open> alone = Open.parse(open("0c 02 02 02 00 02 06 41 04 00010000"));
    assertThat(together).isEqualTo(alone);
    assertThat(together.toOptional().orElseThrow().asn()).isEqualTo(65536);
    assertThat(Open.parse(open("00")).toOptional().orElseThrow().asn()).isEqualTo(65001);
  }

  @Test
  void readsTheExtendedParameterLengthAndSendsItWhereItIsNeeded() {
    Received<Open> read = Open.parse(open("ff ff 0005 02 0002 0200"));
    assertThat(read.toOptional().orElseThrow().capabilities())
        .containsExactly(new Capability.RouteRefresh());
    // The first length counts for nothing as long as it is not 0 (RFC 9072 §2).
    assertThat(Open.parse(open("05 ff 0005 02 0002 0200"))).isEqualTo(read);

    Capability large = new Capability.Unknown(249, Bytes.copyOf(new byte[250]));
    for (int count = 1; count <= 12; count++) {
      Open open =
          new Open(
              65001, 90, new Ipv4Address(1), new ArrayList<>(Collections.nCopies(count, large)));
      ByteBuffer message = open.toBuffer();
      assertThat(message.get(28) & 0xff).isEqualTo(count == 1 ? 254 : 255);
      Framing framing = new Framing();
      assertThat(framing.next(message)).isEqualTo(Framing.Cut.MESSAGE);
      assertThat(Open.parse(framing.body())).isEqualTo(new Received.Good<>(open));
    }
    Open tooLarge =
        new Open(65001, 90, new Ipv4Address(1), new ArrayList<>(Collections.nCopies(17, large)));
    assertThatThrownBy(tooLarge::toBuffer).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "03 fde9 00b4 0a000001 00, UNSUPPORTED_VERSION_NUMBER",
    "05 fde9 00b4 0a000001 00, UNSUPPORTED_VERSION_NUMBER",
    "04 0000 00b4 0a000001 00, BAD_PEER_AS",
    "04 fde9 00b4 0a000001 08 02 06 41 04 00000000, BAD_PEER_AS",
    "04 fde9 00b4 00000000 00, BAD_BGP_IDENTIFIER",
    "04 fde9 0001 0a000001 00, UNACCEPTABLE_HOLD_TIME",
    "04 fde9 0002 0a000001 00, UNACCEPTABLE_HOLD_TIME",
    "04 fde9 00b4 0a000001 02 01 00, UNSUPPORTED_OPTIONAL_PARAMETER",
    "04 fde9 00b4 0a000001 01, UNSPECIFIC_OPEN",
    "04 fde9 00b4 0a000001 00 00, UNSPECIFIC_OPEN"
  })
  void refusesAnOpen(String hex, NotificationSubcode subcode) {
    Received<Open> read = Open.parse(ByteBuffer.wrap(Hex.octets(hex)));
    assertThat(read).isInstanceOf(Received.Bad.class);
    if (read instanceof Received.Bad<Open>(Notification notification)) {
      assertThat(notification.is(subcode)).isTrue();
    }
  }

  @Test
  void takesAnyHoldTimeButOneAndTwo() {
    for (String hold : List.of("0000", "0003", "ffff")) {
      assertThat(Open.parse(ByteBuffer.wrap(Hex.octets("04 fde9" + hold + "ffffffff 00"))))
          .isInstanceOf(Received.Good.class);
    }
  }

  @Test
  void writesKeepalive() {
    assertThat(Hex.of(new Keepalive())).isEqualTo(Hex.MARKER + "001304");
  }

  @ParameterizedTest
  @CsvSource({"0001 00 01, 1, 1, REQUEST", "0002 01 01, 2, 1, BEGIN_OF_REFRESH"})
  void readsAndWritesRouteRefresh(String hex, int afi, int safi, RefreshSubtype subtype) {
    RouteRefresh refresh = new RouteRefresh(Family.of(afi, safi), subtype);
    assertThat(RouteRefresh.parse(ByteBuffer.wrap(Hex.octets(hex))))
        .isEqualTo(new Received.Good<>(refresh));
    assertThat(Hex.of(refresh)).isEqualTo(Hex.normal(Hex.MARKER + "0017 05" + hex));
    assertThat(refresh.subtype()).contains(subtype);
  }

  @Test
  void refusesRouteRefreshOfAnotherLengthWithTheWholeMessage() {
    assertThat(RouteRefresh.parse(ByteBuffer.wrap(Hex.octets("0001 01"))))
        .isEqualTo(
            new Received.Bad<>(
                Notification.of(
                    NotificationSubcode.INVALID_MESSAGE_LENGTH,
                    Bytes.ofHex(Hex.MARKER + "001605 000101"))));
  }

  @Test
  void keepsUnknownSubtypes() {
    RouteRefresh refresh = new RouteRefresh(Family.IPV4_UNICAST, 7);
    assertThat(refresh.subtype()).isEmpty();
    assertThat(RouteRefresh.parse(ByteBuffer.wrap(Hex.octets("0001 07 01"))))
        .isEqualTo(new Received.Good<>(refresh));
  }

  @Test
  void readsAndWritesNotificationWithText() {
    Notification shutdown =
        Notification.withText(NotificationSubcode.ADMINISTRATIVE_SHUTDOWN, "back at 9 ✓");
    String hex = Hex.MARKER + "0023 03 06 02 0d 6261636b20617420392 0e29c93".replace("2 0e", "20e");
    assertThat(Hex.of(shutdown)).isEqualTo(Hex.normal(hex));
    assertThat(Notification.parse(Hex.body(MessageType.NOTIFICATION, hex))).isEqualTo(shutdown);
    assertThat(shutdown).hasToString("Cease / Administrative Shutdown (6/2): \"back at 9 ✓\"");
  }

  @Test
  void cutsALongTextAtACharacter() {
    Notification reset =
        Notification.withText(NotificationSubcode.ADMINISTRATIVE_RESET, "é".repeat(200));
    assertThat(reset.data().length()).isEqualTo(255);
    assertThat(reset.text()).contains("é".repeat(127));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "05 41", "02 c3 28", "ff"})
  void forgivesATextThatIsNone(String data) {
    Notification notification =
        Notification.of(
            NotificationSubcode.ADMINISTRATIVE_SHUTDOWN, Bytes.copyOf(Hex.octets(data)));
    assertThat(notification.text()).isEmpty();
    assertThat(notification.toString()).startsWith("Cease / Administrative Shutdown (6/2)");
  }

  @Test
  void wrapsAndUnwrapsAHardReset() {
    Notification inner = Notification.withText(NotificationSubcode.ADMINISTRATIVE_RESET, "new");
    Notification hard = inner.asHardReset();
    assertThat(Hex.of(hard)).isEqualTo(Hex.normal(Hex.MARKER + "001b 03 06 09 06 04 03 6e6577"));
    assertThat(hard.isHardReset()).isTrue();
    assertThat(hard.inner()).contains(inner);
    assertThat(inner.inner()).isEmpty();
    assertThat(hard.toString()).contains("Hard Reset").contains("\"new\"");
  }

  @Test
  void keepsUnknownCodes() {
    Notification unknown = new Notification(99, 7, Bytes.of(1, 2));
    assertThat(Notification.parse(ByteBuffer.wrap(Hex.octets("63 07 0102")))).isEqualTo(unknown);
    assertThat(unknown).hasToString("unknown code (99/7), data 0102");
  }

  @ParameterizedTest
  @CsvSource({
    "fffffffffffffffffffffffffffffffe 0013 04, CONNECTION_NOT_SYNCHRONIZED, ''",
    "00ffffffffffffffffffffffffffffff 0013 04, CONNECTION_NOT_SYNCHRONIZED, ''",
    "ffffffffffffffffffffffffffffffff 0012 04, BAD_MESSAGE_LENGTH, 0012",
    "ffffffffffffffffffffffffffffffff 0014 04, BAD_MESSAGE_LENGTH, 0014",
    "ffffffffffffffffffffffffffffffff 001c 01, BAD_MESSAGE_LENGTH, 001c",
    "ffffffffffffffffffffffffffffffff 0016 02, BAD_MESSAGE_LENGTH, 0016",
    "ffffffffffffffffffffffffffffffff 0014 03, BAD_MESSAGE_LENGTH, 0014",
    "ffffffffffffffffffffffffffffffff 1001 02, BAD_MESSAGE_LENGTH, 1001",
    "ffffffffffffffffffffffffffffffff ffff 01, BAD_MESSAGE_LENGTH, ffff",
    "ffffffffffffffffffffffffffffffff 0013 00, BAD_MESSAGE_TYPE, 00",
    "ffffffffffffffffffffffffffffffff 0013 06, BAD_MESSAGE_TYPE, 06"
  })
  void refusesAHeader(String hex, NotificationSubcode subcode, String data) {
    Framing framing = new Framing();
    ByteBuffer in = ByteBuffer.wrap(Hex.octets(hex));
    assertThat(framing.next(in)).isEqualTo(Framing.Cut.BROKEN);
    assertThat(framing.error()).isEqualTo(Notification.of(subcode, Bytes.ofHex(data)));
    assertThat(framing.next(in)).isEqualTo(Framing.Cut.BROKEN);
  }

  @Test
  void takesExtendedMessagesOnceBothSidesHaveSaidSo() {
    byte[] large = new byte[65535];
    ByteBuffer.wrap(large).put(Hex.octets(Hex.MARKER + "ffff 02"));
    assertThat(new Framing().next(ByteBuffer.wrap(large))).isEqualTo(Framing.Cut.BROKEN);
    Framing extended = new Framing();
    extended.allowExtendedMessages();
    assertThat(extended.next(ByteBuffer.wrap(large))).isEqualTo(Framing.Cut.MESSAGE);
    assertThat(extended.body().remaining()).isEqualTo(65535 - 19);
    // Never an OPEN (RFC 8654 §4).
    large[18] = 1;
    assertThat(extended.next(ByteBuffer.wrap(large))).isEqualTo(Framing.Cut.BROKEN);
  }
}
