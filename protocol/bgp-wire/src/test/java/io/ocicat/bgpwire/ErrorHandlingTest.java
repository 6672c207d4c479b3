package io.ocicat.bgpwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgpwire.iana.NotificationSubcode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RFC 7606 as a table: each known attribute with wrong flags, wrong lengths and wrong values, from
 * external and internal peers. Behind each case comes a good route that has to arrive.
 */
class ErrorHandlingTest {

  private static final int PEER_AS = 65001;
  private static final String ORIGIN = "40010100";
  private static final String AS_PATH = "400206 0201 0000fde9";
  private static final String NEXT_HOP = "4003040a000001";
  private static final String CASE = "20 0a010203";
  private static final String SENTINEL = "20 0a0102ff";
  private static final int TRANSITIVE = 0x40;
  private static final int OPTIONAL = 0x80;

  enum Expected {
    KEPT,
    DISCARD,
    WITHDRAW
  }

  /** An attribute with a value that is right, and which values are not. */
  private record Known(
      int type, int flags, String value, List<String> wrongValues, Expected ebgp, Expected ibgp) {}

  /** The reaction is to wrong values; wrong flags are always a withdrawal unless discarded. */
  private static final List<Known> KNOWN =
      List.of(
          known(1, TRANSITIVE, "00", List.of("", "0000", "03", "ff"), Expected.WITHDRAW),
          known(
              2,
              TRANSITIVE,
              "0201 0000fde9",
              List.of(
                  "02",
                  "0200",
                  "0201 0000fd",
                  "0202 0000fde9",
                  "0001 0000fde9",
                  "0501 0000fde9",
                  "0201 0000fde9 00",
                  "0201 0000fde9 0200",
                  "0202 0000fde9 00000000"),
              Expected.WITHDRAW),
          known(
              3,
              TRANSITIVE,
              "0a000001",
              List.of("", "0a0000", "0a00000100", "00000000", "7f000001", "e0000001", "f0000001"),
              Expected.WITHDRAW),
          known(4, OPTIONAL, "00000001", List.of("", "000000", "0000000000"), Expected.WITHDRAW),
          new Known(
              5,
              TRANSITIVE,
              "00000064",
              List.of("", "000000", "0000000000"),
              Expected.DISCARD,
              Expected.WITHDRAW),
          known(6, TRANSITIVE, "", List.of("00", "0000"), Expected.DISCARD),
          known(
              7,
              OPTIONAL | TRANSITIVE,
              "0000fde9 0a000001",
              List.of(
                  "", "fde90a000001", "0000fde90a0000", "0000fde90a00000100", "000000000a000001"),
              Expected.DISCARD),
          known(
              8,
              OPTIONAL | TRANSITIVE,
              "fde90001",
              List.of("", "fde900", "fde9000100"),
              Expected.WITHDRAW),
          new Known(
              9,
              OPTIONAL,
              "0a000001",
              List.of("", "0a0000", "0a00000100"),
              Expected.DISCARD,
              Expected.WITHDRAW),
          new Known(
              10,
              OPTIONAL,
              "0a000001",
              List.of("", "0a0000", "0a00000100"),
              Expected.DISCARD,
              Expected.WITHDRAW),
          known(
              16,
              OPTIONAL | TRANSITIVE,
              "0002fde900000001",
              List.of("", "0002fde9000000", "0002fde90000000100"),
              Expected.WITHDRAW),
          known(
              17,
              OPTIONAL | TRANSITIVE,
              "02010000fde9",
              List.of("", "0201", "02010000fd", "05010000fde9"),
              Expected.DISCARD),
          known(
              18,
              OPTIONAL | TRANSITIVE,
              "0000fde90a000001",
              List.of("", "fde90a000001"),
              Expected.DISCARD),
          known(
              25,
              OPTIONAL | TRANSITIVE,
              "000220010db80000000000000000000000010064",
              List.of("", "0002", "000220010db8000000000000000000000001006400"),
              Expected.WITHDRAW),
          known(
              32,
              OPTIONAL | TRANSITIVE,
              "0000fde90000000100000002",
              List.of("", "0000fde900000001000000", "0000fde9000000010000000200"),
              Expected.WITHDRAW),
          known(
              35,
              OPTIONAL | TRANSITIVE,
              "0000fde9",
              List.of("", "0000fd", "0000fde900"),
              Expected.WITHDRAW));

  private static Known known(
      int type, int flags, String value, List<String> wrong, Expected expected) {
    return new Known(type, flags, value, wrong, expected, expected);
  }

