package io.ocicat.nftables;

import static io.ocicat.inet.IpFamily.IPV4;
import static io.ocicat.inet.IpFamily.IPV6;
import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.util.List;

/** A table that has one of everything. */
final class Specimen {
  static final Table TABLE = new Table(NftFamily.INET, "ocicat", "made for a test");
  static final int TCP = 6;
  static final int UDP = 17;
  static final int SCTP = 132;

  static final NftSet GROUP_4 =
      NftSet.of("g-1-4", KeyType.of(DataType.IPV4_ADDR)).withComment("pods app=web");
  static final NftSet BLOCKS_4 = NftSet.ofIntervals("b-4", KeyType.of(DataType.IPV4_ADDR));
  static final NftSet BLOCKS_6 = NftSet.ofIntervals("b-6", KeyType.of(DataType.IPV6_ADDR));
  static final NftSet NAMED_PORTS =
      NftSet.of("np-4", KeyType.of(DataType.IPV4_ADDR, DataType.INET_PROTO, DataType.INET_SERVICE));
  static final NftSet PORTS =
      NftSet.ofIntervals("ports", KeyType.of(DataType.INET_PROTO, DataType.INET_SERVICE));
  static final NftSet EGRESS =
      NftSet.verdictMap("egress", KeyType.of(DataType.IFNAME)).withComment("by interface");
  static final NftSet MARKS = NftSet.map("marks", KeyType.of(DataType.IPV4_ADDR), DataType.MARK);

  static final NftSet PEERS = NftSet.map("peers", KeyType.of(DataType.IPV4_ADDR), DataType.MARK);
  static final NftSet PEER_RANGES =
      NftSet.intervalMap("peer-ranges", KeyType.of(DataType.IPV4_ADDR), DataType.MARK);
  static final NftSet ROWS = NftSet.verdictMap("rows", KeyType.of(DataType.MARK));
  static final NftSet PORT_ROWS =
      NftSet.intervalVerdictMap(
          "port-rows", KeyType.of(DataType.INET_PROTO, DataType.INET_SERVICE));

  private Specimen() {}

