package io.ocicat.nftables.interpret;

import io.ocicat.inet.IpFamily;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.CtKey;
import io.ocicat.nftables.CtState;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.ElementData;
import io.ocicat.nftables.Expression;
import io.ocicat.nftables.MetaKey;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.Register;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.SetContent;
import io.ocicat.nftables.Verdict;
import java.util.Arrays;
import java.util.Optional;

/** The registers, headers and marks of one packet, and the evaluation of single rules on them. */
final class PacketMachine {
  private static final int REGISTER_BYTES = 64;
  private static final int DNAT_STATUS = 0x20;
  private static final int RTN_UNICAST = 1;
  private static final int RTN_LOCAL = 2;

  /** What one rule did. */
  sealed interface RuleResult {
    record NoMatch() implements RuleResult {}

    /** All expressions matched; the verdict is {@code continue} if the rule has none. */
    record Matched(Verdict verdict) implements RuleResult {}

    record Rejected() implements RuleResult {}

    record Translated() implements RuleResult {}
  }

  private final NftTable table;
  private final Packet packet;
  private final Bytes networkHeader;
  private final Bytes transportHeader;
  private final byte[] registers = new byte[REGISTER_BYTES];
  private int mark;
  private int ctMark;
  private boolean masqueraded;
  private boolean untracked;

  PacketMachine(NftTable table, Packet packet) {
    this.table = table;
    this.packet = packet;
    this.mark = packet.mark();
    this.transportHeader = transportHeader(packet);
    this.networkHeader = networkHeader(packet);
  }

  boolean masqueraded() {
    return masqueraded;
  }

  boolean untracked() {
    return untracked;
  }

  int mark() {
    return mark;
  }

  RuleResult run(Rule rule) {
    for (Expression expression : rule.expressions()) {
      Optional<RuleResult> end = step(expression);
      if (end.isPresent()) {
        return end.get();
      }
    }
    return new RuleResult.Matched(Verdict.CONTINUE);
  }

  /** Evaluates one expression; present if the rule ends with it. */
  private Optional<RuleResult> step(Expression expression) {
    return switch (expression) {
      case Expression.Payload e -> payload(e);
      case Expression.Meta e -> load(e.destination(), meta(e.key()));
      case Expression.MetaSet e -> {
        require(e.key() == MetaKey.MARK, e);
        mark = read(e.source(), 4).toHostInt();
        yield goOn();
      }
      case Expression.Ct e -> load(e.destination(), ct(e.key()));
      case Expression.CtSet e -> {
        require(e.key() == CtKey.MARK, e);
        ctMark = read(e.source(), 4).toHostInt();
        yield goOn();
      }
      case Expression.Cmp e -> matchIf(compare(e));
      case Expression.Bitwise e ->
          load(e.destination(), read(e.source(), e.mask().length()).and(e.mask()).xor(e.xor()));
      case Expression.Range e -> {
        Bytes value = read(e.source(), e.from().length());
        boolean inside = value.compareTo(e.from()) >= 0 && value.compareTo(e.to()) <= 0;
        yield matchIf(
            switch (e.op()) {
              case EQ -> inside;
              case NEQ -> !inside;
            });
      }
      case Expression.Lookup e -> matchIf(find(e.set(), e.source()).isPresent() != e.inverted());
      case Expression.MapLookup e -> {
        Optional<Element> found = find(e.map(), e.source());
        yield found.isPresent() && found.get().data() instanceof ElementData.ValueData(Bytes value)
            ? load(e.destination(), value)
            : noMatch();
      }
      case Expression.VerdictLookup e -> {
        Optional<Element> found = find(e.map(), e.source());
        yield found.isPresent()
                && found.get().data() instanceof ElementData.VerdictData(Verdict verdict)
            ? verdict(verdict)
            : noMatch();
      }
      case Expression.Immediate e -> load(e.destination(), e.value());
      case Expression.ImmediateVerdict(Verdict verdict) -> verdict(verdict);
      case Expression.Counter _,
          Expression.CounterReference _,
          Expression.Log _,
          Expression.Limit _ ->
          goOn();
      case Expression.Notrack _ -> {
        untracked = true;
        yield goOn();
      }
      case Expression.Masquerade _ -> {
        masqueraded = true;
        yield Optional.of(new RuleResult.Translated());
      }
      case Expression.Reject _ -> Optional.of(new RuleResult.Rejected());
      case Expression.Fib e -> load(e.destination(), fib(e));
      case Expression.Unknown e -> throw uninterpretable(e);
    };
  }

  private Optional<RuleResult> verdict(Verdict verdict) {
    return verdict instanceof Verdict.Continue
        ? goOn()
        : Optional.of(new RuleResult.Matched(verdict));
  }

  private static Optional<RuleResult> goOn() {
    return Optional.empty();
  }

  private static Optional<RuleResult> noMatch() {
    return Optional.of(new RuleResult.NoMatch());
  }

  private static Optional<RuleResult> matchIf(boolean matches) {
    return matches ? goOn() : noMatch();
  }

  private Optional<RuleResult> load(Register register, Bytes value) {
    Bytes padded = value.padded();
    System.arraycopy(padded.toArray(), 0, registers, register.slot() * 4, padded.length());
    return goOn();
  }

