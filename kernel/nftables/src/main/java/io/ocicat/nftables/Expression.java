package io.ocicat.nftables;

/**
 * One step of a rule: loads a register, compares it, acts or gives a verdict.
 *
 * <p>Counts of a {@link Counter} are not part of the rule; a dump keeps them beside it.
 */
public sealed interface Expression {

  /** {@code enum nft_payload_bases}. */
  enum PayloadBase {
    LINK(0),
    NETWORK(1),
    TRANSPORT(2);

    private final int code;

    PayloadBase(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** {@code enum nft_cmp_ops}; values are compared as numbers in network order. */
  enum CmpOp {
    EQ(0),
    NEQ(1),
    LT(2),
    LTE(3),
    GT(4),
    GTE(5);

    private final int code;

    CmpOp(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** {@code enum nft_range_ops}. */
  enum RangeOp {
    EQ(0),
    NEQ(1);

    private final int code;

    RangeOp(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** {@code enum nft_reject_types}. */
  enum RejectType {
    ICMP_UNREACH(0),
    TCP_RST(1),
    ICMPX_UNREACH(2);

    private final int code;

    RejectType(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** {@code enum nft_fib_result}. */
  enum FibResult {
    OIF(1),
    OIFNAME(2),
    ADDRTYPE(3);

    private final int code;

    FibResult(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** Loads bytes of the packet. */
  record Payload(Register destination, PayloadBase base, int offset, int lengthBytes)
      implements Expression {}

  /** Loads something known about the packet. */
  record Meta(MetaKey key, Register destination) implements Expression {}

  /** Sets something known about the packet, such as its mark. */
  record MetaSet(MetaKey key, Register source) implements Expression {}

  /** Loads something known about the packet's connection. */
  record Ct(CtKey key, Register destination) implements Expression {}

  /** Sets something about the packet's connection. */
  record CtSet(CtKey key, Register source) implements Expression {}

  /** Matches if the register compares so with the value; a short value compares a prefix. */
  record Cmp(Register source, CmpOp op, Bytes value) implements Expression {}

  /** {@code destination = (source & mask) ^ xor}. */
  record Bitwise(Register source, Register destination, Bytes mask, Bytes xor)
      implements Expression {}

  /** Matches if the register is, or is not, from {@code from} to {@code to}. */
  record Range(Register source, RangeOp op, Bytes from, Bytes to) implements Expression {}

  /** Matches if the key is in the set, or is not when {@code inverted}. */
  record Lookup(String set, Register source, boolean inverted) implements Expression {}

  /** Loads the value that a map has for the key; does not match if it has none. */
  record MapLookup(String map, Register source, Register destination) implements Expression {}

  /** Gives the verdict that a verdict map has for the key; does not match if it has none. */
  record VerdictLookup(String map, Register source) implements Expression {}

  /** Loads a constant. */
  record Immediate(Register destination, Bytes value) implements Expression {}

  /** Gives a verdict. */
  record ImmediateVerdict(Verdict verdict) implements Expression {}

  /** Counts packets and bytes of this rule. */
  record Counter() implements Expression {}

  /** Counts in a {@link NamedCounter}. */
  record CounterReference(String counter) implements Expression {}

  /**
   * Sends a copy to the listeners of a netfilter log group.
   *
   * @param prefix at most 127 bytes
   */
  record Log(int group, String prefix) implements Expression {}

  /**
   * Matches as long as packets do not come faster.
   *
   * @param packetsPerSecond on average
   * @param burst packets that may come at once
   */
  record Limit(long packetsPerSecond, int burst) implements Expression {}

  /**
   * Translates the source to an address of the outgoing link.
   *
   * @param flags {@code NF_NAT_RANGE_*}; 0 for none
   */
  record Masquerade(int flags) implements Expression {
    /** {@code NF_NAT_RANGE_PROTO_RANDOM_FULLY}: source ports at random. */
    public static final int FULLY_RANDOM = 0x10;
  }

  /** Drops the packet and tells its sender. */
  record Reject(RejectType type, int code) implements Expression {
    /** Prohibited by an administrator, in the packet's own family. */
    public static final Reject ADMIN_PROHIBITED = new Reject(RejectType.ICMPX_UNREACH, 3);

    /** A TCP reset. */
    public static final Reject TCP_RESET = new Reject(RejectType.TCP_RST, 0);
  }

  /**
   * Loads what the routing table says.
   *
   * @param flags {@code NFTA_FIB_F_*}
   */
  record Fib(Register destination, FibResult result, int flags) implements Expression {
    public static final int SADDR = 1;
    public static final int DADDR = 2;
    public static final int MARK = 4;
    public static final int IIF = 8;
    public static final int OIF = 16;
    public static final int PRESENT = 32;
  }

  /** Does not track this packet's connection. */
  record Notrack() implements Expression {}

  /**
   * An expression that we do not know or not in this form, kept as the kernel sent it.
   *
   * @param data the attributes inside {@code NFTA_EXPR_DATA}
   */
  record Unknown(String name, Bytes data) implements Expression {}
}
