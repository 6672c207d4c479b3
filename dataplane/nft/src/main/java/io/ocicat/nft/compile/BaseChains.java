package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.FelixConfiguration.EstablishedConnections;
import io.ocicat.nftables.AddressIntervals;
import io.ocicat.nftables.Chain.BaseChain;
import io.ocicat.nftables.Chain.RegularChain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.ChainPolicy;
import io.ocicat.nftables.ChainType;
import io.ocicat.nftables.CtState;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.RuleBuilder;
import io.ocicat.nftables.SetContent;
import io.ocicat.plan.MasqueradePlan;
import java.util.ArrayList;
import java.util.List;

/** The part of the table that is there without any endpoint. */
final class BaseChains {

  /** Router and neighbour solicitation and advertisement, RFC 4861. */
  private static final List<Integer> NEIGHBOUR_DISCOVERY = List.of(133, 134, 135, 136);

  private static final int ICMPV6 = 58;

  static final NftSet EGRESS =
      NftSet.verdictMap(Layout.EGRESS, KeyType.of(DataType.IFNAME))
          .withComment("by the interface a pod sends on");
  static final NftSet INGRESS =
      NftSet.verdictMap(Layout.INGRESS, KeyType.of(DataType.IFNAME))
          .withComment("by the interface a pod receives on");

  private BaseChains() {}

  static List<ChainContent> chains() {
    List<ChainContent> chains = new ArrayList<>(entries(EstablishedConnections.KEEP));
    chains.addAll(List.of(neighbours(), toEndpoint(), postrouting()));
    return chains;
  }

  /** The chains that decide what becomes of established connections. */
  static List<ChainContent> entries(EstablishedConnections established) {
    return List.of(forward(established), input(established));
  }

  private static ChainContent forward(EstablishedConnections established) {
    List<Rule> rules = new ArrayList<>(known(established));
    rules.add(rule().iifname(Layout.ANY_ENDPOINT).ctState(CtState.INVALID).counter().drop());
    rules.add(rule().oifname(Layout.ANY_ENDPOINT).ctState(CtState.INVALID).counter().drop());
    rules.add(rule().iifnameVmap(Layout.EGRESS));
    rules.add(unknown(rule().iifname(Layout.ANY_ENDPOINT)));
    rules.add(rule().goTo(Layout.TO_ENDPOINT));
    return new ChainContent(base(Layout.FORWARD, Hook.FORWARD), rules);
  }

  private static ChainContent input(EstablishedConnections established) {
    List<Rule> rules = new ArrayList<>(known(established));
    rules.add(
        rule()
            .iifname(Layout.ANY_ENDPOINT)
            .nfproto(IpFamily.IPV6)
            .l4proto(ICMPV6)
            .jump(Layout.NEIGHBOURS));
    rules.add(rule().iifname(Layout.ANY_ENDPOINT).ctState(CtState.INVALID).counter().drop());
    rules.add(rule().iifnameVmap(Layout.EGRESS));
    rules.add(unknown(rule().iifname(Layout.ANY_ENDPOINT)));
    return new ChainContent(base(Layout.INPUT, Hook.INPUT), rules);
  }

  /** Without a word from the one that opened a connection, replies come to nothing. */
  private static List<Rule> known(EstablishedConnections established) {
    return switch (established) {
      case KEEP -> List.of(rule().ctState(CtState.ESTABLISHED, CtState.RELATED).accept());
      case RECHECK ->
          List.of(
              rule().ctState(CtState.ESTABLISHED).ctDirectionReply().accept(),
              rule().ctState(CtState.RELATED).accept());
    };
  }

  private static ChainContent neighbours() {
    return new ChainContent(
        new RegularChain(Layout.NEIGHBOURS, "without these no link works"),
        NEIGHBOUR_DISCOVERY.stream()
            .map(type -> rule().icmpType(IpFamily.IPV6, type).accept())
            .toList());
  }

  private static ChainContent toEndpoint() {
    return new ChainContent(
        new RegularChain(Layout.TO_ENDPOINT, "allowed by the sender; always decides"),
        List.of(
            rule().oifnameVmap(Layout.INGRESS),
            unknown(rule().oifname(Layout.ANY_ENDPOINT)),
            rule().accept()));
  }

  private static Rule unknown(RuleBuilder match) {
    return match.counter().drop("no endpoint of this node");
  }

  private static ChainContent postrouting() {
    List<Rule> rules = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      rules.add(
          rule()
              .saddrIn(family, Layout.natPools(family))
              .daddrNotIn(family, Layout.allPools(family))
              .masquerade("natOutgoing"));
    }
    return new ChainContent(
        new BaseChain(
            Layout.POSTROUTING,
            ChainType.NAT,
            Hook.POSTROUTING,
            BaseChain.PRIORITY_SRCNAT,
            ChainPolicy.ACCEPT,
            ""),
        rules);
  }

  private static BaseChain base(String name, Hook hook) {
    return new BaseChain(
        name, ChainType.FILTER, hook, BaseChain.PRIORITY_FILTER, ChainPolicy.ACCEPT, "");
  }

  /** From addresses to what they are. */
  static List<NftSet> addressMaps() {
    List<NftSet> maps = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      KeyType address = KeyType.of(Layout.addressType(family));
      maps.add(
          NftSet.map(Layout.hosts(family), address, DataType.MARK)
              .withComment("what single addresses are"));
      maps.add(
          NftSet.intervalMap(Layout.ranges(family), address, DataType.MARK)
              .withComment("what other addresses are"));
    }
    return maps;
  }

  static List<SetContent> pools(MasqueradePlan masquerade) {
    List<SetContent> sets = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      sets.add(intervals(Layout.natPools(family), family, masquerade.natPools()));
      sets.add(intervals(Layout.allPools(family), family, masquerade.allPools()));
    }
    return sets;
  }

  private static SetContent intervals(String name, IpFamily family, List<Cidr> cidrs) {
    return SetContent.of(
        NftSet.ofIntervals(name, KeyType.of(Layout.addressType(family))),
        AddressIntervals.of(cidrs.stream().filter(c -> c.family() == family).toList()));
  }
}
