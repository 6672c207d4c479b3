package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.PortMatch.Range;
import io.ocicat.selector.LabelSelector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Turns a {@link PolicySpec} into address groups and chains. */
public final class PolicyCompiler {

  private PolicyCompiler() {}

  /** Every group whose members are needed to enforce {@code spec} on any pod. */
  public static Set<AddressGroup> groupsOf(PolicySpec spec) {
    Set<AddressGroup> groups = new LinkedHashSet<>();
    for (Direction direction : Direction.values()) {
      for (PolicyRule rule : spec.rules(direction)) {
        if (rule instanceof PolicyRule.Allow allow) {
          groups.addAll(groupsOf(allow, direction));
        }
      }
    }
    return groups;
  }

  private static Set<AddressGroup> groupsOf(PolicyRule.Allow rule, Direction direction) {
    Set<AddressGroup> groups = new LinkedHashSet<>();
    List<PortMatch.Named> named = direction == Direction.EGRESS ? named(rule) : List.of();
    boolean wholePods =
        direction == Direction.INGRESS
            || rule.ports().isEmpty()
            || named.size() < rule.ports().size();
    for (Peer peer : peers(rule)) {
      if (peer instanceof Peer.Pods(var namespaces, var pods)) {
        if (wholePods && !rule.peers().isEmpty()) {
          groups.add(new AddressGroup.Pods(namespaces, pods));
        }
        for (PortMatch.Named port : named) {
          groups.add(new AddressGroup.PodPorts(namespaces, pods, port.protocol(), port.name()));
        }
      }
    }
    return groups;
  }

  /** For a rule about anyone: all pods, which is where the named ports are. */
  private static List<Peer> peers(PolicyRule.Allow rule) {
    return rule.peers().isEmpty()
        ? List.of(new Peer.Pods(NamespaceSelection.all(), LabelSelector.EVERYTHING))
        : rule.peers();
  }

  private static List<PortMatch.Named> named(PolicyRule.Allow rule) {
    return rule.ports().stream()
        .filter(PortMatch.Named.class::isInstance)
        .map(PortMatch.Named.class::cast)
        .toList();
  }

  /**
   * The chain of {@code spec} for a pod.
   *
   * @param pod one that {@code spec} isolates in that direction; only its named ports count here
   */
  public static PolicyChain chain(PolicySpec spec, Direction direction, PolicyPod pod) {
    Set<ChainRule> rules = new LinkedHashSet<>();
    List<String> reasons = new ArrayList<>(spec.problems());
    for (PolicyRule rule : spec.rules(direction)) {
      switch (rule) {
        case PolicyRule.Invalid(var reason) -> reasons.add(reason);
        case PolicyRule.Allow allow -> addRules(rules, reasons, allow, direction, pod);
      }
    }
    return PolicyChain.of(spec.name(), direction, List.copyOf(rules), reasons);
  }

  private static void addRules(
      Set<ChainRule> rules,
      List<String> reasons,
      PolicyRule.Allow rule,
      Direction direction,
      PolicyPod pod) {
    List<Range> ports = ranges(rule, direction, pod);
    if (rule.ports().isEmpty() || !ports.isEmpty()) {
      if (rule.peers().isEmpty()) {
        rules.add(new ChainRule.AnyPeer(ports));
      }
      for (Peer peer : rule.peers()) {
        rules.add(
            switch (peer) {
              case Peer.Pods(var namespaces, var pods) ->
                  new ChainRule.InGroup(new AddressGroup.Pods(namespaces, pods).id(), ports);
              case Peer.IpBlock block -> new ChainRule.InBlock(block, ports);
            });
      }
    }
    for (PortMatch.Named named : named(rule)) {
      if (direction == Direction.INGRESS) {
        if (pod.portsNamed(named.protocol(), named.name()).isEmpty()) {
          reasons.add(
              "the pod has no %s port named '%s'".formatted(named.protocol(), named.name()));
        }
        continue;
      }
      for (Peer peer : peers(rule)) {
        switch (peer) {
          case Peer.Pods(var namespaces, var pods) ->
              rules.add(
                  new ChainRule.InPortGroup(
                      new AddressGroup.PodPorts(namespaces, pods, named.protocol(), named.name())
                          .id()));
          case Peer.IpBlock(var cidr, _) ->
              reasons.add(
                  "the named port '%s' has no meaning for ipBlock %s"
                      .formatted(named.name(), cidr));
        }
      }
    }
  }

  /** The rule's ports that are known by number here, ascending and merged. */
  private static List<Range> ranges(PolicyRule.Allow rule, Direction direction, PolicyPod pod) {
    List<Range> ranges = new ArrayList<>();
    for (PortMatch port : rule.ports()) {
      switch (port) {
        case Range range -> ranges.add(range);
        case PortMatch.Named(var protocol, var name) -> {
          if (direction == Direction.INGRESS) {
            pod.portsNamed(protocol, name).forEach(n -> ranges.add(Range.of(protocol, n)));
          }
        }
      }
    }
    return merged(ranges);
  }

  private static List<Range> merged(List<Range> ranges) {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparing(Range::protocol).thenComparingInt(Range::first));
    List<Range> merged = new ArrayList<>();
    for (Range range : sorted) {
      if (!merged.isEmpty()
          && merged.getLast().protocol() == range.protocol()
          && range.first() <= merged.getLast().last() + 1) {
        Range before = merged.removeLast();
        merged.add(
            new Range(range.protocol(), before.first(), Math.max(before.last(), range.last())));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }
}
