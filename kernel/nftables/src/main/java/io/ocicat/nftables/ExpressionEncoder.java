package io.ocicat.nftables;

import static io.ocicat.nftables.LinuxNfTables.NFTA_EXPR_DATA;
import static io.ocicat.nftables.LinuxNfTables.NFTA_EXPR_NAME;
import static io.ocicat.nftables.LinuxNfTables.NFTA_LIST_ELEM;
import static io.ocicat.nftables.LinuxNfTables.NFT_LOOKUP_F_INV;
import static io.ocicat.nftables.LinuxNfTables.NFT_OBJECT_COUNTER;
import static io.ocicat.nftables.LinuxNfTables.NFT_REG_VERDICT;

import io.ocicat.netlink.AttributeWriter;
import java.util.function.Consumer;

/**
 * Expressions and verdicts to attributes; {@link ExpressionDecoder} is the reverse. Attribute
 * numbers of single expressions ({@code NFTA_PAYLOAD_*} and so on) are written where they are used.
 */
final class ExpressionEncoder {
  private static final int NLA_F_NESTED = 0x8000;

  private ExpressionEncoder() {}

  /** Writes {@code NFTA_LIST_ELEM} with one expression. */
  static void encode(AttributeWriter writer, Expression expression) {
    int element = writer.begin(NFTA_LIST_ELEM);
    switch (expression) {
      case Expression.Payload e -> data(writer, "payload", w -> payload(w, e));
      case Expression.Meta e ->
          data(writer, "meta", w -> w.beU32(2, e.key().code()).beU32(1, e.destination().code()));
      case Expression.MetaSet e ->
          data(writer, "meta", w -> w.beU32(2, e.key().code()).beU32(3, e.source().code()));
      case Expression.Ct e ->
          data(writer, "ct", w -> w.beU32(2, e.key().code()).beU32(1, e.destination().code()));
      case Expression.CtSet e ->
          data(writer, "ct", w -> w.beU32(2, e.key().code()).beU32(4, e.source().code()));
      case Expression.Cmp e -> data(writer, "cmp", w -> cmp(w, e));
      case Expression.Bitwise e -> data(writer, "bitwise", w -> bitwise(w, e));
      case Expression.Range e -> data(writer, "range", w -> range(w, e));
      case Expression.Lookup e -> data(writer, "lookup", w -> lookup(w, e));
      case Expression.MapLookup e -> mapLookup(writer, e.map(), e.source(), e.destination().code());
      case Expression.VerdictLookup e -> mapLookup(writer, e.map(), e.source(), NFT_REG_VERDICT);
      case Expression.Immediate e ->
          data(writer, "immediate", w -> value(w.beU32(1, e.destination().code()), 2, e.value()));
      case Expression.ImmediateVerdict e ->
          data(writer, "immediate", w -> verdict(w.beU32(1, NFT_REG_VERDICT), 2, e.verdict()));
      case Expression.Counter _ -> data(writer, "counter", w -> w.beU64(1, 0).beU64(2, 0));
      case Expression.CounterReference e ->
          data(writer, "objref", w -> w.beU32(1, NFT_OBJECT_COUNTER).string(2, e.counter()));
      case Expression.Log e -> data(writer, "log", w -> log(w, e));
      case Expression.Limit e -> data(writer, "limit", w -> limit(w, e));
      case Expression.Masquerade e -> data(writer, "masq", w -> masquerade(w, e));
      case Expression.Reject e ->
          data(writer, "reject", w -> w.beU32(1, e.type().code()).u8(2, e.code()));
      case Expression.Fib e -> data(writer, "fib", w -> fib(w, e));
      case Expression.Notrack _ -> writer.string(NFTA_EXPR_NAME, "notrack");
      case Expression.Unknown e ->
          writer
              .string(NFTA_EXPR_NAME, e.name())
              .bytes(NFTA_EXPR_DATA | NLA_F_NESTED, e.data().toArray());
    }
    writer.end(element);
  }