  record Case(String name, PeerKind kind, int type, String attributes, Expected expected) {
    @Override
    public String toString() {
      return kind + " " + name;
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Known known : KNOWN) {
      for (PeerKind kind : List.of(PeerKind.EXTERNAL, PeerKind.INTERNAL)) {
        add(cases, known, kind);
      }
    }
    return cases.stream();
  }

  private static void add(List<Case> cases, Known known, PeerKind kind) {
    Expected wrong = kind == PeerKind.EXTERNAL ? known.ebgp : known.ibgp;
    // What is not taken from this kind of peer at all is discarded, whatever it holds.
    boolean never =
        known.type == 17
            || known.type == 18
            || (kind == PeerKind.EXTERNAL && Set.of(5, 9, 10).contains(known.type));
    Expected good = never ? Expected.DISCARD : Expected.KEPT;
    Expected flags = never ? Expected.DISCARD : Expected.WITHDRAW;
    cases.add(of(known, kind, "is right", known.flags, known.value, good));
    cases.add(of(known, kind, "has low flags", known.flags | 0x0f, known.value, good));
    cases.add(of(known, kind, "wrong Optional", known.flags ^ 0x80, known.value, flags));
    cases.add(of(known, kind, "wrong Transitive", known.flags ^ 0x40, known.value, flags));
    boolean mayBePartial = known.flags == (OPTIONAL | TRANSITIVE);
    cases.add(
        of(known, kind, "Partial", known.flags | 0x20, known.value, mayBePartial ? good : flags));
    for (String value : known.wrongValues) {
      cases.add(of(known, kind, "value '" + value + "'", known.flags, value, wrong));
    }
    cases.add(of(known, kind, "long length form", known.flags | 0x10, known.value, good));
  }

  private static Case of(
      Known known, PeerKind kind, String what, int flags, String value, Expected expected) {
    int length = Hex.octets(value).length;
    String attribute =
        (flags & 0x10) == 0
            ? Hex.attribute(flags, known.type, value)
            : "%02x%02x%04x".formatted(flags, known.type, length) + value;
    StringBuilder all = new StringBuilder();
    for (int type = 1; type <= 3; type++) {
      all.append(type == known.type ? attribute : List.of(ORIGIN, AS_PATH, NEXT_HOP).get(type - 1));
    }
    if (known.type > 3) {
      all.append(attribute);
    }
    String name = "attribute " + known.type + " " + what;
    return new Case(name, kind, known.type, all.toString(), expected);
  }

