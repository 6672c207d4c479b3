package io.ocicat.bgpwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.bgpwire.iana.AttributeType;
import io.ocicat.bgpwire.iana.Origin;
import io.ocicat.bgpwire.iana.SegmentType;
import io.ocicat.bgpwire.iana.WellKnownCommunity;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  private static AsPath path(String octets) {
    byte[] bytes = Hex.octets(octets);
    return new AsPath(bytes, 0, bytes.length);
  }

  @Test
  void countsAPathAsTheDecisionProcessDoes() {
    AsPath path = path("0302 0000fc00 0000fc01 0202 0000fde9 0000fdea 0102 00000064 000000c8");
    assertThat(path).hasToString("(64512 64513) 65001 65002 {100,200}");
    assertThat(path.length()).isEqualTo(3);
    assertThat(path.first()).isEqualTo(64512);
    assertThat(path.neighbour()).isEqualTo(65001);
    assertThat(path.origin()).isZero();
    assertThat(path.hasSet()).isTrue();
    assertThat(path.contains(200)).isTrue();
    assertThat(path.count(65001)).isEqualTo(1);
    assertThat(path.asns()).containsExactly(64512, 64513, 65001, 65002, 100, 200);
    assertThat(path.withoutConfederations()).hasToString("65001 65002 {100,200}");
    assertThat(AsPath.of(path.segments())).isEqualTo(path).hasSameHashCodeAs(path);
  }

  @Test
  void prependsInTheSameSegmentUntilItIsFull() {
    AsPath path = AsPath.EMPTY;
    for (int i = 0; i < 256; i++) {
      path = path.prepend(65001);
    }
    assertThat(path.segments()).hasSize(2);
    assertThat(path.length()).isEqualTo(256);
    assertThat(AsPath.sequence(1, 2).prepend(3, 4)).hasToString("3 4 1 2");
    assertThat(AsPath.sequence(1).prependConfederation(64512)).hasToString("(64512) 1");
    assertThat(path("0101 00000064").prepend(1)).hasToString("1 {100}");
    assertThat(AsPath.sequence(1, 2, 1).replace(1, 9)).hasToString("9 2 9");
  }

  @ParameterizedTest
  @CsvSource({
    // AS_PATH of 2-octet speakers, AS4_PATH, what was meant
    "0202 5ba0 fdea, 0202 00010000 0000fdea, 65536 65002",
    "0203 fde9 5ba0 fdea, 0202 00010000 0000fdea, 65001 65536 65002",
    "0202 fde9 fdea, 0203 00000001 00000002 00000003, 65001 65002",
    "0202 fde9 fdea, 0202 00000001 00000002, 1 2",
    "0201 fde9 0102 0064 00c8, 0102 00000064 00010000, '65001 {100,65536}'",
    "0301 fc00 0202 fde9 5ba0, 0201 00010000, (64512) 65001 65536",
    "0202 fde9 5ba0, 0301 0000fc00 0201 00010000, 65001 65536"
  })
  void mergesThePathThatCameRound2OctetSpeakers(String two, String four, String meant) {
    byte[] octets = Hex.octets(two);
    byte[] wide = AsPaths.widen(octets, 0, octets.length);
    assertThat(AsPaths.merge(new AsPath(wide, 0, wide.length), path(four))).hasToString(meant);
  }

  @Test
  void sendsA2OctetSpeakerWhatItUnderstandsAndTheRestBeside() {
    Attributes attributes =
        Attributes.builder()
            .asPath(AsPath.sequence(65001, 70000).prependConfederation(64512))
            .nextHop(IpAddress.parse("10.0.0.1"))
            .aggregator(new Attributes.Aggregator(70000, new Ipv4Address(1)))
            .build();
    EncodedAttributes encoded = AttributeEncoder.encode(Family.IPV4_UNICAST, attributes, false);
    assertThat(Bytes.copyOf(encoded.others()).toString())
        .isEqualTo(
            Hex.normal(
                "40010100 40020a 0301 fc00 0202 fde9 5ba0 4003040a000001 c00706 5ba0 00000001"
                    + "c0110a 0202 0000fde9 00011170 c01208 00011170 00000001"));
    Attributes small = attributes.edit().without(AttributeType.AGGREGATOR).build();
    Attributes fits = small.edit().asPath(AsPath.sequence(1, 2)).build();
    assertThat(AttributeEncoder.encode(Family.IPV4_UNICAST, fits, false).others()).hasSize(20);
  }

  @Test
  void editsAttributes() {
    Attributes base =
        Attributes.builder()
            .nextHop(IpAddress.parse("10.0.0.1"))
            .med(5)
            .addCommunity(WellKnownCommunity.NO_EXPORT)
            .build();
    Attributes edited =
        base.edit()
            .origin(Origin.INCOMPLETE)
            .prepend(65001, 2)
            .localPref(200)
            .without(AttributeType.MULTI_EXIT_DISC)
            .atomicAggregate()
            .addCommunity(Community.parse("65001:7").orElseThrow())
            .addCommunity(Community.parse("65001:7").orElseThrow())
            .removeCommunity(Community.of(WellKnownCommunity.NO_EXPORT))
            .extendedCommunities(List.of(ExtendedCommunity.routeTarget(65001, 9)))
            .addLargeCommunity(new LargeCommunity(1, 2, 3))
            .originatorId(new Ipv4Address(9))
            .prependCluster(new Ipv4Address(1))
            .prependCluster(new Ipv4Address(2))
            .onlyToCustomer(65001)
            .nextHop(new Ipv6Address(1, 2), new Ipv6Address(0xfe80L << 48, 1))
            .build();
    assertThat(edited)
        .hasToString(
            "origin incomplete, as-path 65001 65001, next-hop ::1:0:0:0:2 (fe80::1),"
                + " local-pref 200, atomic-aggregate, communities 65001:7,"
                + " extended-communities rt:65001:9, large-communities 1:2:3,"
                + " originator-id 0.0.0.9, cluster-list 0.0.0.2 0.0.0.1, otc 65001");
    assertThat(edited.clusterListContains(2)).isTrue();
    assertThat(edited.clusterListLength()).isEqualTo(2);
    assertThat(edited.hasLargeCommunity(new LargeCommunity(1, 2, 3))).isTrue();
    assertThat(edited.hasExtendedCommunity(ExtendedCommunity.routeTarget(65001, 9))).isTrue();
    assertThat(base).isEqualTo(base.edit().build()).hasSameHashCodeAs(base.edit().build());
    assertThat(Attributes.ofCanonical(edited.toBuffer())).contains(edited);
    assertThat(base).isNotEqualTo(edited);
  }

  @Test
  void refusesARawAttributeThatIsNone() {
    AttributesBuilder builder = Attributes.builder();
    assertThatThrownBy(() -> builder.raw(new Attributes.Raw(0x40, 1, Bytes.of(9))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(builder.raw(new Attributes.Raw(0xe0, 200, Bytes.of(9))).build().unknown())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "40",
        "4001",
        "400101",
        "40010103",
        "500100 0100",
        "40020040010100",
        "40010100 40010100",
        "c00e03000201",
        "4f010100",
        "80010100"
      })
  void takesOnlyCanonicalOctets(String hex) {
    assertThat(Attributes.ofCanonical(ByteBuffer.wrap(Hex.octets(hex)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "65000:100, 65000:100",
    "no-export, no-export",
    "4294967041, no-export",
    "65535:666, blackhole",
    "65535:0, graceful-shutdown",
    "0, 0:0"
  })
  void readsCommunities(String text, String shown) {
    assertThat(Community.parse(text)).get().hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "1:2:3", "65536:1", "1:65536", "-1:1", "4294967296"})
  void refusesWhatIsNoCommunity(String text) {
    assertThat(Community.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0002fde900000001, rt:65001:1",
    "01020a0000010005, rt:10.0.0.1:5",
    "020200011170000a, rt:70000:10",
    "0003fde900000001, soo:65001:1",
    "ffff000000000001, 0xffff000000000001",
    "0603001122334455, router-mac:0x001122334455"
  })
  void showsExtendedCommunities(String hex, String shown) {
    long value = Octets.int64(Hex.octets(hex), 0);
    assertThat(new ExtendedCommunity(value)).hasToString(shown);
  }

  @ParameterizedTest
  @CsvSource({"65536, 65536", "1.0, 65536", "4294967295, 4294967295", "0.10, 10"})
  void readsAsNumbers(String text, String shown) {
    assertThat(Asn.text(Asn.parse(text).orElseThrow())).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1.2.3", "65536.0", "4294967296", "-1"})
  void refusesWhatIsNoAsNumber(String text) {
    assertThat(Asn.parse(text)).isEmpty();
  }

  @Test
  void knowsPrivateAsNumbers() {
    assertThat(List.of(64512, 65534, (int) 4_200_000_000L, -2)).allMatch(Asn::isPrivate);
    assertThat(List.of(1, 64511, 65535, -1, 70000)).noneMatch(Asn::isPrivate);
  }

  @Test
  void largeCommunitiesReadAndCompareUnsigned() {
    LargeCommunity high = LargeCommunity.parse("4294967295:0:0").orElseThrow();
    assertThat(high).hasToString("4294967295:0:0").isGreaterThan(new LargeCommunity(1, 2, 3));
    assertThat(LargeCommunity.parse("1:2")).isEmpty();
    assertThat(LargeCommunity.parse("1:2:x")).isEmpty();
  }

  @Test
  void segmentsHoldAtMost255Numbers() {
    List<Integer> many = java.util.Collections.nCopies(256, 1);
    assertThatThrownBy(() -> AsPath.of(List.of(new AsPath.Segment(SegmentType.AS_SEQUENCE, many))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void familiesHaveNames() {
    assertThat(Family.of(2, 1)).isSameAs(Family.IPV6_UNICAST).hasToString("ipv6 unicast");
    assertThat(Family.of(25, 70)).hasToString("l2vpn evpn");
    assertThat(Family.of(999, 99)).hasToString("afi 999 safi 99");
  }
}
