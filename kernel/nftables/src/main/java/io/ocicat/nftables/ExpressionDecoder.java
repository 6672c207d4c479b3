package io.ocicat.nftables;

import io.ocicat.netlink.AttributeReader;
import io.ocicat.nftables.Expression.CmpOp;
import io.ocicat.nftables.Expression.FibResult;
import io.ocicat.nftables.Expression.PayloadBase;
import io.ocicat.nftables.Expression.RangeOp;
import io.ocicat.nftables.Expression.RejectType;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Attributes to expressions; the reverse of {@link ExpressionEncoder}. */
final class ExpressionDecoder {
  private static final AttributeReader NOTHING = new AttributeReader(new byte[0]);

  private ExpressionDecoder() {}

  /** Reads the inside of {@code NFTA_LIST_ELEM}; what is not fully understood becomes unknown. */
  static Expression decode(AttributeReader element) {
    String name = element.require(LinuxNfTables.NFTA_EXPR_NAME).string();
    Optional<AttributeReader.Attribute> data = element.find(LinuxNfTables.NFTA_EXPR_DATA);
    AttributeReader attributes = data.map(AttributeReader.Attribute::nested).orElse(NOTHING);
    return known(name, attributes)
        .orElseGet(
            () ->
                new Expression.Unknown(
                    name, data.map(d -> Bytes.of(d.bytes())).orElse(Bytes.EMPTY)));
  }

  /** The counts in a counter expression. */
  static Optional<Counts> counts(AttributeReader element) {
    return element.require(LinuxNfTables.NFTA_EXPR_NAME).string().equals("counter")
        ? element.find(LinuxNfTables.NFTA_EXPR_DATA).map(d -> counterData(d.nested()))
        : Optional.empty();
  }

  static Counts counterData(AttributeReader data) {
    return new Counts(
        data.find(LinuxNfTables.NFTA_COUNTER_PACKETS).map(a -> a.beU64()).orElse(0L),
        data.find(LinuxNfTables.NFTA_COUNTER_BYTES).map(a -> a.beU64()).orElse(0L));
  }

  private static Optional<Expression> known(String name, AttributeReader a) {
    return switch (name) {
      case "payload" -> payload(a);
      case "meta" -> meta(a);
      case "ct" -> ct(a);
      case "cmp" ->
          of(CmpOp.values(), CmpOp::code, number(a, 2))
              .map(op -> new Expression.Cmp(register(a, 1), op, value(a, 3)));
      case "bitwise" ->
          numberOr(a, 6, 0) == 0
              ? Optional.of(
                  new Expression.Bitwise(register(a, 1), register(a, 2), value(a, 4), value(a, 5)))
              : Optional.empty();
      case "range" ->
          of(RangeOp.values(), RangeOp::code, number(a, 2))
              .map(op -> new Expression.Range(register(a, 1), op, value(a, 3), value(a, 4)));
      case "lookup" -> Optional.of(lookup(a));
      case "immediate" -> Optional.of(immediate(a));
      case "counter" -> Optional.of(new Expression.Counter());
      case "objref" ->
          numberOr(a, 1, 0) == LinuxNfTables.NFT_OBJECT_COUNTER
              ? a.find(2).map(n -> new Expression.CounterReference(n.string()))
              : Optional.empty();
      case "log" -> log(a);
      case "limit" -> limit(a);
      case "masq" ->
          a.find(2).isPresent()
              ? Optional.empty()
              : Optional.of(new Expression.Masquerade(numberOr(a, 1, 0)));
      case "reject" ->
          of(RejectType.values(), RejectType::code, number(a, 1))
              .map(t -> new Expression.Reject(t, a.find(2).map(c -> c.u8()).orElse(0)));
      case "fib" ->
          of(FibResult.values(), FibResult::code, number(a, 2))
              .map(r -> new Expression.Fib(register(a, 1), r, number(a, 3)));
      case "notrack" -> Optional.of(new Expression.Notrack());
      default -> Optional.empty();
    };
  }

  private static Optional<Expression> payload(AttributeReader a) {
    return a.find(1).isEmpty()
        ? Optional.empty()
        : of(PayloadBase.values(), PayloadBase::code, number(a, 2))
            .map(b -> new Expression.Payload(register(a, 1), b, number(a, 3), number(a, 4)));
  }

