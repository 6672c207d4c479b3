package io.ocicat.nftables;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.nftables.Expression.Cmp;
import io.ocicat.nftables.Expression.CmpOp;
import io.ocicat.nftables.Expression.PayloadBase;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a rule of an {@code inet} table in the words of nft(8) and yields the expressions that nft
 * itself would make of them, including the implied ones: {@code saddr} brings its {@code meta
 * nfproto}, {@code dport} its {@code meta l4proto}, once for a rule.
 *
 * <pre>{@code
 * Rule rule = RuleBuilder.rule().saddrIn(IPV4, "g-1-4").dport(TCP, 80).counter().accept("default/web");
 * }</pre>
 *
 * <p>Each method adds a condition or an action; the verdicts end the rule.
 */
public final class RuleBuilder {
  private static final Register R1 = Register.R1;

  /** Which of the two addresses of a packet. */
  private enum Side {
    SOURCE,
    DESTINATION
  }

  private final List<Expression> expressions = new ArrayList<>();
  private int knownNfproto = -1;
  private int knownL4proto = -1;

  private RuleBuilder() {}

  public static RuleBuilder rule() {
    return new RuleBuilder();
  }

  // Interfaces

  /** {@code iifname "name"}; a name that ends in {@code *} matches all that start so. */
  public RuleBuilder iifname(String name) {
    return interfaceName(MetaKey.IIFNAME, CmpOp.EQ, name);
  }

  public RuleBuilder iifnameNot(String name) {
    return interfaceName(MetaKey.IIFNAME, CmpOp.NEQ, name);
  }

  public RuleBuilder oifname(String name) {
    return interfaceName(MetaKey.OIFNAME, CmpOp.EQ, name);
  }

  public RuleBuilder oifnameNot(String name) {
    return interfaceName(MetaKey.OIFNAME, CmpOp.NEQ, name);
  }

  /** {@code iifname @set}. */
  public RuleBuilder iifnameIn(String set) {
    return load(MetaKey.IIFNAME).append(new Expression.Lookup(set, R1, false));
  }

  /** {@code oifname @set}. */
  public RuleBuilder oifnameIn(String set) {
    return load(MetaKey.OIFNAME).append(new Expression.Lookup(set, R1, false));
  }

  private RuleBuilder interfaceName(MetaKey key, CmpOp op, String name) {
    Bytes value =
        name.endsWith("*")
            ? Bytes.utf8(name.substring(0, name.length() - 1))
            : Bytes.interfaceName(name);
    return load(key).append(new Cmp(R1, op, value));
  }

  // Addresses

  /** {@code meta nfproto ipv4} or {@code ipv6}. */
  public RuleBuilder nfproto(IpFamily family) {
    int number = nfprotoNumber(family);
    if (knownNfproto != number) {
      load(MetaKey.NFPROTO).append(new Cmp(R1, CmpOp.EQ, Bytes.u8(number)));
      knownNfproto = number;
    }
    return this;
  }

  public RuleBuilder saddr(IpAddress address) {
    return address(Side.SOURCE, CmpOp.EQ, address.toHostCidr());
  }

  public RuleBuilder saddr(Cidr prefix) {
    return address(Side.SOURCE, CmpOp.EQ, prefix);
  }

  public RuleBuilder saddrNot(IpAddress address) {
    return address(Side.SOURCE, CmpOp.NEQ, address.toHostCidr());
  }

  public RuleBuilder saddrNot(Cidr prefix) {
    return address(Side.SOURCE, CmpOp.NEQ, prefix);
  }

  public RuleBuilder daddr(IpAddress address) {
    return address(Side.DESTINATION, CmpOp.EQ, address.toHostCidr());
  }

  public RuleBuilder daddr(Cidr prefix) {
    return address(Side.DESTINATION, CmpOp.EQ, prefix);
  }

  public RuleBuilder daddrNot(IpAddress address) {
    return address(Side.DESTINATION, CmpOp.NEQ, address.toHostCidr());
  }

  public RuleBuilder daddrNot(Cidr prefix) {
    return address(Side.DESTINATION, CmpOp.NEQ, prefix);
  }

  /** {@code ip saddr @set}. */
  public RuleBuilder saddrIn(IpFamily family, String set) {
    return loadAddress(Side.SOURCE, family).append(new Expression.Lookup(set, R1, false));
  }