  private static ReceiveTraits peer(PeerKind kind) {
    return ReceiveTraits.plain(kind, PEER_AS);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void reactsAsTheTableSays(Case c) {
    Recorded read =
        Recorded.of(
            peer(c.kind),
            Hex.update("", ORIGIN + AS_PATH + NEXT_HOP, CASE),
            Hex.update("", c.attributes, CASE),
            Hex.update("", ORIGIN + AS_PATH + NEXT_HOP, SENTINEL));
    assertThat(read.notification).isNull();
    assertThat(read.announced).containsKey("10.1.2.255/32");
    switch (c.expected) {
      case KEPT -> {
        assertThat(read.errors).isEmpty();
        assertThat(read.announced).containsKey("10.1.2.3/32");
        assertThat(present(read, c.type)).isTrue();
      }
      case DISCARD -> {
        assertThat(read.errors).singleElement().returns(Reaction.DISCARD, AttributeError::reaction);
        assertThat(read.announced).containsKey("10.1.2.3/32");
        assertThat(present(read, c.type)).isFalse();
      }
      case WITHDRAW -> {
        assertThat(read.errors)
            .singleElement()
            .returns(Reaction.WITHDRAW, AttributeError::reaction);
        assertThat(read.errors.getFirst().type()).isEqualTo(c.type);
        assertThat(read.announced).doesNotContainKey("10.1.2.3/32");
        assertThat(read.withdrawn).contains("10.1.2.3/32");
      }
    }
  }

  private static boolean present(Recorded read, int type) {
    return read.announced.entrySet().stream()
        .filter(e -> e.getKey().equals("10.1.2.3/32"))
        .anyMatch(e -> e.getValue().value(type).isPresent());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void reactsAlikeToIpv6Routes(Case c) {
    if (c.type == 3) {
      return;
    }
    String reach =
        Hex.attribute(0x80, 14, "000201 10 20010db8000000000000000000000001 00 20 20010db8");
    String bare = c.attributes.replace(NEXT_HOP, "");
    Recorded read = Recorded.of(peer(c.kind), Hex.update("", reach + bare, ""));
    assertThat(read.notification).isNull();
    if (c.expected == Expected.WITHDRAW) {
      assertThat(read.withdrawn).containsExactly("2001:db8::/32");
    } else {
      assertThat(read.announced).containsKey("2001:db8::/32");
    }
  }

  record Reset(String name, String withdrawn, String attributes, String nlri, int subcode) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Reset> resets() {
    String good = ORIGIN + AS_PATH + NEXT_HOP;
    String v6 = "000201 10 20010db8000000000000000000000001 00 20 20010db8";
    return Stream.of(
        new Reset("NLRI length above 32", "", good, "21 0a01020304", 10),
        new Reset("NLRI over the end", "", good, "20 0a0102", 10),
        new Reset("withdrawn length above 32", "21 0a01020304", "", "", 10),
        new Reset("withdrawn over the end", "18 0a01", "", "", 10),
        new Reset(
            "MP_REACH_NLRI twice",
            "",
            good + Hex.attribute(0x80, 14, v6) + Hex.attribute(0x80, 14, v6),
            "",
            1),
        new Reset(
            "MP_UNREACH_NLRI twice",
            "",
            Hex.attribute(0x80, 15, "000201") + Hex.attribute(0x80, 15, "000201"),
            "",
            1),
        new Reset("MP_REACH_NLRI too short", "", good + Hex.attribute(0x80, 14, "00020110"), "", 9),
        new Reset(
            "next hop over the end", "", good + Hex.attribute(0x80, 14, "000201 20 2001"), "", 9),
        new Reset(
            "no reserved octet",
            "",
            good + Hex.attribute(0x80, 14, "000201 10 20010db8000000000000000000000001"),
            "",
            9),
        new Reset(
            "IPv6 over a next hop of 4",
            "",
            good + Hex.attribute(0x80, 14, "000201 04 0a000001 00 20 20010db8"),
            "",
            9),
        new Reset(
            "IPv6 over a next hop of 24",
            "",
            good + Hex.attribute(0x80, 14, "000201 18" + "20".repeat(24) + "00 20 20010db8"),
            "",
            9),
        new Reset(
            "MP_REACH_NLRI prefix above 128",
            "",
            good
                + Hex.attribute(
                    0x80, 14, "000201 10 20010db8000000000000000000000001 00 81" + "20".repeat(17)),
            "",
            9),
        new Reset("MP_UNREACH_NLRI too short", "", Hex.attribute(0x80, 15, "0002"), "", 9),
        new Reset(
            "MP_UNREACH_NLRI prefix over the end", "", Hex.attribute(0x80, 15, "00020120"), "", 9),
        new Reset("bad attribute and no route in sight", "", "40010103" + AS_PATH, "", 6),
        new Reset("list cut off and no route in sight", "", ORIGIN + "4002", "", 1));
  }

  @ParameterizedTest
  @MethodSource("resets")
  void closesTheSessionWhereRoutesCannotBeTold(Reset c) {
    Recorded read =
        Recorded.of(
            peer(PeerKind.EXTERNAL),
            Hex.update("", ORIGIN + AS_PATH + NEXT_HOP, CASE),
            Hex.update(c.withdrawn, c.attributes, c.nlri));
    assertThat(read.notification)
        .isNotNull()
        .returns(3, Notification::code)
        .returns(c.subcode, Notification::subcode);
    assertThat(read.announced).containsOnlyKeys("10.1.2.3/32");
    assertThat(read.withdrawn).isEmpty();
  }

  @Test
  void closesTheSessionWhenLengthsDoNotAddUp() {
    for (String body : List.of("0005 0000", "0000 0005 00", "0000", "ffff ffff", "0000 ffff")) {
      Recorded read =
          Recorded.of(peer(PeerKind.EXTERNAL), java.nio.ByteBuffer.wrap(Hex.octets(body)));
      assertThat(read.notification)
          .isEqualTo(Notification.of(NotificationSubcode.MALFORMED_ATTRIBUTE_LIST));
    }
  }

  @Test
  void withdrawsWhereAMandatoryAttributeIsMissing() {
    for (String attributes : List.of(AS_PATH + NEXT_HOP, ORIGIN + NEXT_HOP, ORIGIN + AS_PATH, "")) {
      Recorded read = Recorded.of(peer(PeerKind.EXTERNAL), Hex.update("", attributes, CASE));
      assertThat(read.notification).isNull();
      assertThat(read.withdrawn).containsExactly("10.1.2.3/32");
      assertThat(read.errors)
          .singleElement()
          .returns(NotificationSubcode.MISSING_WELL_KNOWN_ATTRIBUTE, AttributeError::subcode);
    }
  }

  @Test
  void keepsTheFirstOfARepeatedAttribute() {
    Recorded read =
        Recorded.of(
            peer(PeerKind.EXTERNAL),
            Hex.update("", ORIGIN + AS_PATH + NEXT_HOP + "80040400000001 80040400000002", CASE));
    assertThat(read.announced.values()).singleElement().returns(1, Attributes::med);
    assertThat(read.errors).singleElement().returns(Reaction.DISCARD, AttributeError::reaction);
  }

  @Test
  void withdrawsWhereTheListIsCutOff() {
    for (String tail : List.of("80", "8004", "800405 01020304", "9004", "900400", "90040005 00")) {
      Recorded read =
          Recorded.of(
              peer(PeerKind.EXTERNAL),
              Hex.update("", ORIGIN + AS_PATH + NEXT_HOP + tail, CASE),
              Hex.update("", ORIGIN + AS_PATH + NEXT_HOP, SENTINEL));
      assertThat(read.notification).isNull();
      assertThat(read.withdrawn).containsExactly("10.1.2.3/32");
      assertThat(read.announced).containsOnlyKeys("10.1.2.255/32");
    }
  }

  @Test
  void withdrawsAPathThatDoesNotBeginWithThePeer() {
    String foreign = ORIGIN + "400206 0201 0000fdea" + NEXT_HOP;
    assertThat(Recorded.of(peer(PeerKind.EXTERNAL), Hex.update("", foreign, CASE)).withdrawn)
        .containsExactly("10.1.2.3/32");
    assertThat(Recorded.of(peer(PeerKind.INTERNAL), Hex.update("", foreign, CASE)).announced)
        .containsKey("10.1.2.3/32");
    ReceiveTraits routeServer =
        new ReceiveTraits(
            PeerKind.EXTERNAL,
            true,
            PEER_AS,
            false,
            Set.of(Family.IPV4_UNICAST),
            Set.of(),
            Set.of());
    assertThat(Recorded.of(routeServer, Hex.update("", foreign, CASE)).announced)
        .containsKey("10.1.2.3/32");
  }

  @Test
  void withdrawsOnWrongFlagsOfTheMultiprotocolAttributes() {
    String good = "000201 10 20010db8000000000000000000000001 00 20 20010db8";
    Recorded reach =
        Recorded.of(
            peer(PeerKind.EXTERNAL),
            Hex.update("", Hex.attribute(0x60, 14, good) + ORIGIN + AS_PATH, ""));
    assertThat(reach.notification).isNull();
    assertThat(reach.withdrawn).containsExactly("2001:db8::/32");
    Recorded unreach =
        Recorded.of(
            peer(PeerKind.EXTERNAL),
            Hex.update("", Hex.attribute(0x60, 15, "000201 20 20010db8"), ""));
    assertThat(unreach.notification).isNull();
    assertThat(unreach.withdrawn).containsExactly("2001:db8::/32");
    assertThat(unreach.errors).hasSize(1);
  }

  @Test
  void keepsUnknownTransitiveAttributesAsPartialAndDropsTheOthers() {
    Recorded read =
        Recorded.of(
            peer(PeerKind.EXTERNAL),
            Hex.update("", ORIGIN + AS_PATH + NEXT_HOP + "c0fa0101 80fb0102 c0fc00", CASE));
    assertThat(read.errors).isEmpty();
    assertThat(read.announced.get("10.1.2.3/32"))
        .isNotNull()
        .extracting(Attributes::unknown)
        .isEqualTo(
            List.of(
                new Attributes.Raw(0xe0, 0xfa, Bytes.of(1)),
                new Attributes.Raw(0xe0, 0xfc, Bytes.EMPTY)));
    Recorded wellKnown =
        Recorded.of(
            peer(PeerKind.EXTERNAL),
            Hex.update("", ORIGIN + AS_PATH + NEXT_HOP + "40fa0101", CASE));
    assertThat(wellKnown.withdrawn).containsExactly("10.1.2.3/32");
  }

  @Test
  void ignoresRoutesOfFamiliesThatWereNotNegotiated() {
    String vpn = Hex.attribute(0x80, 14, "000180 0c 00000000000000000a000001 00 01020304");
    Recorded read =
        Recorded.of(peer(PeerKind.EXTERNAL), Hex.update("", vpn + ORIGIN + AS_PATH, ""));
    assertThat(read.notification).isNull();
    assertThat(read.announced).isEmpty();
    assertThat(read.errors).singleElement().returns(Reaction.DISCARD, AttributeError::reaction);
  }
}
