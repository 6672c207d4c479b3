package io.ocicat.rtnetlink;

import static io.ocicat.rtnetlink.LinuxFibRules.FRA_DST;
import static io.ocicat.rtnetlink.LinuxFibRules.FRA_FWMARK;
import static io.ocicat.rtnetlink.LinuxFibRules.FRA_FWMASK;
import static io.ocicat.rtnetlink.LinuxFibRules.FRA_IIFNAME;
import static io.ocicat.rtnetlink.LinuxFibRules.FRA_PRIORITY;
import static io.ocicat.rtnetlink.LinuxFibRules.FRA_PROTOCOL;
import static io.ocicat.rtnetlink.LinuxFibRules.FRA_SRC;
import static io.ocicat.rtnetlink.LinuxFibRules.FRA_TABLE;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.CStruct;
import io.ocicat.netlink.AttributeReader;
import io.ocicat.netlink.AttributeWriter;
import io.ocicat.netlink.NlFlags;
import io.ocicat.netlink.NlMessage;
import io.ocicat.netlink.NlRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Requests about rules, and rules read from messages. */
public final class RuleCodec {

  public static final CStruct STRUCT =
      CStruct.of("fib_rule_hdr", "linux/fib_rules.h")
          .u8("family")
          .u8("dst_len")
          .u8("src_len")
          .u8("tos")
          .u8("table")
          .u8("res1")
          .u8("res2")
          .u8("action")
          .u32("flags")
          .build();

  private RuleCodec() {}

  /** Adds a rule; {@code EEXIST} if there is an equal one. */
  public static NlRequest newRule(RuleMessage rule) {
    return new NlRequest(
        "add rule " + rule.priority(),
        LinuxRtnetlink.RTM_NEWRULE,
        NlFlags.CREATE | NlFlags.EXCL,
        body(rule));
  }

  public static NlRequest delRule(RuleMessage rule) {
    return new NlRequest(
        "delete rule " + rule.priority(), LinuxRtnetlink.RTM_DELRULE, 0, body(rule));
  }

  /** The rules of a family, for a dump. */
  public static NlRequest getRules(IpFamily family) {
    return new NlRequest(
        "list rules",
        LinuxRtnetlink.RTM_GETRULE,
        0,
        new AttributeWriter(
            ByteBuffer.allocate(STRUCT.sizeBytes()).put((byte) Families.code(family)).array()));
  }

  private static AttributeWriter body(RuleMessage rule) {
    int table = rule.table() < 256 ? rule.table() : LinuxRtnetlink.RT_TABLE_UNSPEC;
    byte[] header =
        ByteBuffer.allocate(STRUCT.sizeBytes())
            .order(ByteOrder.nativeOrder())
            .put((byte) Families.code(rule.family()))
            .put((byte) rule.destination().prefixLength())
            .put((byte) rule.source().prefixLength())
            .put((byte) 0)
            .put((byte) table)
            .put((byte) 0)
            .put((byte) 0)
            .put((byte) LinuxFibRules.FR_ACT_TO_TBL)
            .putInt(0)
            .array();
    AttributeWriter body =
        new AttributeWriter(header)
            .u32(FRA_PRIORITY, rule.priority())
            .u32(FRA_TABLE, rule.table())
            .u8(FRA_PROTOCOL, rule.protocol());
    if (rule.source().prefixLength() > 0) {
      body.bytes(FRA_SRC, rule.source().address().toBytes());
    }
    if (rule.destination().prefixLength() > 0) {
      body.bytes(FRA_DST, rule.destination().address().toBytes());
    }
    if (!rule.inputInterface().isEmpty()) {
      body.string(FRA_IIFNAME, rule.inputInterface());
    }
    if (rule.markMask() != 0) {
      body.u32(FRA_FWMARK, rule.mark()).u32(FRA_FWMASK, rule.markMask());
    }
    return body;
  }

  /**
   * Reads an {@code RTM_NEWRULE} or {@code RTM_DELRULE}.
   *
   * @return empty for a rule that does not lead to a table or is of another family
   */
  public static Optional<RuleMessage> decode(NlMessage message) {
    ByteBuffer header = message.payload();
    Optional<IpFamily> family = Families.of(header.get(STRUCT.offset("family")));
    if (family.isEmpty() || header.get(STRUCT.offset("action")) != LinuxFibRules.FR_ACT_TO_TBL) {
      return Optional.empty();
    }
    IpAddress source = Families.unspecified(family.get());
    IpAddress destination = source;
    int table = header.get(STRUCT.offset("table")) & 0xff;
    int priority = 0;
    String inputInterface = "";
    int mark = 0;
    int markMask = 0;
    int protocol = 0;
    List<RawAttribute> others = new ArrayList<>();
    for (AttributeReader.Attribute attribute : message.attributes(STRUCT.sizeBytes())) {
      switch (attribute.type()) {
        case FRA_SRC -> source = Families.address(attribute);
        case FRA_DST -> destination = Families.address(attribute);
        case FRA_TABLE -> table = attribute.u32();
        case FRA_PRIORITY -> priority = attribute.u32();
        case FRA_IIFNAME -> inputInterface = attribute.string();
        case FRA_FWMARK -> mark = attribute.u32();
        case FRA_FWMASK -> markMask = attribute.u32();
        case FRA_PROTOCOL -> protocol = attribute.u8();
        default -> others.add(RawAttribute.of(attribute));
      }
    }
    return Optional.of(
        new RuleMessage(
            priority,
            table,
            new Cidr(source, header.get(STRUCT.offset("src_len")) & 0xff),
            new Cidr(destination, header.get(STRUCT.offset("dst_len")) & 0xff),
            inputInterface,
            mark,
            markMask,
            protocol,
            others));
  }
}
