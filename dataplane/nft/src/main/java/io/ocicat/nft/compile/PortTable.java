package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.Protocol;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.SetContent;
import io.ocicat.nftables.Verdict;
import io.ocicat.policy.ChainRule;
import io.ocicat.policy.PortMatch.Range;
import io.ocicat.selector.ContentHash;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rules that follow each other and ask for ports alone, as one map from protocol and port to what
 * the first of them that matches does.
 */
final class PortTable {

  private static final KeyType KEY = KeyType.of(DataType.INET_PROTO, DataType.INET_SERVICE);

  private final List<RowRule> rules;

  private PortTable(List<RowRule> rules) {
    this.rules = rules;
  }

  /** The rules that {@code rules} begins with and that can be in a table. */
  static PortTable of(List<RowRule> rules) {
    List<RowRule> first = new ArrayList<>();
    for (RowRule rule : rules) {
      if (ranges(rule).isEmpty() || rule.chain().decision().action() == Action.LOG) {
        break;
      }
      first.add(rule);
    }
    return new PortTable(first);
  }

  int size() {
    return rules.size();
  }

  /** Empty if the rule cannot be told by ports. */
  private static Optional<List<Range>> ranges(RowRule row) {
    ChainRule rule = row.rule();
    if (!row.isAboutPortsAlone()) {
      return Optional.empty();
    }
    List<Range> ports = rule.destination().ports().ranges();
    if (!ports.isEmpty()) {
      return rule.protocols().isEmpty() ? Optional.of(ports) : Optional.empty();
    }
    List<Range> whole = new ArrayList<>();
    for (int number : rule.protocols()) {
      Optional<Protocol> protocol = withPorts(number);
      if (protocol.isEmpty()) {
        return Optional.empty();
      }
      whole.add(Range.all(protocol.get()));
    }
    return whole.isEmpty() ? Optional.empty() : Optional.of(whole);
  }

  private static Optional<Protocol> withPorts(int number) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.number() == number) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }

  void write(RuleWriter writer) {
    List<Element> elements = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      // By first port, the last of it.
      NavigableMap<Integer, Integer> taken = new TreeMap<>();
      for (RowRule rule : rules) {
        for (Range range : ranges(rule).orElseThrow()) {
          if (range.protocol() == protocol) {
            for (Range free : free(range, taken)) {
              elements.add(element(free, rule.chain().verdict()));
              taken.put(free.first(), free.last());
            }
          }
        }
      }
    }
    boolean single = elements.stream().allMatch(Element::isSingle);
    String name = Layout.ports(ContentHash.of(elements.toString()));
    NftSet map = single ? NftSet.verdictMap(name, KEY) : NftSet.intervalVerdictMap(name, KEY);
    writer.add(SetContent.of(map, elements));
    writer.add(rule().protocolAndDportVmap(name));
  }

  /** What of {@code range} is in none of {@code taken}. */
  private static List<Range> free(Range range, NavigableMap<Integer, Integer> taken) {
    List<Range> free = new ArrayList<>();
    int next = range.first();
    var before = taken.floorEntry(range.first());
    if (before != null) {
      next = Math.max(next, before.getValue() + 1);
    }
    for (var entry : taken.subMap(range.first(), false, range.last(), true).entrySet()) {
      if (next < entry.getKey()) {
        free.add(new Range(range.protocol(), next, entry.getKey() - 1));
      }
      next = Math.max(next, entry.getValue() + 1);
    }
    if (next <= range.last()) {
      free.add(new Range(range.protocol(), next, range.last()));
    }
    return free;
  }

  private static Element element(Range range, Verdict verdict) {
    Bytes protocol = Bytes.u8(range.protocol().number());
    return Element.interval(
        KEY.key(protocol, Bytes.u16(range.first())),
        KEY.key(protocol, Bytes.u16(range.last())),
        verdict);
  }
}
