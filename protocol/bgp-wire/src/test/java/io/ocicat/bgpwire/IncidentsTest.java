package io.ocicat.bgpwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has brought sessions and speakers down in the past, each as a fixed case. */
class IncidentsTest {

  private static final String BASE = "40010100 400206 0201 0000fde9 4003040a000001";
  private static final String CASE = "20 0a010203";
  private static final ReceiveTraits PEER = ReceiveTraits.plain(PeerKind.EXTERNAL, 65001);

  @Test
  void readsAPathOfMoreThan255Hops() {
    // Two segments: 255 and 120 numbers, far above one octet of length.
    String path = "02ff" + "0000fde9".repeat(255) + "0278" + "0000fdea".repeat(120);
    Recorded read =
        Recorded.of(
            PEER,
            Hex.update("", "40010100" + Hex.attribute(0x40, 2, path) + "4003040a000001", CASE));
    assertThat(read.announced.get("10.1.2.3/32"))
        .isNotNull()
        .returns(375, Attributes::asPathLength)
        .returns(376, a -> a.asPath().prepend(65000).length())
        .returns(65002, a -> a.asPath().origin());
  }

  @Test
  void endOfRibWithAttributesButWithoutPrefixesDoesNotHurt() {
    // 2023: an UPDATE with attributes, none of them mandatory, and nothing to announce.
    Recorded read = Recorded.of(PEER, Hex.update("", "c00804fde90001", ""));
    assertThat(read.notification).isNull();
    assertThat(read.ended).isEmpty();
    assertThat(read.announced).isEmpty();
  }

  @Test
  void takesUnknownTransitiveAttributesOfNoLength() {
    Recorded read = Recorded.of(PEER, Hex.update("", BASE + "e0c800", CASE));
    assertThat(read.announced.get("10.1.2.3/32"))
        .isNotNull()
        .extracting(a -> a.value(200).orElseThrow())
        .isEqualTo(Bytes.EMPTY);
  }

  @Test
  void takesMultiprotocolReachWithoutPrefixes() {
    String empty = Hex.attribute(0x80, 14, "000201 10 20010db8000000000000000000000001 00");
    Recorded read = Recorded.of(PEER, Hex.update("", empty + BASE, ""));
    assertThat(read.notification).isNull();
    assertThat(read.announced).isEmpty();
    assertThat(read.ended).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {21, 28, 128, 29, 40, 22, 0, 11, 19, 255})
  void garbageInSeldomUsedAttributesClosesNothing(int type) {
    for (String value : List.of("", "00", "ff", "00".repeat(300), "ff".repeat(300))) {
      for (int flags : new int[] {0xc0, 0xe0, 0x80}) {
        Recorded read =
            Recorded.of(PEER, Hex.update("", BASE + Hex.attribute(flags, type, value), CASE));
        assertThat(read.notification).isNull();
        assertThat(read.announced).containsKey("10.1.2.3/32");
      }
    }
  }

  @Test
  void reservedFlagBitsMeanNothing() {
    Recorded read = Recorded.of(PEER, Hex.update("", BASE + "cf0804fde90001 ef c8 01 01", CASE));
    assertThat(read.errors).isEmpty();
    assertThat(read.announced.values())
        .singleElement()
        .hasToString(
            "origin igp, as-path 65001, next-hop 10.0.0.1, communities 65001:1, attribute 200 01");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000000000000000000000000000",
        "20010db8000000000000000000000001",
        "20010db8000000000000000000000002"
      })
  void aSecondNextHopThatIsNotLinkLocalIsLeftOut(String second) {
    String reach =
        Hex.attribute(
            0x80, 14, "000201 20 20010db8000000000000000000000001" + second + "00 20 20010db8");
    Recorded read = Recorded.of(PEER, Hex.update("", reach + BASE, ""));
    assertThat(read.announced.get("2001:db8::/32"))
        .hasToString("origin igp, as-path 65001, next-hop 2001:db8::1");
  }

  @Test
  void aFirstNextHopOfZerosIsLeftOutBeforeALinkLocalOne() {
    String reach =
        Hex.attribute(
            0x80,
            14,
            "000201 20 00000000000000000000000000000000 fe800000000000000000000000000002"
                + "00 20 20010db8");
    Recorded read = Recorded.of(PEER, Hex.update("", reach + BASE, ""));
    assertThat(read.announced.get("2001:db8::/32"))
        .hasToString("origin igp, as-path 65001, next-hop fe80::2");
  }

  @Test
  void cutsAFloodOfKeepalives() {
    ByteBuffer flood = ByteBuffer.allocate(10_000 * 19);
    for (int i = 0; i < 10_000; i++) {
      new Keepalive().encode(flood);
    }
    flood.flip();
    Framing framing = new Framing();
    int count = 0;
    while (framing.next(flood) == Framing.Cut.MESSAGE) {
      assertThat(framing.type()).isEqualTo(MessageType.KEEPALIVE);
      count++;
    }
    assertThat(count).isEqualTo(10_000);
  }

  @Test
  void cutsMessagesThatComeOctetByOctet() {
    byte[] stream =
        Hex.octets(Hex.MARKER + "001304" + Hex.MARKER + "0017 02 00000000" + Hex.MARKER + "001304");
    ByteBuffer in = ByteBuffer.allocate(100);
    Framing framing = new Framing();
    StringBuilder types = new StringBuilder();
    for (byte octet : stream) {
      in.put(octet).flip();
      if (framing.next(in) == Framing.Cut.MESSAGE) {
        types.append(framing.type()).append(' ');
      }
      in.compact();
    }
    assertThat(types).hasToString("KEEPALIVE UPDATE KEEPALIVE ");
  }

  /** CVE-2022-40302, CVE-2022-43681: lengths that end inside of the header of an option. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "04 fde9 00b4 0a000001 01 02",
        "04 fde9 00b4 0a000001 ff ff",
        "04 fde9 00b4 0a000001 ff ff 00",
        "04 fde9 00b4 0a000001 ff ff 0001 02",
        "04 fde9 00b4 0a000001 ff ff 0002 02 00",
        "04 fde9 00b4 0a000001 03 02 01 41",
        "04 fde9 00b4 0a000001 04 02 02 41 04",
        "04 fde9 00b4 0a000001 07 02 05 41 04 000000"
      })
  void anOpenThatEndsInsideOfAnOptionIsRefused(String body) {
    Received<Open> read = Open.parse(ByteBuffer.wrap(Hex.octets(body)));
    assertThat(read)
        .isEqualTo(new Received.Bad<>(Notification.of(NotificationSubcode.UNSPECIFIC_OPEN)));
  }

  @Test
  void attributesThatGrowBeyondAMessageAreToldBeforeTheyAreWritten() {
    Attributes grown =
        Attributes.builder()
            .nextHop(io.ocicat.inet.IpAddress.parse("10.0.0.1"))
            .prepend(65001, 1007)
            .build();
    UpdateWriter writer = new UpdateWriter(SendTraits.plain());
    assertThat(writer.fits(writer.encode(Family.IPV4_UNICAST, grown))).isTrue();
    Attributes more = grown.edit().prepend(65000, 8).build();
    assertThat(writer.fits(writer.encode(Family.IPV4_UNICAST, more))).isFalse();
  }
}
