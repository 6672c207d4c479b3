package io.ocicat.nftables.interpret;

import static io.ocicat.inet.IpFamily.IPV4;
import static io.ocicat.inet.IpFamily.IPV6;
import static io.ocicat.nftables.RuleBuilder.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.nftables.AddressIntervals;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.Chain;
import io.ocicat.nftables.ChainPolicy;
import io.ocicat.nftables.ChainType;
import io.ocicat.nftables.CtState;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftFamily;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.PortRange;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.SetContent;
import io.ocicat.nftables.Table;
import io.ocicat.nftables.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NftInterpreterTest {
  private static final IpAddress CLIENT = IpAddress.parse("10.0.0.1");
  private static final IpAddress SERVER = IpAddress.parse("10.0.9.9");
  private static final IpAddress CLIENT_6 = IpAddress.parse("fd00::1");
  private static final IpAddress SERVER_6 = IpAddress.parse("fd00::9");
  private static final Packet WEB = Packet.opening(CLIENT, SERVER, Packet.TCP, 80);
  private static final Packet WEB_6 = Packet.opening(CLIENT_6, SERVER_6, Packet.TCP, 80);

  private NftTable table = NftTable.empty(new Table(NftFamily.INET, "t"));

  private static Chain base(String name, int priority) {
    return new Chain.BaseChain(
        name, ChainType.FILTER, Hook.FORWARD, priority, ChainPolicy.DROP, "");
  }

  private boolean accepts(Packet packet, Rule... rules) {
    NftTable with = table.with(base("forward", 0), rules);
    return new NftInterpreter(with).evaluate(packet, Hook.FORWARD).accepted();
  }

  @Test
  void matchesAddressesOfBothFamilies() {
    assertThat(accepts(WEB, rule().saddr(CLIENT).accept())).isTrue();
    assertThat(accepts(WEB, rule().daddr(CLIENT).accept())).isFalse();
    assertThat(accepts(WEB, rule().saddrNot(SERVER).accept())).isTrue();
    assertThat(accepts(WEB, rule().daddr(Cidr.parse("10.0.8.0/21")).accept())).isTrue();
    assertThat(accepts(WEB, rule().daddr(Cidr.parse("10.0.0.0/21")).accept())).isFalse();
    assertThat(accepts(WEB, rule().daddr(Cidr.parse("10.0.0.0/16")).accept())).isTrue();
    assertThat(accepts(WEB_6, rule().daddr(Cidr.parse("fd00::8/125")).accept())).isTrue();
    assertThat(accepts(WEB_6, rule().daddr(Cidr.parse("fd00::/125")).accept())).isFalse();
    assertThat(accepts(WEB_6, rule().saddr(Cidr.parse("0.0.0.0/0")).accept())).isFalse();
    assertThat(accepts(WEB_6, rule().saddr(Cidr.parse("::/0")).accept())).isTrue();
  }

  @Test
  void matchesPortsOfTheirProtocolOnly() {
    assertThat(accepts(WEB, rule().dport(Packet.TCP, 80).accept())).isTrue();
    assertThat(accepts(WEB, rule().dport(Packet.UDP, 80).accept())).isFalse();
    assertThat(accepts(WEB, rule().dport(Packet.TCP, new PortRange(1, 79)).accept())).isFalse();
    assertThat(accepts(WEB, rule().dport(Packet.TCP, new PortRange(80, 90)).accept())).isTrue();
    Packet ping = Packet.icmp(CLIENT, SERVER, 8);
    assertThat(accepts(ping, rule().icmpType(IPV4, 8).accept())).isTrue();
    assertThat(accepts(ping, rule().icmpType(IPV6, 128).accept())).isFalse();
  }

  @Test
  void looksUpSetsIntervalsAndConcatenations() {
    NftSet intervals = NftSet.ofIntervals("i", KeyType.of(DataType.IPV4_ADDR));
    NftSet ports = NftSet.ofIntervals("p", KeyType.of(DataType.INET_PROTO, DataType.INET_SERVICE));
    NftSet members =
        NftSet.of("m", KeyType.of(DataType.IPV6_ADDR, DataType.INET_PROTO, DataType.INET_SERVICE));
    table =
        table
            .with(
                SetContent.of(
                    intervals,
                    AddressIntervals.of(
                        List.of(Cidr.parse("10.0.0.0/24")), List.of(Cidr.parse("10.0.0.8/29")))))
            .with(
                ports,
                Element.interval(
                    ports.key().key(Bytes.u8(6), Bytes.u16(80)),
                    ports.key().key(Bytes.u8(6), Bytes.u16(90))))
            .with(
                members,
                Element.of(
                    members.key().key(Bytes.of(SERVER_6.toBytes()), Bytes.u8(6), Bytes.u16(80))));
    assertThat(accepts(WEB, rule().saddrIn(IPV4, "i").accept())).isTrue();
    assertThat(accepts(WEB, rule().daddrIn(IPV4, "i").accept())).isFalse();
    assertThat(accepts(WEB, rule().daddrNotIn(IPV4, "i").accept())).isTrue();
    Packet inHole = Packet.opening(IpAddress.parse("10.0.0.9"), SERVER, Packet.TCP, 80);
    assertThat(accepts(inHole, rule().saddrIn(IPV4, "i").accept())).isFalse();
    assertThat(accepts(WEB, rule().protocolAndDportIn("p").accept())).isTrue();
    assertThat(
            accepts(
                Packet.opening(CLIENT, SERVER, Packet.UDP, 80),
                rule().protocolAndDportIn("p").accept()))
        .isFalse();
    assertThat(accepts(WEB_6, rule().daddrProtocolAndDportIn(IPV6, "m").accept())).isTrue();
    assertThat(accepts(WEB_6, rule().saddrProtocolAndDportIn(IPV6, "m").accept())).isFalse();
  }

  @Test
  void comesBackFromJumpsButNotFromGotos() {
    table = table.with(new Chain.RegularChain("sub"), rule().l4proto(Packet.UDP).drop());
    assertThat(accepts(WEB, rule().jump("sub"), rule().accept())).isTrue();
    assertThat(accepts(WEB, rule().goTo("sub"), rule().accept())).isFalse();
    table = table.with(new Chain.RegularChain("sub"), rule().returns(), rule().drop());
    assertThat(accepts(WEB, rule().jump("sub"), rule().accept())).isTrue();
  }

  @Test
  void followsVerdictMapsAndWildcards() {
    NftSet map = NftSet.verdictMap("egress", KeyType.of(DataType.IFNAME));
    table =
        table
            .with(new Chain.RegularChain("ep"), rule().accept())
            .with(map, Element.of(Bytes.interfaceName("oci1"), new Verdict.Goto("ep")));
    Rule[] rules = {rule().iifnameVmap("egress"), rule().iifname("oci*").drop(), rule().accept()};
    assertThat(accepts(WEB.via("oci1", "eth0"), rules)).isTrue();
    assertThat(accepts(WEB.via("oci2", "eth0"), rules)).isFalse();
    assertThat(accepts(WEB.via("eth0", "oci2"), rules)).isTrue();
  }

  @Test
  void knowsConnectionsAndMarks() {
    Rule rule = rule().ctState(CtState.ESTABLISHED, CtState.RELATED).accept();
    assertThat(accepts(WEB, rule)).isFalse();
    assertThat(accepts(WEB.withCtState(CtState.RELATED), rule)).isTrue();
    assertThat(accepts(WEB.withMark(0x35), rule().mark(0x30, 0xf0).accept())).isTrue();
    assertThat(accepts(WEB, rule().setMark(0x30).end(""), rule().mark(0x30, -1).accept())).isTrue();
  }

  @Test
  void goesThroughAllBaseChainsOfAHookByPriority() {
    table =
        table
            .with(base("late", 10), rule().drop("second"))
            .with(base("early", -10), rule().accept("first"));
    Evaluation evaluation = new NftInterpreter(table).evaluate(WEB, Hook.FORWARD);
    assertThat(evaluation.accepted()).isFalse();
    assertThat(evaluation.explain())
        .isEqualTo(
            """
            early rule 0 "first": accept
            late rule 0 "second": drop""");
    assertThat(new NftInterpreter(table).evaluate(WEB, Hook.INPUT).accepted()).isTrue();
  }
}