  /** {@code ip saddr != @set}. */
  public RuleBuilder saddrNotIn(IpFamily family, String set) {
    return loadAddress(Side.SOURCE, family).append(new Expression.Lookup(set, R1, true));
  }

  /** {@code ip daddr @set}. */
  public RuleBuilder daddrIn(IpFamily family, String set) {
    return loadAddress(Side.DESTINATION, family).append(new Expression.Lookup(set, R1, false));
  }

  /** {@code ip daddr != @set}. */
  public RuleBuilder daddrNotIn(IpFamily family, String set) {
    return loadAddress(Side.DESTINATION, family).append(new Expression.Lookup(set, R1, true));
  }

  private RuleBuilder address(Side side, CmpOp op, Cidr prefix) {
    IpFamily family = prefix.family();
    int bits = prefix.prefixLength();
    if (bits == 0 && op == CmpOp.EQ) {
      return nfproto(family);
    }
    Bytes network = Bytes.of(prefix.address().masked(bits).toBytes());
    if (bits > 0 && bits % 8 == 0) {
      nfproto(family)
          .append(
              new Expression.Payload(
                  R1, PayloadBase.NETWORK, addressOffset(side, family), bits / 8));
      return append(new Cmp(R1, op, network.slice(0, bits / 8)));
    }
    Bytes zero = Bytes.of(new byte[family.bytes()]);
    return loadAddress(side, family)
        .append(new Expression.Bitwise(R1, R1, mask(family, bits), zero))
        .append(new Cmp(R1, op, network));
  }

  private RuleBuilder loadAddress(Side side, IpFamily family) {
    return nfproto(family)
        .append(
            new Expression.Payload(
                R1, PayloadBase.NETWORK, addressOffset(side, family), family.bytes()));
  }

  private static Bytes mask(IpFamily family, int prefixLength) {
    byte[] mask = new byte[family.bytes()];
    for (int i = 0; i < prefixLength; i++) {
      mask[i / 8] |= (byte) (0x80 >>> i % 8);
    }
    return Bytes.of(mask);
  }

  private static int addressOffset(Side side, IpFamily family) {
    return switch (family) {
      case IPV4 -> side == Side.SOURCE ? 12 : 16;
      case IPV6 -> side == Side.SOURCE ? 8 : 24;
    };
  }

  private static int nfprotoNumber(IpFamily family) {
    return switch (family) {
      case IPV4 -> NftFamily.IP.code();
      case IPV6 -> NftFamily.IP6.code();
    };
  }

  // Protocols and ports

  /** {@code meta l4proto number}; numbers are those of IANA. */
  public RuleBuilder l4proto(int protocol) {
    if (knownL4proto != protocol) {
      load(MetaKey.L4PROTO).append(new Cmp(R1, CmpOp.EQ, Bytes.u8(protocol)));
      knownL4proto = protocol;
    }
    return this;
  }

  /** {@code meta l4proto @set}. */
  public RuleBuilder l4protoIn(String set) {
    return load(MetaKey.L4PROTO).append(new Expression.Lookup(set, R1, false));
  }

  /** {@code meta l4proto != number}. */
  public RuleBuilder l4protoNot(int protocol) {
    return load(MetaKey.L4PROTO).append(new Cmp(R1, CmpOp.NEQ, Bytes.u8(protocol)));
  }

  /** {@code tcp dport 80}, and the same for UDP, SCTP and DCCP. */
  public RuleBuilder dport(int protocol, int port) {
    return dport(protocol, new PortRange(port, port));
  }

  /** {@code tcp dport 80-90}, both ends included. */
  public RuleBuilder dport(int protocol, PortRange ports) {
    return port(Side.DESTINATION, protocol, ports);
  }

  /** {@code tcp sport 80-90}, both ends included. */
  public RuleBuilder sport(int protocol, PortRange ports) {
    return port(Side.SOURCE, protocol, ports);
  }

  private RuleBuilder port(Side side, int protocol, PortRange ports) {
    loadPort(side, protocol);
    if (ports.first() == ports.last()) {
      return append(new Cmp(R1, CmpOp.EQ, Bytes.u16(ports.first())));
    }
    return append(new Cmp(R1, CmpOp.GTE, Bytes.u16(ports.first())))
        .append(new Cmp(R1, CmpOp.LTE, Bytes.u16(ports.last())));
  }