  static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }

  static Cidr cidr(String text) {
    return Cidr.parse(text);
  }

  static Bytes address(String text) {
    return Bytes.of(ip(text).toBytes());
  }

  static Element endpoint(String interfaceName, String chain) {
    return Element.of(Bytes.interfaceName(interfaceName), new Verdict.Goto(chain));
  }

  static NftTable table() {
    return new NftTable.Builder(TABLE)
        .add(new NamedCounter("denied", "packets that no policy allows"))
        .add(
            GROUP_4,
            List.of(
                Element.of(address("10.0.0.1")).withComment("default/web-1"),
                Element.of(address("10.0.0.2"))))
        .add(
            BLOCKS_4,
            AddressIntervals.of(
                List.of(cidr("10.0.0.0/24"), cidr("10.0.2.0/28"), cidr("255.255.255.0/24"))))
        .add(BLOCKS_6, AddressIntervals.of(List.of(cidr("fd00:10::/64"))))
        .add(
            NAMED_PORTS,
            List.of(
                Element.of(
                    NAMED_PORTS.key().key(address("10.0.0.9"), Bytes.u8(TCP), Bytes.u16(80)))))
        .add(
            PORTS,
            List.of(
                Element.interval(
                    PORTS.key().key(Bytes.u8(TCP), Bytes.u16(80)),
                    PORTS.key().key(Bytes.u8(TCP), Bytes.u16(90))),
                Element.of(PORTS.key().key(Bytes.u8(UDP), Bytes.u16(53)))))
        .add(EGRESS, List.of(endpoint("oci123456789abc", "ep-1").withComment("default/web-1")))
        .add(PEERS, List.of(Element.of(address("10.0.0.1"), Bytes.ofHex("01020304"))))
        .add(
            PEER_RANGES,
            List.of(
                Element.interval(address("10.1.0.0"), address("10.1.0.9"), Bytes.ofHex("11111111")),
                Element.interval(
                    address("10.1.0.10"), address("10.1.255.255"), Bytes.ofHex("22222222"))))
        .add(ROWS, List.of(Element.of(Bytes.ofHex("01020304"), new Verdict.Goto("p-1"))))
        .add(
            PORT_ROWS,
            List.of(
                Element.interval(
                    PORTS.key().key(Bytes.u8(TCP), Bytes.u16(80)),
                    PORTS.key().key(Bytes.u8(TCP), Bytes.u16(90)),
                    Verdict.ACCEPT)))
        .add(MARKS, List.of(Element.of(address("10.0.0.1"), Bytes.hostU32(16))))
        .add(
            new Chain.BaseChain(
                "forward",
                ChainType.FILTER,
                Hook.FORWARD,
                Chain.BaseChain.PRIORITY_FILTER,
                ChainPolicy.ACCEPT,
                "what pods send and get"),
            rule().ctState(CtState.ESTABLISHED, CtState.RELATED).accept(),
            rule().ctState(CtState.INVALID).drop(),
            rule().iifnameVmap("egress"),
            rule().iifname("oci*").counter("denied").drop("unknown endpoint"),
            rule().oifnameNot("oci*").accept())
        .add(
            new Chain.BaseChain(
                "postrouting",
                ChainType.NAT,
                Hook.POSTROUTING,
                Chain.BaseChain.PRIORITY_SRCNAT,
                ChainPolicy.ACCEPT,
                ""),
            rule().saddrIn(IPV4, "b-4").daddrNotIn(IPV4, "b-4").masquerade("pool-4"),
            rule().saddr(cidr("fd00:10::/64")).daddrNot(cidr("fd00:10::/64")).masquerade(""))
        .add(
            new Chain.RegularChain("ep-1", "default/web-1"),
            rule().saddrNot(ip("10.0.0.1")).nfproto(IPV4).counter("denied").drop("spoofed"),
            rule().saddrNot(ip("fd00:10::1")).drop("spoofed"),
            rule().jump("p-1", "default/allow-web"),
            rule().limit(10, 50).log(5, "denied ep-1").counter().drop())
        .add(
            new Chain.RegularChain("lookups"),
            rule().saddrMapVmap(IPV4, "peers", "rows", "by peer"),
            rule().daddrMapVmap(IPV4, "peer-ranges", "rows", ""),
            rule().protocolAndDportVmap("port-rows"))
        .add(new Chain.RegularChain("p-1"), policyRules())
        .build();
  }

  private static Rule[] policyRules() {
    return new Rule[] {
      rule().saddrIn(IPV4, "g-1-4").dport(TCP, 80).counter().accept("default/allow-web"),
      rule().saddr(cidr("10.0.0.0/8")).dport(UDP, new PortRange(1000, 2000)).accept(),
      rule().daddr(cidr("10.16.0.0/12")).l4proto(SCTP).accept(),
      rule().daddr(cidr("fd00::/60")).dport(SCTP, 9).accept(),
      rule().saddr(ip("fd00::7")).icmpType(IPV6, 128).accept(),
      rule().saddr(cidr("0.0.0.0/0")).icmpType(IPV4, 8).accept(),
      rule().saddrProtocolAndDportIn(IPV4, "np-4").accept(),
      rule().nfproto(IPV6).protocolAndDportIn("ports").accept(),
      rule().protocolAndDportIn("ports").accept(),
      rule().dportIn(TCP, "tcp-ports").accept(),
      rule().mark(0x10, 0xf0).accept(),
      rule().mark(0x10, -1).accept(),
      rule().setMark(0x20).returns(),
      rule().mark(0x20, 0x20).clearMark(0x20).end(""),
      rule().mark(0x20, 0x20).notrack(),
      rule().reversePathMissing().drop(),
      rule().daddrIsLocal().accept(),
      rule().ctStatusDnat().accept(),
      rule().append(Expression.Reject.TCP_RESET).end(""),
      rule().reject("go away"),
    };
  }

  /** The set that the specimen's policy chain names besides those above. */
  static NftTable tableWithPorts() {
    NftSet tcpPorts = NftSet.ofIntervals("tcp-ports", KeyType.of(DataType.INET_SERVICE));
    return table()
        .with(
            tcpPorts,
            Element.interval(Bytes.u16(80), Bytes.u16(90)),
            Element.interval(Bytes.u16(65535), Bytes.u16(65535)));
  }

  /** A transaction that makes all of a table at once. */
  static NftTransaction make(NftTable table) {
    NftTransaction.Builder transaction = NftTransaction.on(table.table()).addTable();
    table.counters().forEach(transaction::add);
    table.sets().forEach(set -> transaction.add(set.set()));
    table.chains().forEach(chain -> transaction.add(chain.chain()));
    table.sets().forEach(set -> transaction.add(set.set(), set.elements().toList()));
    for (ChainContent chain : table.chains()) {
      chain.rules().forEach(rule -> transaction.add(chain.name(), rule));
    }
    return transaction.build();
  }
}
