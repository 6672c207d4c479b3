package io.ocicat.bgpwire.bmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgpwire.Bytes;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Keepalive;
import io.ocicat.bgpwire.Mutator;
import io.ocicat.bgpwire.Notification;
import io.ocicat.bgpwire.Open;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BmpTest {

  private static final String MARKER = "ff".repeat(16);
  private static final String PEER =
      "00 00 0000000000000000 0000000000000000000000000a000001 0000fde9 0a000009 65000000 0001e240";
  private static final String PEER6 =
      "00 c0 0000000000000000 20010db8000000000000000000000001 00010000 0a000009 00000000 00000000";
  private static final String OPEN = MARKER + "001d 01 04 fde9 00b4 0a000001 00";

  private static final BmpMessage.Peer NEIGHBOUR =
      BmpMessage.Peer.neighbour(
          IpAddress.parse("10.0.0.1"),
          65001,
          new Ipv4Address(0x0a000009),
          0,
          0x65000000L * 1_000_000 + 123_456);
  private static final BmpMessage.Peer NEIGHBOUR6 =
      BmpMessage.Peer.neighbour(
          IpAddress.parse("2001:db8::1"),
          65536,
          new Ipv4Address(0x0a000009),
          BmpMessage.Peer.POST_POLICY,
          0);
  private static final Bytes SENT =
      Bytes.remaining(new Open(65001, 180, new Ipv4Address(0x0a000001), List.of()).toBuffer());

  static Stream<Arguments> messages() {
    return Stream.of(
        Arguments.of(
            "03 00000017 04 0001 0006 6f6369636174 0002 0003 6e2d31",
            BmpMessage.Initiation.of("n-1", "ocicat")),
        Arguments.of(
            "03 0000000c 05 0001 0002 0002",
            BmpMessage.Termination.of(BmpTerminationReason.OUT_OF_RESOURCES)),
        Arguments.of(
            "03 0000007e 03" + PEER + "0000000000000000000000000a000002 00b3 c001" + OPEN + OPEN,
            new BmpMessage.PeerUp(
                NEIGHBOUR, IpAddress.parse("10.0.0.2"), 179, 49153, SENT, SENT, List.of())),
        Arguments.of(
            "03 00000088 03"
                + PEER6
                + "20010db8000000000000000000000002 00b3 c001"
                + OPEN
                + OPEN
                + "0003 0006 676c6f62616c",
            new BmpMessage.PeerUp(
                NEIGHBOUR6,
                IpAddress.parse("2001:db8::2"),
                179,
                49153,
                SENT,
                SENT,
                List.of(BmpMessage.Tlv.of(BmpInformation.TABLE_NAME, "global")))),
        Arguments.of(
            "03 00000046 02" + PEER + "01" + MARKER + "0015 03 06 02",
            new BmpMessage.PeerDown(
                NEIGHBOUR,
                BmpPeerDownReason.LOCAL_NOTIFICATION.code(),
                Bytes.remaining(
                    Notification.of(NotificationSubcode.ADMINISTRATIVE_SHUTDOWN).toBuffer()))),
        Arguments.of(
            "03 00000033 02" + PEER + "02 000a",
            new BmpMessage.PeerDown(
                NEIGHBOUR, BmpPeerDownReason.LOCAL_EVENT.code(), Bytes.ofShort(10))),
        Arguments.of(
            "03 00000047 00" + PEER6 + MARKER + "0017 02 0000 0000",
            new BmpMessage.RouteMonitoring(NEIGHBOUR6, Bytes.ofHex(MARKER + "0017 02 0000 0000"))),
        Arguments.of(
            "03 00000057 01"
                + PEER
                + "00000003 0000 0004 00000005 0007 0008 0000000100000000"
                + "0009 000b 0001 01 0000000000000007",
            new BmpMessage.StatisticsReport(
                NEIGHBOUR,
                List.of(
                    BmpMessage.StatisticsReport.counter(BmpStatistic.REJECTED_BY_POLICY, 5),
                    BmpMessage.StatisticsReport.gauge(BmpStatistic.ADJ_RIB_IN_ROUTES, 1L << 32),
                    BmpMessage.StatisticsReport.gauge(
                        BmpStatistic.ADJ_RIB_IN_ROUTES_OF_FAMILY, Family.IPV4_UNICAST, 7)))),
        Arguments.of(
            "03 00000047 06" + PEER + "0000 0013" + MARKER + "001304",
            new BmpMessage.RouteMirroring(
                NEIGHBOUR,
                List.of(new BmpMessage.Tlv(0, Bytes.remaining(new Keepalive().toBuffer()))))),
        Arguments.of(
            "03 00000047 00 03 00"
                + "00".repeat(24)
                + "0000fde9 0a000001 00000000 00000000"
                + MARKER
                + "0017 02 0000 0000",
            new BmpMessage.RouteMonitoring(
                BmpMessage.Peer.locRib(65001, new Ipv4Address(0x0a000001), 0),
                Bytes.ofHex(MARKER + "0017 02 0000 0000"))),
        Arguments.of("03 00000008 63 0102", new BmpMessage.Unknown(99, Bytes.of(1, 2))));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void readsAndWrites(String hex, BmpMessage message) {
    Bytes octets = Bytes.ofHex(hex);
    ByteBuffer in = octets.toBuffer();
    assertThat(BmpCodec.read(in)).contains(message);
    assertThat(in.hasRemaining()).isFalse();
    assertThat(written(message)).isEqualTo(octets);
  }

  private static Bytes written(BmpMessage message) {
    ByteBuffer out = ByteBuffer.allocate(1 << 16);
    BmpCodec.write(message, out);
    return Bytes.remaining(out.flip());
  }

  @Test
  void marksAdjRibOut() {
    BmpMessage.Peer peer =
        BmpMessage.Peer.neighbour(
            IpAddress.parse("10.0.0.1"),
            1,
            new Ipv4Address(1),
            BmpMessage.Peer.ADJ_RIB_OUT | BmpMessage.Peer.POST_POLICY,
            0);
    Bytes octets = written(new BmpMessage.RouteMonitoring(peer, Bytes.EMPTY));
    assertThat(octets.at(7)).isEqualTo(0x50);
    assertThat(peer.has(BmpMessage.Peer.ADJ_RIB_OUT)).isTrue();
    assertThat(peer.has(BmpMessage.Peer.IPV6_OR_FILTERED)).isFalse();
  }

  @Test
  void waitsForTheRestAndKnowsWhatCanNeverBecomeAMessage() {
    byte[] whole = written(BmpMessage.Initiation.of("a", "b")).toArray();
    for (int length = 0; length < whole.length; length++) {
      ByteBuffer in = ByteBuffer.wrap(whole, 0, length);
      assertThat(BmpCodec.read(in)).isEmpty();
      assertThat(BmpCodec.isBroken(in)).isFalse();
    }
    for (String hex : List.of("02", "03 00000005 04", "03 ffffffff 04", "03 7fffffff 04")) {
      assertThat(BmpCodec.isBroken(Bytes.ofHex(hex).toBuffer())).isTrue();
      assertThat(BmpCodec.read(Bytes.ofHex(hex).toBuffer())).isEmpty();
    }
  }

  @Test
  @Timeout(60)
  void survivesSpoiledMessages() {
    List<byte[]> corpus = new ArrayList<>();
    messages().forEach(a -> corpus.add(Bytes.ofHex(String.valueOf(a.get()[0])).toArray()));
    Mutator mutator = new Mutator(20260106, corpus);
    int understood = 0;
    for (int i = 0; i < 20_000; i++) {
      ByteBuffer in = ByteBuffer.wrap(mutator.next());
      Optional<BmpMessage> read = BmpCodec.read(in);
      while (read.isPresent()) {
        understood += read.get() instanceof BmpMessage.Unknown ? 0 : 1;
        assertThat(BmpCodec.read(written(read.get()).toBuffer())).isEqualTo(read);
        read = BmpCodec.read(in);
      }
    }
    assertThat(understood).isGreaterThan(2000);
  }
}