  private static Optional<Expression> meta(AttributeReader a) {
    return MetaKey.of(number(a, 2))
        .map(
            key ->
                a.find(3).isPresent()
                    ? new Expression.MetaSet(key, register(a, 3))
                    : new Expression.Meta(key, register(a, 1)));
  }

  private static Optional<Expression> ct(AttributeReader a) {
    return a.find(3).isPresent()
        ? Optional.empty()
        : CtKey.of(number(a, 2))
            .map(
                key ->
                    a.find(4).isPresent()
                        ? new Expression.CtSet(key, register(a, 4))
                        : new Expression.Ct(key, register(a, 1)));
  }

  private static Expression lookup(AttributeReader a) {
    String set = a.require(1).string();
    Register source = register(a, 2);
    if (a.find(3).isEmpty()) {
      boolean inverted = (numberOr(a, 5, 0) & LinuxNfTables.NFT_LOOKUP_F_INV) != 0;
      return new Expression.Lookup(set, source, inverted);
    }
    return number(a, 3) == LinuxNfTables.NFT_REG_VERDICT
        ? new Expression.VerdictLookup(set, source)
        : new Expression.MapLookup(set, source, register(a, 3));
  }

  private static Expression immediate(AttributeReader a) {
    return number(a, 1) == LinuxNfTables.NFT_REG_VERDICT
        ? new Expression.ImmediateVerdict(verdict(a.require(2).nested()))
        : new Expression.Immediate(register(a, 1), value(a, 2));
  }

  private static Optional<Expression> log(AttributeReader a) {
    boolean plain = numberOr(a, 3, 0) == 0 && a.find(4).isEmpty();
    return plain
        ? a.find(1)
            .map(
                group ->
                    new Expression.Log(
                        group.beU16(), a.find(2).map(AttributeReader.Attribute::string).orElse("")))
        : Optional.empty();
  }

  /** Packets per second, not inverted. */
  private static Optional<Expression> limit(AttributeReader a) {
    boolean plain =
        numberOr(a, 4, 0) == 0
            && numberOr(a, 5, 0) == 0
            && a.find(2).map(unit -> unit.beU64() == 1).orElse(false);
    return plain
        ? a.find(1).map(rate -> new Expression.Limit(rate.beU64(), numberOr(a, 3, 0)))
        : Optional.empty();
  }

  /** Reads the inside of {@code nft_data} with a verdict. */
  static Verdict verdict(AttributeReader data) {
    AttributeReader verdict = data.require(LinuxNfTables.NFTA_DATA_VERDICT).nested();
    int code = verdict.require(LinuxNfTables.NFTA_VERDICT_CODE).beU32();
    return switch (code) {
      case LinuxNfTables.NF_ACCEPT -> Verdict.ACCEPT;
      case LinuxNfTables.NF_DROP -> Verdict.DROP;
      case LinuxNfTables.NFT_CONTINUE -> Verdict.CONTINUE;
      case LinuxNfTables.NFT_RETURN -> Verdict.RETURN;
      case LinuxNfTables.NFT_JUMP -> new Verdict.Jump(chain(verdict));
      case LinuxNfTables.NFT_GOTO -> new Verdict.Goto(chain(verdict));
      default -> new Verdict.Other(code);
    };
  }

  private static String chain(AttributeReader verdict) {
    return verdict.require(LinuxNfTables.NFTA_VERDICT_CHAIN).string();
  }

  private static Bytes value(AttributeReader a, int type) {
    return Bytes.of(a.require(type).nested().require(LinuxNfTables.NFTA_DATA_VALUE).bytes());
  }

  private static Register register(AttributeReader a, int type) {
    return Register.ofCode(number(a, type));
  }

  private static int number(AttributeReader a, int type) {
    return a.require(type).beU32();
  }

  private static int numberOr(AttributeReader a, int type, int absent) {
    return a.find(type).map(AttributeReader.Attribute::beU32).orElse(absent);
  }

  private static <E> Optional<E> of(E[] values, ToIntFunction<E> codeOf, int code) {
    for (E value : values) {
      if (codeOf.applyAsInt(value) == code) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
