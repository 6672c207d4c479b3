package io.ocicat.nftables;

import io.ocicat.netlink.AttributeReader;
import io.ocicat.netlink.AttributeReader.Attribute;
import io.ocicat.netlink.NetlinkDecodeException;
import io.ocicat.netlink.NlMessage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Messages of dumps to objects. */
final class DumpDecoder {
  private DumpDecoder() {}

  static AttributeReader attributes(NlMessage message) {
    return message.attributes(LinuxNfTables.NFGENMSG_BYTES);
  }

  /** A table and whether it is asleep. */
  record TableEntry(Table table, boolean isDormant) {}

  static TableEntry table(NftFamily family, AttributeReader a) {
    Table table =
        new Table(
            family,
            a.require(LinuxNfTables.NFTA_TABLE_NAME).string(),
            comment(a, LinuxNfTables.NFTA_TABLE_USERDATA));
    int flags = a.find(LinuxNfTables.NFTA_TABLE_FLAGS).map(Attribute::beU32).orElse(0);
    return new TableEntry(table, (flags & LinuxNfTables.NFT_TABLE_F_DORMANT) != 0);
  }

  static NamedCounter counter(AttributeReader a) {
    return new NamedCounter(
        a.require(LinuxNfTables.NFTA_OBJ_NAME).string(),
        comment(a, LinuxNfTables.NFTA_OBJ_USERDATA));
  }

  static Chain chain(AttributeReader a) {
    String name = a.require(LinuxNfTables.NFTA_CHAIN_NAME).string();
    String comment = comment(a, LinuxNfTables.NFTA_CHAIN_USERDATA);
    Optional<Attribute> hookAttribute = a.find(LinuxNfTables.NFTA_CHAIN_HOOK);
    if (hookAttribute.isEmpty()) {
      return new Chain.RegularChain(name, comment);
    }
    AttributeReader hook = hookAttribute.get().nested();
    int hookNumber = hook.require(LinuxNfTables.NFTA_HOOK_HOOKNUM).beU32();
    String type = a.require(LinuxNfTables.NFTA_CHAIN_TYPE).string();
    int policy = a.require(LinuxNfTables.NFTA_CHAIN_POLICY).beU32();
    return new Chain.BaseChain(
        name,
        ChainType.of(type)
            .orElseThrow(() -> new NetlinkDecodeException("chain " + name + " is of type " + type)),
        Hook.of(hookNumber)
            .orElseThrow(
                () -> new NetlinkDecodeException("chain " + name + " is at hook " + hookNumber)),
        hook.require(LinuxNfTables.NFTA_HOOK_PRIORITY).beU32(),
        policy == ChainPolicy.DROP.code() ? ChainPolicy.DROP : ChainPolicy.ACCEPT,
        comment);
  }

  /** A rule and what is kept beside it. */
  record RuleEntry(String chain, Rule rule, NftDump.RuleState state) {}

  static RuleEntry rule(AttributeReader a) {
    List<Expression> expressions = new ArrayList<>();
    Counts counts = Counts.ZERO;
    Optional<Attribute> list = a.find(LinuxNfTables.NFTA_RULE_EXPRESSIONS);
    if (list.isPresent()) {
      for (Attribute element : list.get().nested()) {
        expressions.add(ExpressionDecoder.decode(element.nested()));
        counts = ExpressionDecoder.counts(element.nested()).orElse(counts);
      }
    }
    return new RuleEntry(
        a.require(LinuxNfTables.NFTA_RULE_CHAIN).string(),
        new Rule(expressions, comment(a, LinuxNfTables.NFTA_RULE_USERDATA)),
        new NftDump.RuleState(a.require(LinuxNfTables.NFTA_RULE_HANDLE).beU64(), counts));
  }

  static NftSet set(AttributeReader a) {
    int bits = a.find(LinuxNfTables.NFTA_SET_FLAGS).map(Attribute::beU32).orElse(0);
    Set<SetFlag> flags = EnumSet.noneOf(SetFlag.class);
    for (SetFlag flag : SetFlag.values()) {
      if ((bits & flag.code()) != 0) {
        flags.add(flag);
      }
    }
    int keyType = a.find(LinuxNfTables.NFTA_SET_KEY_TYPE).map(Attribute::beU32).orElse(0);
    int keyLength = a.require(LinuxNfTables.NFTA_SET_KEY_LEN).beU32();
    return new NftSet(
        a.require(LinuxNfTables.NFTA_SET_NAME).string(),
        KeyType.ofId(keyType, keyLength),
        setData(a, bits),
        flags,
        a.find(LinuxNfTables.NFTA_SET_USERDATA)
            .map(u -> UserData.setComment(u.bytes()))
            .orElse(""));
  }

