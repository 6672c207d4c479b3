package io.ocicat.nft.compile;

import static io.ocicat.nft.compile.GroupSet.Content.ADDRESSES;
import static io.ocicat.nft.compile.GroupSet.Content.ADDRESSES_AND_PORTS;
import static io.ocicat.nft.compile.GroupSet.Content.RANGES;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.nftables.AddressIntervals;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.PortRange;
import io.ocicat.nftables.RuleBuilder;
import io.ocicat.nftables.SetContent;
import io.ocicat.policy.ChainRule;
import io.ocicat.policy.ChainRule.Membership;
import io.ocicat.policy.ChainRule.Ports;
import io.ocicat.policy.ChainRule.Side;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.PortMatch.Range;
import io.ocicat.selector.ContentHash;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What one end of a rule asks for, in conditions of nftables. Where that takes several rules, each
 * stands for one way in which a packet can match.
 */
final class SideMatch {

  /** Which end. */
  enum Which {
    SOURCE,
    DESTINATION
  }

  /** Receives the sets that conditions look in. */
  interface Sets {

    void add(SetContent set);

    void add(GroupSet set);
  }

  private static final KeyType PORTS = KeyType.of(DataType.INET_PROTO, DataType.INET_SERVICE);
  private static final int PORT_MAX = 65535;

  private final Which which;
  private final Side side;
  private final Sets sets;

  SideMatch(Which which, ChainRule rule, Sets sets) {
    this.which = which;
    this.side =
        switch (which) {
          case SOURCE -> rule.source();
          case DESTINATION -> rule.destination();
        };
    this.sets = sets;
  }

  /** Whether its conditions are not the same for both families. */
  boolean dependsOnFamily() {
    return !side.isAnyAddress()
        || !side.ports().groups().isEmpty()
        || !side.ports().notIn().isEmpty();
  }

  /** Each way for an address of the family to match; none if it cannot. */
  List<UnaryOperator<RuleBuilder>> addresses(IpFamily family) {
    List<UnaryOperator<RuleBuilder>> ways = new ArrayList<>();
    ways.add(UnaryOperator.identity());
    if (!side.nets().isEmpty()) {
      ways = product(ways, nets(family));
    } else if (side.notNets().stream().anyMatch(net -> net.family() == family)) {
      ways = product(ways, List.of(notNets(family)));
    }
    for (Membership membership : side.in()) {
      ways = product(ways, in(membership, family));
    }
    for (Membership membership : side.notIn()) {
      ways = product(ways, List.of(notIn(membership, family)));
    }
    return ways;
  }

  private List<UnaryOperator<RuleBuilder>> nets(IpFamily family) {
    List<Cidr> nets = ofFamily(side.nets(), family);
    List<Cidr> notNets = ofFamily(side.notNets(), family);
    if (nets.isEmpty()) {
      return List.of();
    }
    if (nets.size() == 1 && notNets.isEmpty()) {
      Cidr net = nets.getFirst();
      return List.of(
          rule ->
              switch (which) {
                case SOURCE -> rule.saddr(net);
                case DESTINATION -> rule.daddr(net);
              });
    }
    List<Element> elements = AddressIntervals.of(nets, notNets);
    return elements.isEmpty() ? List.of() : List.of(addressIn(family, netSet(family, elements)));
  }

  private UnaryOperator<RuleBuilder> notNets(IpFamily family) {
    String set = netSet(family, AddressIntervals.of(ofFamily(side.notNets(), family)));
    return addressNotIn(family, set);
  }

  private static List<Cidr> ofFamily(List<Cidr> nets, IpFamily family) {
    return nets.stream().filter(net -> net.family() == family).toList();
  }

  private String netSet(IpFamily family, List<Element> elements) {
    NftSet shape = NftSet.ofIntervals("nets", KeyType.of(Layout.addressType(family)));
    return add("nets-", shape, elements);
  }

  private List<UnaryOperator<RuleBuilder>> in(Membership membership, IpFamily family) {
    List<UnaryOperator<RuleBuilder>> ways = new ArrayList<>();
    ways.add(addressIn(family, use(membership.group(), ADDRESSES, family)));
    if (membership.mayHoldRanges()) {
      ways.add(addressIn(family, use(membership.group(), RANGES, family)));
    }
    return ways;
  }

  private UnaryOperator<RuleBuilder> notIn(Membership membership, IpFamily family) {
    UnaryOperator<RuleBuilder> notOne =
        addressNotIn(family, use(membership.group(), ADDRESSES, family));
    return membership.mayHoldRanges()
        ? both(notOne, addressNotIn(family, use(membership.group(), RANGES, family)))
        : notOne;
  }

  private UnaryOperator<RuleBuilder> addressIn(IpFamily family, String set) {
    return rule ->
        switch (which) {
          case SOURCE -> rule.saddrIn(family, set);
          case DESTINATION -> rule.daddrIn(family, set);
        };
  }