  private Bytes read(Register register, int lengthBytes) {
    int start = register.slot() * 4;
    return Bytes.of(Arrays.copyOfRange(registers, start, start + lengthBytes));
  }

  private Optional<RuleResult> payload(Expression.Payload e) {
    Bytes header =
        switch (e.base()) {
          case NETWORK -> networkHeader;
          case TRANSPORT -> transportHeader;
          case LINK -> throw uninterpretable(e);
        };
    int end = e.offset() + e.lengthBytes();
    return end <= header.length()
        ? load(e.destination(), header.slice(e.offset(), end))
        : noMatch();
  }

  private boolean compare(Expression.Cmp e) {
    int order = read(e.source(), e.value().length()).compareTo(e.value());
    return switch (e.op()) {
      case EQ -> order == 0;
      case NEQ -> order != 0;
      case LT -> order < 0;
      case LTE -> order <= 0;
      case GT -> order > 0;
      case GTE -> order >= 0;
    };
  }

  private Optional<Element> find(String set, Register source) {
    SetContent content =
        table
            .set(set)
            .orElseThrow(() -> new IllegalStateException(table.table() + " has no set " + set));
    return content.lookup(read(source, content.set().key().lengthBytes()));
  }

  private Bytes meta(MetaKey key) {
    return switch (key) {
      case IIFNAME -> interfaceName(packet.iif());
      case OIFNAME -> interfaceName(packet.oif());
      case MARK -> Bytes.hostU32(mark);
      case L4PROTO -> Bytes.u8(packet.l4proto());
      case NFPROTO ->
          Bytes.u8(
              switch (packet.source().family()) {
                case IPV4 -> 2;
                case IPV6 -> 10;
              });
      case PROTOCOL ->
          Bytes.u16(
              switch (packet.source().family()) {
                case IPV4 -> 0x0800;
                case IPV6 -> 0x86dd;
              });
      case PKTTYPE, NFTRACE -> Bytes.u8(0);
      case LEN -> Bytes.hostU32(networkHeader.length() + transportHeader.length());
      case PRIORITY, IIF, OIF, IIFTYPE, OIFTYPE, IIFGROUP, OIFGROUP ->
          throw new IllegalStateException("meta " + key + " cannot be interpreted");
    };
  }

  private static Bytes interfaceName(String name) {
    return name.isEmpty() ? Bytes.of(new byte[16]) : Bytes.interfaceName(name);
  }

  private Bytes ct(CtKey key) {
    return switch (key) {
      case STATE -> Bytes.hostU32((untracked ? CtState.UNTRACKED : packet.ctState()).bit());
      case STATUS -> Bytes.hostU32(packet.destinationTranslated() ? DNAT_STATUS : 0);
      case MARK -> Bytes.hostU32(ctMark);
      case DIRECTION -> Bytes.u8(0);
      case ZONE -> Bytes.of(new byte[2]);
    };
  }

  private Bytes fib(Expression.Fib e) {
    boolean ofSource = (e.flags() & Expression.Fib.SADDR) != 0;
    boolean strict = (e.flags() & Expression.Fib.IIF) != 0;
    boolean routed =
        !packet.reversePath().isEmpty() && (!strict || packet.reversePath().equals(packet.iif()));
    return switch (e.result()) {
      case OIF -> {
        require(ofSource && (e.flags() & Expression.Fib.PRESENT) != 0, e);
        yield Bytes.u8(routed ? 1 : 0);
      }
      case OIFNAME -> {
        require(ofSource, e);
        yield interfaceName(routed ? packet.reversePath() : "");
      }
      case ADDRTYPE -> {
        require(!ofSource, e);
        yield Bytes.hostU32(packet.localDestination() ? RTN_LOCAL : RTN_UNICAST);
      }
    };
  }

  private static Bytes networkHeader(Packet packet) {
    boolean v4 = packet.source().family() == IpFamily.IPV4;
    byte[] header = new byte[v4 ? 20 : 40];
    header[0] = (byte) (v4 ? 0x45 : 0x60);
    header[v4 ? 9 : 6] = (byte) packet.l4proto();
    header[v4 ? 8 : 7] = 64;
    byte[] source = packet.source().toBytes();
    int offset = v4 ? 12 : 8;
    System.arraycopy(source, 0, header, offset, source.length);
    System.arraycopy(
        packet.destination().toBytes(), 0, header, offset + source.length, source.length);
    return Bytes.of(header);
  }

  private static Bytes transportHeader(Packet packet) {
    return switch (packet.transport()) {
      case Packet.Transport.Ports ports ->
          Bytes.u16(ports.source())
              .plus(Bytes.u16(ports.destination()))
              .plus(Bytes.of(new byte[8]));
      case Packet.Transport.IcmpType icmp ->
          Bytes.u8(icmp.type()).plus(Bytes.u8(icmp.code())).plus(Bytes.of(new byte[6]));
      case Packet.Transport.Opaque() -> Bytes.of(new byte[8]);
    };
  }

  private static void require(boolean understood, Expression expression) {
    if (!understood) {
      throw uninterpretable(expression);
    }
  }

  private static IllegalStateException uninterpretable(Expression expression) {
    return new IllegalStateException(expression + " cannot be interpreted");
  }
}