  private static void payload(AttributeWriter w, Expression.Payload e) {
    w.beU32(1, e.destination().code()).beU32(2, e.base().code());
    w.beU32(3, e.offset()).beU32(4, e.lengthBytes());
  }

  private static void cmp(AttributeWriter w, Expression.Cmp e) {
    value(w.beU32(1, e.source().code()).beU32(2, e.op().code()), 3, e.value());
  }

  private static void range(AttributeWriter w, Expression.Range e) {
    w.beU32(1, e.source().code()).beU32(2, e.op().code());
    value(w, 3, e.from());
    value(w, 4, e.to());
  }

  private static void lookup(AttributeWriter w, Expression.Lookup e) {
    w.string(1, e.set()).beU32(2, e.source().code());
    if (e.inverted()) {
      w.beU32(5, NFT_LOOKUP_F_INV);
    }
  }

  private static void mapLookup(
      AttributeWriter writer, String map, Register source, int destination) {
    data(writer, "lookup", w -> w.string(1, map).beU32(2, source.code()).beU32(3, destination));
  }

  private static void log(AttributeWriter w, Expression.Log e) {
    w.beU16(1, e.group());
    if (!e.prefix().isEmpty()) {
      w.string(2, e.prefix());
    }
  }

  private static void limit(AttributeWriter w, Expression.Limit e) {
    w.beU64(1, e.packetsPerSecond()).beU64(2, 1).beU32(3, e.burst()).beU32(4, 0).beU32(5, 0);
  }

  private static void masquerade(AttributeWriter w, Expression.Masquerade e) {
    if (e.flags() != 0) {
      w.beU32(1, e.flags());
    }
  }

  private static void fib(AttributeWriter w, Expression.Fib e) {
    w.beU32(1, e.destination().code()).beU32(2, e.result().code()).beU32(3, e.flags());
  }

  private static void bitwise(AttributeWriter w, Expression.Bitwise e) {
    w.beU32(1, e.source().code()).beU32(2, e.destination().code()).beU32(3, e.mask().length());
    value(w, 4, e.mask());
    value(w, 5, e.xor());
  }

  private static void data(AttributeWriter writer, String name, Consumer<AttributeWriter> content) {
    writer.string(NFTA_EXPR_NAME, name).nested(NFTA_EXPR_DATA, content);
  }

  /** Writes {@code nft_data} with a value. */
  static void value(AttributeWriter writer, int type, Bytes value) {
    int data = writer.begin(type);
    writer.bytes(LinuxNfTables.NFTA_DATA_VALUE, value.toArray()).end(data);
  }

  /** Writes {@code nft_data} with a verdict. */
  static void verdict(AttributeWriter writer, int type, Verdict verdict) {
    int data = writer.begin(type);
    int inner = writer.begin(LinuxNfTables.NFTA_DATA_VERDICT);
    switch (verdict) {
      case Verdict.Accept() -> code(writer, LinuxNfTables.NF_ACCEPT);
      case Verdict.Drop() -> code(writer, LinuxNfTables.NF_DROP);
      case Verdict.Continue() -> code(writer, LinuxNfTables.NFT_CONTINUE);
      case Verdict.Return() -> code(writer, LinuxNfTables.NFT_RETURN);
      case Verdict.Jump(String chain) ->
          code(writer, LinuxNfTables.NFT_JUMP).string(LinuxNfTables.NFTA_VERDICT_CHAIN, chain);
      case Verdict.Goto(String chain) ->
          code(writer, LinuxNfTables.NFT_GOTO).string(LinuxNfTables.NFTA_VERDICT_CHAIN, chain);
      case Verdict.Other(int code) -> code(writer, code);
    }
    writer.end(inner);
    writer.end(data);
  }

  private static AttributeWriter code(AttributeWriter writer, int code) {
    return writer.beU32(LinuxNfTables.NFTA_VERDICT_CODE, code);
  }
}