  /**
   * How many elements a hash holds, if the kernel tells; other kinds count ends of intervals too.
   */
  static OptionalInt elementCount(NftSet set, AttributeReader a) {
    Optional<Attribute> count = a.find(LinuxNfTables.NFTA_SET_COUNT);
    return set.isInterval() || count.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(count.get().beU32());
  }

  private static SetData setData(AttributeReader a, int flags) {
    if ((flags & LinuxNfTables.NFT_SET_OBJECT) != 0) {
      return new SetData.Objects(
          a.find(LinuxNfTables.NFTA_SET_OBJ_TYPE).map(Attribute::beU32).orElse(0));
    }
    if ((flags & LinuxNfTables.NFT_SET_MAP) == 0) {
      return new SetData.None();
    }
    int type = a.require(LinuxNfTables.NFTA_SET_DATA_TYPE).beU32();
    if (type == LinuxNfTables.NFT_DATA_VERDICT) {
      return new SetData.Verdicts();
    }
    int length = a.require(LinuxNfTables.NFTA_SET_DATA_LEN).beU32();
    return new SetData.Values(DataType.ofOrUnknown(type, length));
  }

  /** One element as the kernel holds it; for plain intervals, one of their two ends. */
  private record RawElement(Bytes key, boolean end, Element element) {}

  static List<Element> elements(NftSet set, List<NlMessage> messages) {
    List<RawElement> raw = new ArrayList<>();
    for (NlMessage message : messages) {
      Optional<Attribute> list =
          attributes(message).find(LinuxNfTables.NFTA_SET_ELEM_LIST_ELEMENTS);
      if (list.isPresent()) {
        for (Attribute element : list.get().nested()) {
          AttributeReader a = element.nested();
          // A catch-all element has no key; we never make one.
          if (a.find(LinuxNfTables.NFTA_SET_ELEM_KEY).isPresent()) {
            raw.add(rawElement(a));
          }
        }
      }
    }
    return set.isInterval() && !set.key().isConcatenation()
        ? intervals(raw)
        : raw.stream().map(RawElement::element).toList();
  }

  private static RawElement rawElement(AttributeReader a) {
    Bytes key = value(a.require(LinuxNfTables.NFTA_SET_ELEM_KEY));
    Bytes last = a.find(LinuxNfTables.NFTA_SET_ELEM_KEY_END).map(DumpDecoder::value).orElse(key);
    int flags = a.find(LinuxNfTables.NFTA_SET_ELEM_FLAGS).map(Attribute::beU32).orElse(0);
    Element element =
        new Element(key, last, elementData(a), comment(a, LinuxNfTables.NFTA_SET_ELEM_USERDATA));
    return new RawElement(key, (flags & LinuxNfTables.NFT_SET_ELEM_INTERVAL_END) != 0, element);
  }

  private static ElementData elementData(AttributeReader a) {
    Optional<Attribute> object = a.find(LinuxNfTables.NFTA_SET_ELEM_OBJREF);
    if (object.isPresent()) {
      return new ElementData.ObjectData(object.get().string());
    }
    Optional<Attribute> data = a.find(LinuxNfTables.NFTA_SET_ELEM_DATA);
    if (data.isEmpty()) {
      return ElementData.NONE;
    }
    return data.get().nested().find(LinuxNfTables.NFTA_DATA_VERDICT).isPresent()
        ? new ElementData.VerdictData(ExpressionDecoder.verdict(data.get().nested()))
        : new ElementData.ValueData(value(data.get()));
  }

  /** Joins starts and ends; a start without an end reaches to the next start or to the last key. */
  private static List<Element> intervals(List<RawElement> raw) {
    raw.sort(
        (a, b) -> {
          int byKey = a.key.compareTo(b.key);
          return byKey != 0 ? byKey : Boolean.compare(b.end, a.end);
        });
    List<Element> result = new ArrayList<>();
    Optional<Element> open = Optional.empty();
    for (RawElement next : raw) {
      open.ifPresent(start -> result.add(until(start, next.key.previous())));
      open = next.end ? Optional.empty() : Optional.of(next.element);
    }
    open.ifPresent(
        start -> result.add(until(start, Bytes.of(new byte[start.first().length()]).previous())));
    return result;
  }

  private static Element until(Element start, Bytes last) {
    return new Element(start.first(), last, start.data(), start.comment());
  }

  private static Bytes value(Attribute data) {
    return Bytes.of(data.nested().require(LinuxNfTables.NFTA_DATA_VALUE).bytes());
  }

  private static String comment(AttributeReader a, int type) {
    return a.find(type).map(u -> UserData.comment(u.bytes())).orElse("");
  }
}