  private UnaryOperator<RuleBuilder> addressNotIn(IpFamily family, String set) {
    return rule ->
        switch (which) {
          case SOURCE -> rule.saddrNotIn(family, set);
          case DESTINATION -> rule.daddrNotIn(family, set);
        };
  }

  /**
   * Each way for the port to match.
   *
   * @param family of no account unless {@link #dependsOnFamily}
   */
  List<UnaryOperator<RuleBuilder>> ports(IpFamily family) {
    Ports ports = side.ports();
    List<UnaryOperator<RuleBuilder>> ways = new ArrayList<>();
    if (ports.isRestricted()) {
      ways.addAll(inRanges(ports.ranges()));
      List<UnaryOperator<RuleBuilder>> within =
          ports.within().isEmpty() ? List.of(UnaryOperator.identity()) : inRanges(ports.within());
      for (GroupId group : ports.groups()) {
        ways.addAll(product(List.of(portIn(group, family)), within));
      }
    } else {
      ways.add(UnaryOperator.identity());
    }
    if (!ports.not().isEmpty()) {
      ways = new ArrayList<>(product(ways, List.of(notOneOf(portSet(ports.not())))));
    }
    for (GroupId group : ports.notIn()) {
      ways = new ArrayList<>(product(ways, List.of(portNotIn(group, family))));
    }
    return ways;
  }

  /** One way for each range, and one for all single ports. */
  private List<UnaryOperator<RuleBuilder>> inRanges(List<Range> ranges) {
    List<UnaryOperator<RuleBuilder>> ways = new ArrayList<>();
    List<Range> singles = ranges.stream().filter(r -> r.first() == r.last()).toList();
    for (Range range : ranges) {
      int protocol = range.protocol().number();
      if (range.first() == 0 && range.last() == PORT_MAX) {
        ways.add(rule -> rule.l4proto(protocol));
      } else if (range.first() != range.last() || singles.size() == 1) {
        PortRange ports = new PortRange(range.first(), range.last());
        ways.add(
            rule ->
                switch (which) {
                  case SOURCE -> rule.sport(protocol, ports);
                  case DESTINATION -> rule.dport(protocol, ports);
                });
      }
    }
    if (singles.size() > 1) {
      String set = portSet(singles);
      ways.add(
          rule ->
              switch (which) {
                case SOURCE -> rule.protocolAndSportIn(set);
                case DESTINATION -> rule.protocolAndDportIn(set);
              });
    }
    return ways;
  }

  private UnaryOperator<RuleBuilder> notOneOf(String set) {
    return rule ->
        switch (which) {
          case SOURCE -> rule.protocolAndSportNotIn(set);
          case DESTINATION -> rule.protocolAndDportNotIn(set);
        };
  }

  private UnaryOperator<RuleBuilder> portIn(GroupId group, IpFamily family) {
    String set = use(group, ADDRESSES_AND_PORTS, family);
    return rule ->
        switch (which) {
          case SOURCE -> rule.saddrProtocolAndSportIn(family, set);
          case DESTINATION -> rule.daddrProtocolAndDportIn(family, set);
        };
  }

  private UnaryOperator<RuleBuilder> portNotIn(GroupId group, IpFamily family) {
    String set = use(group, ADDRESSES_AND_PORTS, family);
    return rule ->
        switch (which) {
          case SOURCE -> rule.saddrProtocolAndSportNotIn(family, set);
          case DESTINATION -> rule.daddrProtocolAndDportNotIn(family, set);
        };
  }

  private String portSet(List<Range> singles) {
    List<Element> elements =
        singles.stream()
            .map(
                port ->
                    Element.of(
                        PORTS.key(Bytes.u8(port.protocol().number()), Bytes.u16(port.first()))))
            .distinct()
            .toList();
    return add("ports-", NftSet.of("ports", PORTS), elements);
  }

  private String use(GroupId group, GroupSet.Content content, IpFamily family) {
    GroupSet set = new GroupSet(group, content, family);
    sets.add(set);
    return set.name();
  }

  private String add(String prefix, NftSet shape, List<Element> elements) {
    String name = prefix + ContentHash.of(shape.key() + " " + elements);
    NftSet set = new NftSet(name, shape.key(), shape.data(), shape.flags(), "");
    sets.add(SetContent.of(set, elements));
    return name;
  }

  static List<UnaryOperator<RuleBuilder>> product(
      List<UnaryOperator<RuleBuilder>> first, List<UnaryOperator<RuleBuilder>> second) {
    List<UnaryOperator<RuleBuilder>> all = new ArrayList<>();
    for (UnaryOperator<RuleBuilder> one : first) {
      for (UnaryOperator<RuleBuilder> other : second) {
        all.add(both(one, other));
      }
    }
    return all;
  }

  private static UnaryOperator<RuleBuilder> both(
      UnaryOperator<RuleBuilder> one, UnaryOperator<RuleBuilder> other) {
    return rule -> other.apply(one.apply(rule));
  }
}