  /** {@code tcp dport @set}. */
  public RuleBuilder dportIn(int protocol, String set) {
    return loadPort(Side.DESTINATION, protocol).append(new Expression.Lookup(set, R1, false));
  }

  private RuleBuilder loadPort(Side side, int protocol) {
    return l4proto(protocol)
        .append(new Expression.Payload(R1, PayloadBase.TRANSPORT, portOffset(side), 2));
  }

  private static int portOffset(Side side) {
    return switch (side) {
      case SOURCE -> 0;
      case DESTINATION -> 2;
    };
  }

  /** {@code meta l4proto . th dport @set}, for a set of type {@code inet_proto . inet_service}. */
  public RuleBuilder protocolAndDportIn(String set) {
    return concatenation(R1, Side.DESTINATION, new Expression.Lookup(set, R1, false));
  }

  /** {@code meta l4proto . th dport != @set}. */
  public RuleBuilder protocolAndDportNotIn(String set) {
    return concatenation(R1, Side.DESTINATION, new Expression.Lookup(set, R1, true));
  }

  /** {@code meta l4proto . th sport @set}. */
  public RuleBuilder protocolAndSportIn(String set) {
    return concatenation(R1, Side.SOURCE, new Expression.Lookup(set, R1, false));
  }

  /** {@code meta l4proto . th sport != @set}. */
  public RuleBuilder protocolAndSportNotIn(String set) {
    return concatenation(R1, Side.SOURCE, new Expression.Lookup(set, R1, true));
  }

  /** {@code ip saddr . meta l4proto . th dport @set}: who it is from, and what it is for. */
  public RuleBuilder saddrProtocolAndDportIn(IpFamily family, String set) {
    return loadAddress(Side.SOURCE, family)
        .concatenation(
            R1.after(family.bytes()), Side.DESTINATION, new Expression.Lookup(set, R1, false));
  }

  /**
   * {@code ip saddr . meta l4proto . th sport @set}, for a set of type {@code ipv4_addr .
   * inet_proto . inet_service} or the same with IPv6.
   */
  public RuleBuilder saddrProtocolAndSportIn(IpFamily family, String set) {
    return endpoint(Side.SOURCE, family, new Expression.Lookup(set, R1, false));
  }

  /** {@code ip saddr . meta l4proto . th sport != @set}. */
  public RuleBuilder saddrProtocolAndSportNotIn(IpFamily family, String set) {
    return endpoint(Side.SOURCE, family, new Expression.Lookup(set, R1, true));
  }

  /** {@code ip daddr . meta l4proto . th dport @set}, the same for the destination. */
  public RuleBuilder daddrProtocolAndDportIn(IpFamily family, String set) {
    return endpoint(Side.DESTINATION, family, new Expression.Lookup(set, R1, false));
  }

  /** {@code ip daddr . meta l4proto . th dport != @set}. */
  public RuleBuilder daddrProtocolAndDportNotIn(IpFamily family, String set) {
    return endpoint(Side.DESTINATION, family, new Expression.Lookup(set, R1, true));
  }

  private RuleBuilder endpoint(Side side, IpFamily family, Expression.Lookup lookup) {
    return loadAddress(side, family).concatenation(R1.after(family.bytes()), side, lookup);
  }

  private RuleBuilder concatenation(Register protocol, Side side, Expression lookup) {
    return append(new Expression.Meta(MetaKey.L4PROTO, protocol))
        .append(
            new Expression.Payload(protocol.after(1), PayloadBase.TRANSPORT, portOffset(side), 2))
        .append(lookup);
  }

  /** {@code icmp type n} or {@code icmpv6 type n}. */
  public RuleBuilder icmpType(IpFamily family, int type) {
    return icmp(family, CmpOp.EQ, Bytes.u8(type));
  }

  /** {@code icmp type != n}. */
  public RuleBuilder icmpTypeNot(IpFamily family, int type) {
    return icmp(family, CmpOp.NEQ, Bytes.u8(type));
  }

