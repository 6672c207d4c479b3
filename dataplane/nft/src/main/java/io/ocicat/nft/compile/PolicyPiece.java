package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.Protocol;
import io.ocicat.nftables.AddressIntervals;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.Chain.RegularChain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.PortRange;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.RuleBuilder;
import io.ocicat.nftables.SetContent;
import io.ocicat.policy.ChainRule;
import io.ocicat.policy.Peer.IpBlock;
import io.ocicat.policy.PolicyChain;
import io.ocicat.policy.PortMatch.Range;
import io.ocicat.selector.ContentHash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One shared policy chain with what it alone needs.
 *
 * @param sets of ports and address blocks, named by their content
 * @param groups the sets of address groups that the rules look in
 */
record PolicyPiece(ChainContent chain, List<SetContent> sets, Set<GroupSet> groups) {

  private static final KeyType PORTS = KeyType.of(DataType.INET_PROTO, DataType.INET_SERVICE);
  private static final int PORT_MAX = 65535;

  static PolicyPiece of(PolicyChain chain) {
    return new Compilation(chain).piece();
  }

  private static final class Compilation {

    private final PolicyChain chain;
    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, SetContent> sets = new LinkedHashMap<>();
    private final Set<GroupSet> groups = new LinkedHashSet<>();

    Compilation(PolicyChain chain) {
      this.chain = chain;
    }

    PolicyPiece piece() {
      Map<List<Range>, List<IpBlock>> blocks = new LinkedHashMap<>();
      for (ChainRule rule : chain.rules()) {
        switch (rule) {
          case ChainRule.AnyPeer(var ports) -> allow(RuleBuilder::rule, ports);
          case ChainRule.InGroup(var id, var ports) -> {
            for (IpFamily family : IpFamily.values()) {
              GroupSet set = new GroupSet(id, GroupSet.Content.ADDRESSES, family);
              groups.add(set);
              allow(() -> inSet(family, set.name()), ports);
            }
          }
          case ChainRule.InPortGroup(var id) -> {
            for (IpFamily family : IpFamily.values()) {
              GroupSet set = new GroupSet(id, GroupSet.Content.ADDRESSES_AND_PORTS, family);
              groups.add(set);
              rules.add(allow(rule().daddrProtocolAndDportIn(family, set.name())));
            }
          }
          case ChainRule.InBlock(var block, var ports) ->
              blocks.computeIfAbsent(ports, _ -> new ArrayList<>()).add(block);
        }
      }
      blocks.forEach((ports, same) -> allowBlocks(same, ports));
      String reasons = chain.reasons().isEmpty() ? "" : ": " + String.join("; ", chain.reasons());
      return new PolicyPiece(
          new ChainContent(
              new RegularChain(
                  Layout.policyChain(chain.id()),
                  Layout.comment("policy " + chain.policy() + reasons)),
              rules),
          List.copyOf(sets.values()),
          groups);
    }

    private void allowBlocks(List<IpBlock> blocks, List<Range> ports) {
      for (IpFamily family : IpFamily.values()) {
        List<IpBlock> ofFamily =
            blocks.stream().filter(block -> block.cidr().family() == family).toList();
        if (ofFamily.size() == 1 && ofFamily.getFirst().except().isEmpty()) {
          allow(() -> inPrefix(ofFamily.getFirst().cidr()), ports);
        } else if (!ofFamily.isEmpty()) {
          String set = blockSet(family, ofFamily);
          allow(() -> inSet(family, set), ports);
        }
      }
    }

    private RuleBuilder inSet(IpFamily family, String set) {
      return switch (chain.direction()) {
        case INGRESS -> rule().saddrIn(family, set);
        case EGRESS -> rule().daddrIn(family, set);
      };
    }

    private RuleBuilder inPrefix(Cidr prefix) {
      return switch (chain.direction()) {
        case INGRESS -> rule().saddr(prefix);
        case EGRESS -> rule().daddr(prefix);
      };
    }

    /** One rule for each way that the ports can match: each range, and all single ones at once. */
    private void allow(Supplier<RuleBuilder> peer, List<Range> ports) {
      if (ports.isEmpty()) {
        rules.add(allow(peer.get()));
        return;
      }
      List<Range> singles = ports.stream().filter(r -> r.first() == r.last()).toList();
      for (Range range : ports) {
        if (range.first() == 0 && range.last() == PORT_MAX) {
          rules.add(allow(peer.get().l4proto(range.protocol().number())));
        } else if (range.first() != range.last() || singles.size() == 1) {
          rules.add(allow(portRange(range).apply(peer.get())));
        }
      }
      if (singles.size() > 1) {
        rules.add(allow(peer.get().protocolAndDportIn(portSet(singles))));
      }
    }

    private static UnaryOperator<RuleBuilder> portRange(Range range) {
      return rule ->
          rule.dport(range.protocol().number(), new PortRange(range.first(), range.last()));
    }

    private Rule allow(RuleBuilder match) {
      String comment = Layout.comment(chain.policy().toString());
      return switch (chain.direction()) {
        case INGRESS -> match.accept(comment);
        case EGRESS -> match.goTo(Layout.TO_ENDPOINT, comment);
      };
    }

    private String portSet(List<Range> singles) {
      List<Element> elements =
          singles.stream().map(port -> portElement(port.protocol(), port.first())).toList();
      return add("ports-", NftSet.of("ports", PORTS), elements);
    }

    private static Element portElement(Protocol protocol, int port) {
      return Element.of(PORTS.key(Bytes.u8(protocol.number()), Bytes.u16(port)));
    }

    private String blockSet(IpFamily family, List<IpBlock> blocks) {
      List<Cidr> prefixes = new ArrayList<>();
      for (IpBlock block : blocks) {
        subtract(block.cidr(), block.except(), prefixes);
      }
      return add(
          "blocks-",
          NftSet.ofIntervals("blocks", KeyType.of(Layout.addressType(family))),
          AddressIntervals.of(prefixes));
    }

    /** The prefixes that make up {@code cidr} without {@code except}: halved until it fits. */
    private static void subtract(Cidr cidr, List<Cidr> except, Collection<Cidr> result) {
      List<Cidr> relevant = except.stream().filter(cidr::overlaps).toList();
      if (relevant.isEmpty()) {
        result.add(cidr);
      } else if (relevant.stream().noneMatch(hole -> hole.contains(cidr))) {
        int length = cidr.prefixLength() + 1;
        Cidr lower = new Cidr(cidr.address(), length);
        subtract(lower, relevant, result);
        subtract(Cidr.containing(cidr.last(), length), relevant, result);
      }
    }

    private String add(String prefix, NftSet shape, List<Element> elements) {
      String name = prefix + ContentHash.of(shape.key() + " " + elements);
      NftSet set = new NftSet(name, shape.key(), shape.data(), shape.flags(), "");
      sets.put(name, SetContent.of(set, elements));
      return name;
    }
  }
}
