package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.model.IpProtocol;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.policy.PortMatch.Named;
import io.ocicat.policy.PortMatch.Range;
import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns one rule into a {@link ChainRule}, and collects the groups that it looks in.
 *
 * <p>Of a pod the end at which the rule is enforced is known: its named ports are looked up at
 * once. Those of the other end become groups. What passes a host endpoint may be anybody's at both
 * ends.
 */
final class RuleCompiler {

  private final Optional<Direction> direction;
  private final List<NamedPort> ownPorts;
  private final Set<AddressGroup> groups = new LinkedHashSet<>();
  private final List<String> reasons = new ArrayList<>();

  /**
   * @param ownPorts of the endpoint
   */
  RuleCompiler(Direction direction, List<NamedPort> ownPorts) {
    this.direction = Optional.of(direction);
    this.ownPorts = List.copyOf(ownPorts);
  }

  private RuleCompiler() {
    this.direction = Optional.empty();
    this.ownPorts = List.of();
  }

  /** For rules that are enforced at host endpoints. */
  static RuleCompiler ofHosts() {
    return new RuleCompiler();
  }

  /** The groups of all rules seen so far. */
  Set<AddressGroup> groups() {
    return groups;
  }

  /** Why rules match less than they say, or nothing. */
  List<String> reasons() {
    return reasons;
  }

  /** Empty if the rule can match nothing. */
  Optional<ChainRule> compile(PolicyRule.Match rule) {
    TrafficMatch traffic = rule.traffic();
    Optional<ChainRule.Side> source = side(rule, traffic.source(), isOwn(Direction.EGRESS), false);
    Optional<ChainRule.Side> destination =
        side(rule, traffic.destination(), isOwn(Direction.INGRESS), true);
    if (source.isEmpty() || destination.isEmpty() || traffic.families().isEmpty()) {
      return Optional.empty();
    }
    boolean portsSayWhich =
        source.get().ports().isRestricted() || destination.get().ports().isRestricted();
    return Optional.of(
        new ChainRule(
            rule.path(),
            rule.action(),
            traffic.families(),
            portsSayWhich ? List.of() : numbers(traffic.protocols()),
            numbers(traffic.notProtocols()),
            traffic.icmp(),
            traffic.notIcmp(),
            source.get(),
            destination.get()));
  }

  private boolean isOwn(Direction enforced) {
    return direction.filter(enforced::equals).isPresent();
  }

  private static List<Integer> numbers(List<IpProtocol> protocols) {
    return protocols.stream().map(IpProtocol::number).toList();
  }

  private Optional<ChainRule.Side> side(
      PolicyRule.Match rule, TrafficEnd end, boolean own, boolean destination) {
    List<ChainRule.Membership> in = new ArrayList<>();
    List<GroupId> portGroups = new ArrayList<>();
    Selector selector = new Selector.All();
    switch (end.peers()) {
      case Peers.Anyone() -> {}
      case Peers.Selection selection -> {
        selector = Rewriting.selector(selection);
        if (own || needsAddresses(end)) {
          in.add(member(selector));
        }
      }
      case Peers.Service(var service) -> {
        if (destination) {
          portGroups.add(use(new AddressGroup.ServicePorts(service)));
        } else {
          in.add(new ChainRule.Membership(use(new AddressGroup.ServiceAddresses(service)), false));
        }
      }
    }
    List<ChainRule.Membership> notIn = end.notSelectors().stream().map(this::member).toList();
    return ports(rule, end, own, selector, portGroups)
        .map(ports -> new ChainRule.Side(nets(end.nets()), nets(end.notNets()), in, notIn, ports));
  }

  private ChainRule.Membership member(Selector selector) {
    return new ChainRule.Membership(
        use(new AddressGroup.Addresses(selector)), Foresight.maySelectSets(selector));
  }

  /** A group of ports by name holds the addresses, too. */
  private static boolean needsAddresses(TrafficEnd end) {
    return end.ports().isEmpty() || end.ports().stream().anyMatch(Range.class::isInstance);
  }

  private static List<Cidr> nets(List<Cidr> nets) {
    return nets.stream().sorted().distinct().toList();
  }

  private Optional<ChainRule.Ports> ports(
      PolicyRule.Match rule,
      TrafficEnd end,
      boolean own,
      Selector selector,
      List<GroupId> serviceGroups) {
    List<GroupId> groups = new ArrayList<>(serviceGroups);
    List<Range> ranges = new ArrayList<>();
    for (PortMatch port : end.ports()) {
      switch (port) {
        case Range range -> ranges.add(range);
        case Named named -> {
          if (own) {
            ranges.addAll(ownRanges(rule, named));
          } else {
            groups.add(use(new AddressGroup.Ports(selector, named.protocol(), named.name())));
          }
        }
      }
    }
    if (!end.ports().isEmpty() && ranges.isEmpty() && groups.isEmpty()) {
      return Optional.empty();
    }
    List<GroupId> notIn = new ArrayList<>();
    List<Range> taken = new ArrayList<>();
    for (PortMatch port : end.notPorts()) {
      switch (port) {
        case Range range -> taken.add(range);
        case Named named -> {
          if (own) {
            taken.addAll(ownRanges(rule, named));
          } else {
            notIn.add(
                use(new AddressGroup.Ports(new Selector.All(), named.protocol(), named.name())));
          }
        }
      }
    }
    return restricted(rule, ranges, groups, taken, notIn);
  }

  private static Optional<ChainRule.Ports> restricted(
      PolicyRule.Match rule,
      List<Range> ranges,
      List<GroupId> groups,
      List<Range> taken,
      List<GroupId> notIn) {
    boolean any = ranges.isEmpty() && groups.isEmpty();
    if (taken.isEmpty() || (any && rule.traffic().protocols().isEmpty())) {
      return Optional.of(
          new ChainRule.Ports(PortRanges.merged(ranges), groups, List.of(), taken, notIn));
    }
    List<Range> all = any ? everything(rule) : ranges;
    List<Range> left = PortRanges.without(all, taken);
    List<Range> within = groups.isEmpty() ? List.of() : PortRanges.without(everything(rule), taken);
    return left.isEmpty() && (groups.isEmpty() || within.isEmpty())
        ? Optional.empty()
        : Optional.of(new ChainRule.Ports(left, groups, within, List.of(), notIn));
  }

  /** Every port of the rule's protocols. */
  private static List<Range> everything(PolicyRule.Match rule) {
    List<Range> all = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      if (rule.traffic().protocols().isEmpty()
          || rule.traffic().protocols().contains(IpProtocol.of(protocol))) {
        all.add(Range.all(protocol));
      }
    }
    return all;
  }

  private List<Range> ownRanges(PolicyRule.Match rule, Named named) {
    List<Range> ranges =
        ownPorts.stream()
            .filter(port -> port.protocol() == named.protocol() && port.name().equals(named.name()))
            .map(port -> Range.of(port.protocol(), port.number()))
            .toList();
    if (ranges.isEmpty()) {
      reasons.add(
          "%s: the endpoint has no %s port named '%s'"
              .formatted(rule.path(), named.protocol(), named.name()));
    }
    return ranges;
  }

  private GroupId use(AddressGroup group) {
    groups.add(group);
    return group.id();
  }
}
