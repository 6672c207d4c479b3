package io.ocicat.bgpwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** UPDATEs in both directions, on literal octets. */
class UpdateCodecTest {

  private static final Set<Family> BOTH = Set.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST);

  /** A message, who sends it to whom, what it says. */
  record Vector(
      String name,
      String hex,
      boolean fourOctetAs,
      boolean addPath,
      List<String> prefixes,
      String attributes) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Vector> vectors() {
    return Stream.of(
        new Vector(
            "internal route with LOCAL_PREF",
            Hex.MARKER
                + "0030 02 0000 0015 40010100 400200 400304c0a80101 40050400000064 18 "
                + "0a0102 ",
            true,
            false,
            List.of("10.1.2.0/24"),
            "origin igp, next-hop 192.168.1.1, local-pref 100"),
        new Vector(
            "4-octet path, aggregate, aggregator",
            Hex.MARKER
                + "0048 02 0000 002d 40010100 40020a 0202 00010000 0000fde9 400304c0a801fe "
                + "40050400000064 400600 c00708 00010000 0a0b0c0d 12 644000 ",
            true,
            false,
            List.of("100.64.0.0/18"),
            "origin igp, as-path 65536 65001, next-hop 192.168.1.254, local-pref 100, "
                + "atomic-aggregate, aggregator 65536 10.11.12.13"),
        new Vector(
            "2-octet peer, all numbers fit",
            Hex.MARKER
                + "0035 02 0000 001b 40010102 400206 0202 fde9 fdea 4003040a000001 "
                + "80040400000007 10 c0a8 ",
            false,
            false,
            List.of("192.168.0.0/16"),
            "origin incomplete, as-path 65001 65002, next-hop 10.0.0.1, med 7"),
        new Vector(
            "2-octet peer, AS4_PATH and AS4_AGGREGATOR",
            Hex.MARKER
                + "004e 02 0000 0035 40010100 400206 0202 5ba0 fdea 4003040a000001 c00706 "
                + "5ba0 0a0b0c0d c0110a 0202 fffffffe 0000fdea c01208 fffffffe 0a0b0c0d 08 "
                + "0a ",
            false,
            false,
            List.of("10.0.0.0/8"),
            "origin igp, as-path 4294967294 65002, next-hop 10.0.0.1, aggregator 4294967294 "
                + "10.11.12.13"),
        new Vector(
            "all three kinds of communities",
            Hex.MARKER
                + "0059 02 0000 0041 40010100 400206 0201 0000fde9 4003040a000001 c00808 "
                + "fde90064 ffffff01 c01010 0002fde900000001 0202000100000002 c0200c "
                + "fffffffe 00000001 00000002 00 ",
            true,
            false,
            List.of("0.0.0.0/0"),
            "origin igp, as-path 65001, next-hop 10.0.0.1, communities 65001:100 no-export, "
                + "extended-communities rt:65001:1 rt:65536:2, large-communities 4294967294:1:2"),
        new Vector(
            "reflected route",
            Hex.MARKER
                + "0042 02 0000 0027 40010100 400200 4003040a000001 40050400000064 "
                + "8009040a000009 800a080a0000fe0a0000ff 18 0a0102 ",
            true,
            false,
            List.of("10.1.2.0/24"),
            "origin igp, next-hop 10.0.0.1, local-pref 100, originator-id 10.0.0.9, "
                + "cluster-list 10.0.0.254 10.0.0.255"),
        new Vector(
            "only to customer, and an attribute nobody knows",
            Hex.MARKER
                + "003e 02 0000 0023 40010100 400206 0201 0000fde9 4003040a000001 c02304 "
                + "0000fde9 e0c805 0102030405 18 0a0102 ",
            true,
            false,
            List.of("10.1.2.0/24"),
            "origin igp, as-path 65001, next-hop 10.0.0.1, otc 65001, attribute 200 "
                + "0102030405"),
        new Vector(
            "add-path",
            Hex.MARKER
                + "0035 02 0000 000e 40010100 400200 4003040a000001 00000001 18 0a0102 "
                + "ffffffff 18 0a0102 ",
            true,
            true,
            List.of("10.1.2.0/24#1", "10.1.2.0/24#4294967295"),
            "origin igp, next-hop 10.0.0.1"),
        new Vector(
            "IPv6 over a global and a link-local next hop",
            Hex.MARKER
                + "005d 02 0000 0046 900e0035 000201 20 20010db8000000000000000000000001 "
                + "fe800000000000000000000000000001 00 40 20010db800010002 30 20010db80003 "
                + "40010100 400206 0201 0000fde9 ",
            true,
            false,
            List.of("2001:db8:1:2::/64", "2001:db8:3::/48"),
            "origin igp, as-path 65001, next-hop 2001:db8::1 (fe80::1)"),
        new Vector(
            "IPv4 over IPv6 (RFC 8950)",
            Hex.MARKER
                + "0043 02 0000 002c 900e001a 000101 10 20010db8000000000000000000000001 00 "
                + "20 0a010203 40010100 400200 40050400000064 ",
            true,
            false,
            List.of("10.1.2.3/32"),
            "origin igp, next-hop 2001:db8::1, local-pref 100"),
        new Vector(
            "set, confederation and sequence in one path",
            Hex.MARKER
                + "0044 02 0000 0028 40010101 40021a 0301 0000fc00 0202 0000fde9 0000fdea "
                + "0102 00000064 000000c8 4003040a000001 20 0a010203 ",
            true,
            false,
            List.of("10.1.2.3/32"),
            "origin egp, as-path (64512) 65001 65002 {100,200}, next-hop 10.0.0.1"),
        new Vector(
            "AIGP and IPv6-specific communities",
            Hex.MARKER
                + "0056 02 0000 003a 40010100 400200 4003040a000001 40050400000064 c01914 "
                + "0002 20010db8000000000000000000000001 0064 801a0b 01000b00000000000003e8 "
                + "20 0a010203 ",
            true,
            false,
            List.of("10.1.2.3/32"),
            "origin igp, next-hop 10.0.0.1, local-pref 100, aigp 1000"));
  }

  private static ReceiveTraits receives(Vector vector) {
    return new ReceiveTraits(
        PeerKind.INTERNAL,
        vector.fourOctetAs,
        65001,
        true,
        BOTH,
        vector.addPath ? BOTH : Set.of(),
        Set.of(Family.IPV4_UNICAST));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void readsWhatItSays(Vector vector) {
    Recorded read = Recorded.of(receives(vector), Hex.body(MessageType.UPDATE, vector.hex));
    assertThat(read.notification).isNull();
    assertThat(read.errors).isEmpty();
    assertThat(read.announced.keySet()).containsExactlyElementsOf(vector.prefixes);
    assertThat(read.announced.values())
        .allSatisfy(a -> assertThat(a).hasToString(vector.attributes));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void writesTheSameOctets(Vector vector) {
    Recorded read = Recorded.of(receives(vector), Hex.body(MessageType.UPDATE, vector.hex));
    Set<Family> addPath = vector.addPath ? BOTH : Set.of();
    UpdateWriter writer = new UpdateWriter(new SendTraits(vector.fourOctetAs, 4096, addPath));
    ByteBuffer out = ByteBuffer.allocate(8192);
    writer.begin(out);
    String first = vector.prefixes.getFirst();
    Family family = first.contains(":") ? Family.IPV6_UNICAST : Family.IPV4_UNICAST;
    writer.announcing(writer.encode(family, read.announced.values().iterator().next()));
    vector.prefixes.forEach(prefix -> write(writer, prefix));
    writer.finish();
    assertThat(Hex.of(out.flip())).isEqualTo(Hex.normal(vector.hex));
  }

  static boolean write(UpdateWriter writer, String text) {
    String[] parts = text.split("#", 2);
    Cidr prefix = Cidr.parse(parts[0]);
    int pathId = parts.length > 1 ? Integer.parseUnsignedInt(parts[1]) : 0;
    return switch (prefix.address()) {
      case Ipv4Address v4 -> writer.v4(v4.value(), prefix.prefixLength(), pathId);
      case Ipv6Address v6 -> writer.v6(v6.high(), v6.low(), prefix.prefixLength(), pathId);
    };
  }

  @Test
  void withdrawsBothFamilies() {
    UpdateWriter writer = new UpdateWriter(SendTraits.plain());
    ByteBuffer out = ByteBuffer.allocate(8192);
    writer.begin(out);
    writer.withdrawing(Family.IPV4_UNICAST);
    write(writer, "10.1.2.0/24");
    write(writer, "0.0.0.0/0");
    writer.withdrawing(Family.IPV6_UNICAST);
    write(writer, "2001:db8::/32");
    writer.finish();
    assertThat(Hex.of(out.flip()))
        .isEqualTo(
            Hex.normal(
                Hex.MARKER
                    + "001c 02 0005 180a010200 0000"
                    + Hex.MARKER
                    + "0023 02 0000 000c 900f0008 000201 20 20010db8"));
    Recorded read = new Recorded();
    readAll(out, read);
    assertThat(read.withdrawn).containsExactly("10.1.2.0/24", "0.0.0.0/0", "2001:db8::/32");
    assertThat(read.ended).isEmpty();
  }

  private static int readAll(ByteBuffer in, Recorded into) {
    UpdateParser parser =
        new UpdateParser(ReceiveTraits.plain(PeerKind.INTERNAL, 65001), new AttributeCache());
    Framing framing = new Framing();
    int messages = 0;
    while (framing.next(in) == Framing.Cut.MESSAGE) {
      assertThat(parser.parse(framing.body(), into)).isNull();
      messages++;
    }
    assertThat(in.hasRemaining()).isFalse();
    return messages;
  }

  @Test
  void endsTheRibOfEachFamily() {
    UpdateWriter writer = new UpdateWriter(SendTraits.plain());
    ByteBuffer out = ByteBuffer.allocate(100);
    writer.begin(out);
    assertThat(writer.endOfRib(Family.IPV4_UNICAST)).isTrue();
    assertThat(writer.endOfRib(Family.IPV6_UNICAST)).isTrue();
    assertThat(Hex.of(out.flip()))
        .isEqualTo(
            Hex.normal(
                Hex.MARKER + "0017 02 0000 0000" + Hex.MARKER + "001d 02 0000 0006 800f03 000201"));
    Recorded read = new Recorded();
    readAll(out, read);
    assertThat(read.ended).containsExactly(Family.IPV4_UNICAST, Family.IPV6_UNICAST);
  }

  @Test
  void packsMessagesToTheLastOctet() {
    UpdateWriter writer = new UpdateWriter(SendTraits.plain());
    Attributes attributes =
        Attributes.builder().nextHop(IpAddress.parse("10.0.0.1")).localPref(100).build();
    ByteBuffer out = ByteBuffer.allocate(1 << 16);
    writer.begin(out);
    writer.announcing(writer.encode(Family.IPV4_UNICAST, attributes));
    for (int i = 0; i < 3000; i++) {
      assertThat(writer.v4(0x0a000000 + (i << 8), 24, 0)).isTrue();
    }
    writer.withdrawing(Family.IPV4_UNICAST);
    for (int i = 0; i < 3000; i++) {
      assertThat(writer.v4(0x0b000000 + (i << 8), 24, 0)).isTrue();
    }
    writer.finish();
    Recorded read = new Recorded();
    int messages = readAll(out.flip(), read);
    // 1012 announcements or 1018 withdrawals of four octets fit.
    assertThat(messages).isEqualTo(6);
    assertThat(read.announced).hasSize(3000);
    assertThat(read.withdrawn).hasSize(3000);
    assertThat(Octets.int16(out.array(), 16)).isBetween(4093, 4096);
  }

  @Test
  void packsExtendedMessages() {
    UpdateWriter writer = new UpdateWriter(new SendTraits(true, 65535, Set.of()));
    Attributes attributes =
        Attributes.builder().nextHop(IpAddress.parse("10.0.0.1")).prepend(65001, 1500).build();
    ByteBuffer out = ByteBuffer.allocate(1 << 17);
    writer.begin(out);
    writer.announcing(writer.encode(Family.IPV4_UNICAST, attributes));
    for (int i = 0; i < 20_000; i++) {
      assertThat(writer.v4(0x0a000000 + (i << 8), 24, 0)).isTrue();
    }
    writer.finish();
    Recorded read = new Recorded();
    Framing framing = new Framing();
    framing.allowExtendedMessages();
    UpdateParser parser =
        new UpdateParser(ReceiveTraits.plain(PeerKind.EXTERNAL, 65001), new AttributeCache());
    int messages = 0;
    out.flip();
    while (framing.next(out) == Framing.Cut.MESSAGE) {
      assertThat(parser.parse(framing.body(), read)).isNull();
      messages++;
    }
    assertThat(messages).isEqualTo(2);
    assertThat(read.announced).hasSize(20_000);
    assertThat(read.announced.values()).allMatch(a -> a.asPathLength() == 1500);
  }

  @Test
  void goesOnInAnotherBuffer() {
    UpdateWriter writer = new UpdateWriter(SendTraits.plain());
    Attributes attributes =
        Attributes.builder().nextHop(IpAddress.parse("2001:db8::1")).localPref(100).build();
    Recorded read = new Recorded();
    ByteBuffer out = ByteBuffer.allocate(5000);
    writer.begin(out);
    writer.announcing(writer.encode(Family.IPV6_UNICAST, attributes));
    for (int i = 0; i < 1000; i++) {
      if (!writer.v6(0x20010db800000000L + i, 0, 64, 0)) {
        writer.finish();
        readAll(out.flip(), read);
        out.clear();
        writer.begin(out);
        assertThat(writer.v6(0x20010db800000000L + i, 0, 64, 0)).isTrue();
      }
    }
    writer.finish();
    readAll(out.flip(), read);
    assertThat(read.announced).hasSize(1000);
  }

  @Test
  void saysWhenAttributesLeaveNoRoomForAPrefix() {
    Attributes attributes =
        Attributes.builder().nextHop(IpAddress.parse("10.0.0.1")).prepend(65001, 1100).build();
    UpdateWriter small = new UpdateWriter(SendTraits.plain());
    EncodedAttributes encoded = small.encode(Family.IPV4_UNICAST, attributes);
    assertThat(small.fits(encoded)).isFalse();
    assertThatThrownBy(() -> small.announcing(encoded))
        .isInstanceOf(IllegalArgumentException.class);
    UpdateWriter large = new UpdateWriter(new SendTraits(true, 65535, Set.of()));
    assertThat(large.fits(encoded)).isTrue();
  }

  @Test
  void refusesAnIpv4NextHopForIpv6() {
    Attributes attributes = Attributes.builder().nextHop(IpAddress.parse("10.0.0.1")).build();
    UpdateWriter writer = new UpdateWriter(SendTraits.plain());
    assertThatThrownBy(() -> writer.encode(Family.IPV6_UNICAST, attributes))
        .hasMessageContaining("10.0.0.1");
  }

  @Test
  void findsARepeatedSetWithoutDecodingIt() {
    AttributeCache cache = new AttributeCache(16);
    UpdateParser parser = new UpdateParser(ReceiveTraits.plain(PeerKind.INTERNAL, 65001), cache);
    Recorded read = new Recorded();
    String attributes = "40010100 400200 4003040a000001 40050400000064";
    parser.parse(Hex.update("", attributes, "180a0102"), read);
    parser.parse(Hex.update("", attributes, "180a0103"), read);
    parser.parse(Hex.update("", attributes + "80040400000001", "180a0104"), read);
    assertThat(cache.hits()).isEqualTo(1);
    assertThat(read.announced.get("10.1.2.0/24")).isSameAs(read.announced.get("10.1.3.0/24"));
    assertThat(read.announced.get("10.1.4.0/24"))
        .hasToString("origin igp, next-hop 10.0.0.1, med 1, local-pref 100");
  }

  @Test
  void findsARepeatedSetWhateverPrefixesGoWithIt() {
    AttributeCache cache = new AttributeCache(16);
    UpdateParser parser = new UpdateParser(ReceiveTraits.plain(PeerKind.INTERNAL, 65001), cache);
    Recorded read = new Recorded();
    String head = "000201 10 20010db8000000000000000000000001 00";
    String rest = "40010100 400200 40050400000064";
    String one = Hex.attribute(0x80, 14, head + "20 20010db8");
    String two = Hex.attribute(0x80, 14, head + "20 20010db9 20 20010dba");
    parser.parse(Hex.update("", one + rest, ""), read);
    parser.parse(Hex.update("", two + rest, ""), read);
    assertThat(read.announced).hasSize(3);
    assertThat(cache.hits()).isEqualTo(1);
  }

  @Test
  void announcementsWinOverWithdrawalsOfTheSameMessage() {
    Recorded read =
        Recorded.of(
            ReceiveTraits.plain(PeerKind.INTERNAL, 65001),
            Hex.update("180a0102", "40010100 400200 4003040a000001", "180a0102"));
    assertThat(read.announced).containsOnlyKeys("10.1.2.0/24");
  }

  @Test
  void readsDirectBuffersAndClearsHostBits() {
    ByteBuffer heap = Hex.update("", "40010100 400200 4003040a000001", "14 0a01ff");
    ByteBuffer direct = ByteBuffer.allocateDirect(100).put(heap).flip();
    Recorded read = Recorded.of(ReceiveTraits.plain(PeerKind.INTERNAL, 65001), direct);
    assertThat(read.announced).containsOnlyKeys("10.1.240.0/20");
    assertThat(direct.position()).isZero();
  }
}