  /** {@code icmp type n icmp code m}, as one comparison. */
  public RuleBuilder icmpTypeAndCode(IpFamily family, int type, int code) {
    return icmp(family, CmpOp.EQ, Bytes.u8(type).plus(Bytes.u8(code)));
  }

  /** Not both {@code icmp type n} and {@code icmp code m}. */
  public RuleBuilder icmpTypeAndCodeNot(IpFamily family, int type, int code) {
    return icmp(family, CmpOp.NEQ, Bytes.u8(type).plus(Bytes.u8(code)));
  }

  private RuleBuilder icmp(IpFamily family, CmpOp op, Bytes value) {
    return nfproto(family)
        .l4proto(
            switch (family) {
              case IPV4 -> 1;
              case IPV6 -> 58;
            })
        .append(new Expression.Payload(R1, PayloadBase.TRANSPORT, 0, value.length()))
        .append(new Cmp(R1, op, value));
  }

  // Connections and marks

  /** {@code ct state established,related}: any of them. */
  public RuleBuilder ctState(CtState... states) {
    int bits = 0;
    for (CtState state : states) {
      bits |= state.bit();
    }
    return anyBit(new Expression.Ct(CtKey.STATE, R1), bits);
  }

  /** {@code ct direction reply}: from the one that did not open the connection. */
  public RuleBuilder ctDirectionReply() {
    return append(new Expression.Ct(CtKey.DIRECTION, R1))
        .append(new Cmp(R1, CmpOp.EQ, Bytes.u8(1)));
  }

  /** {@code ct status dnat}: the connection's destination was translated. */
  public RuleBuilder ctStatusDnat() {
    return anyBit(new Expression.Ct(CtKey.STATUS, R1), 0x20);
  }

  /** {@code meta mark & mask == value}. */
  public RuleBuilder mark(int value, int mask) {
    load(MetaKey.MARK);
    if (mask != -1) {
      append(new Expression.Bitwise(R1, R1, Bytes.hostU32(mask), Bytes.hostU32(0)));
    }
    return append(new Cmp(R1, CmpOp.EQ, Bytes.hostU32(value)));
  }

  /** {@code meta mark set meta mark | bits}. */
  public RuleBuilder setMark(int bits) {
    return load(MetaKey.MARK)
        .append(new Expression.Bitwise(R1, R1, Bytes.hostU32(~bits), Bytes.hostU32(bits)))
        .append(new Expression.MetaSet(MetaKey.MARK, R1));
  }

  /** {@code meta mark set meta mark & ~bits}. */
  public RuleBuilder clearMark(int bits) {
    return load(MetaKey.MARK)
        .append(new Expression.Bitwise(R1, R1, Bytes.hostU32(~bits), Bytes.hostU32(0)))
        .append(new Expression.MetaSet(MetaKey.MARK, R1));
  }

  private RuleBuilder anyBit(Expression load, int bits) {
    return append(load)
        .append(new Expression.Bitwise(R1, R1, Bytes.hostU32(bits), Bytes.hostU32(0)))
        .append(new Cmp(R1, CmpOp.NEQ, Bytes.hostU32(0)));
  }

  /** {@code fib saddr . iif oif missing}: the route back would leave by another interface. */
  public RuleBuilder reversePathMissing() {
    int flags = Expression.Fib.SADDR | Expression.Fib.IIF | Expression.Fib.PRESENT;
    return append(new Expression.Fib(R1, Expression.FibResult.OIF, flags))
        .append(new Cmp(R1, CmpOp.EQ, Bytes.hostU32(0)));
  }

  /** {@code fib daddr type local}: the destination is an address of this host. */
  public RuleBuilder daddrIsLocal() {
    return append(new Expression.Fib(R1, Expression.FibResult.ADDRTYPE, Expression.Fib.DADDR))
        .append(new Cmp(R1, CmpOp.EQ, Bytes.hostU32(2)));
  }

  // Actions

  /** {@code counter}. */
  public RuleBuilder counter() {
    return append(new Expression.Counter());
  }

  /** {@code counter name "name"}. */
  public RuleBuilder counter(String name) {
    return append(new Expression.CounterReference(name));
  }

  /** {@code log group n prefix "text"}. */
  public RuleBuilder log(int group, String prefix) {
    return append(new Expression.Log(group, prefix));
  }

  /** {@code limit rate n/second burst m packets}. */
  public RuleBuilder limit(long packetsPerSecond, int burst) {
    return append(new Expression.Limit(packetsPerSecond, burst));
  }

  /** Any expression, as it is. */
  public RuleBuilder append(Expression expression) {
    expressions.add(expression);
    return this;
  }

  private RuleBuilder load(MetaKey key) {
    return append(new Expression.Meta(key, R1));
  }

  // Ends

  public Rule accept(String comment) {
    return verdict(Verdict.ACCEPT, comment);
  }

  public Rule accept() {
    return accept("");
  }

  public Rule drop(String comment) {
    return verdict(Verdict.DROP, comment);
  }

  public Rule drop() {
    return drop("");
  }

  public Rule jump(String chain) {
    return jump(chain, "");
  }

  public Rule jump(String chain, String comment) {
    return verdict(new Verdict.Jump(chain), comment);
  }

  public Rule goTo(String chain) {
    return goTo(chain, "");
  }

  public Rule goTo(String chain, String comment) {
    return verdict(new Verdict.Goto(chain), comment);
  }

  public Rule returns() {
    return verdict(Verdict.RETURN, "");
  }

  public Rule verdict(Verdict verdict, String comment) {
    return append(new Expression.ImmediateVerdict(verdict)).end(comment);
  }

  /** {@code iifname vmap @map}. */
  public Rule iifnameVmap(String map) {
    return load(MetaKey.IIFNAME).append(new Expression.VerdictLookup(map, R1)).end("");
  }

  /** {@code oifname vmap @map}. */
  public Rule oifnameVmap(String map) {
    return load(MetaKey.OIFNAME).append(new Expression.VerdictLookup(map, R1)).end("");
  }

  /** {@code ip saddr vmap @map}. */
  public Rule saddrVmap(IpFamily family, String map) {
    return loadAddress(Side.SOURCE, family).append(new Expression.VerdictLookup(map, R1)).end("");
  }

  /** {@code ip daddr vmap @map}. */
  public Rule daddrVmap(IpFamily family, String map) {
    return loadAddress(Side.DESTINATION, family)
        .append(new Expression.VerdictLookup(map, R1))
        .end("");
  }

  /**
   * The verdict that {@code verdicts} has for the mark that {@code map} has for the source; does
   * not match if either has none. The packet's own mark stays as it is: it is only put aside
   * meanwhile, since nft(8) cannot print a value that goes from map to map without a stop.
   */
  public Rule saddrMapVmap(IpFamily family, String map, String verdicts, String comment) {
    return addressMapVmap(Side.SOURCE, family, map, verdicts, comment);
  }

  /** The same for the destination. */
  public Rule daddrMapVmap(IpFamily family, String map, String verdicts, String comment) {
    return addressMapVmap(Side.DESTINATION, family, map, verdicts, comment);
  }

  private Rule addressMapVmap(
      Side side, IpFamily family, String map, String verdicts, String comment) {
    Register aside = R1.after(IpFamily.IPV6.bytes());
    return loadAddress(side, family)
        .append(new Expression.MapLookup(map, R1, R1))
        .append(new Expression.Meta(MetaKey.MARK, aside))
        .append(new Expression.MetaSet(MetaKey.MARK, R1))
        .append(new Expression.Meta(MetaKey.MARK, R1))
        .append(new Expression.MetaSet(MetaKey.MARK, aside))
        .append(new Expression.VerdictLookup(verdicts, R1))
        .end(comment);
  }

  /** {@code meta l4proto . th dport vmap @map}. */
  public Rule protocolAndDportVmap(String map) {
    return concatenation(R1, Side.DESTINATION, new Expression.VerdictLookup(map, R1)).end("");
  }

  /** {@code masquerade}. */
  public Rule masquerade(String comment) {
    return append(new Expression.Masquerade(0)).end(comment);
  }

  /** {@code reject with icmpx admin-prohibited}. */
  public Rule reject(String comment) {
    return append(Expression.Reject.ADMIN_PROHIBITED).end(comment);
  }

  /** {@code notrack}. */
  public Rule notrack() {
    return append(new Expression.Notrack()).end("");
  }

  /** Ends the rule without a verdict of its own. */
  public Rule end(String comment) {
    return new Rule(expressions, comment);
  }
}
