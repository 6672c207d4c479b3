package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Turns a {@link PolicySpec} into address groups and chains. */
public final class PolicyCompiler {

  private PolicyCompiler() {}

  /** Every group whose members are needed to enforce or count {@code spec} on any endpoint. */
  public static Set<AddressGroup> groupsOf(PolicySpec spec) {
    Set<AddressGroup> groups = new LinkedHashSet<>();
    if (!spec.isEnforced() && !spec.isStaged()) {
      return groups;
    }
    for (Direction direction : Direction.values()) {
      groups.addAll(groups(spec.rules(direction), new RuleCompiler(direction, List.of())));
      if (mayBeForHosts(spec)) {
        groups.addAll(groups(spec.rules(direction), RuleCompiler.ofHosts()));
      }
    }
    return groups;
  }

  private static Set<AddressGroup> groups(List<PolicyRule> rules, RuleCompiler compiler) {
    for (PolicyRule rule : rules) {
      if (rule instanceof PolicyRule.Match match) {
        compiler.compile(match);
      }
    }
    return compiler.groups();
  }

  private static boolean mayBeForHosts(PolicySpec spec) {
    return switch (spec.name().kind()) {
      case GLOBAL_NETWORK_POLICY, STAGED_GLOBAL_NETWORK_POLICY, PROFILE -> true;
      case KUBERNETES_NETWORK_POLICY,
          CLUSTER_NETWORK_POLICY,
          NETWORK_POLICY,
          STAGED_NETWORK_POLICY,
          STAGED_KUBERNETES_NETWORK_POLICY ->
          false;
    };
  }

  /**
   * The chain of {@code spec} for an endpoint.
   *
   * @param ports of the endpoint
   */
  public static PolicyChain chain(PolicySpec spec, Direction direction, List<NamedPort> ports) {
    return chain(spec, direction, new RuleCompiler(direction, ports));
  }

  /** The chain of {@code spec} for host endpoints. */
  public static PolicyChain hostChain(PolicySpec spec, Direction direction) {
    return chain(spec, direction, RuleCompiler.ofHosts());
  }

  private static PolicyChain chain(PolicySpec spec, Direction direction, RuleCompiler compiler) {
    Set<ChainRule> rules = new LinkedHashSet<>();
    List<String> reasons = new ArrayList<>(spec.problems());
    for (PolicyRule rule : spec.rules(direction)) {
      switch (rule) {
        case PolicyRule.Nothing(var path, var reason) -> reasons.add(path + ": " + reason);
        case PolicyRule.Match match -> {
          match.problems().forEach(problem -> reasons.add(match.path() + ": " + problem));
          compiler.compile(match).ifPresent(rules::add);
        }
      }
    }
    reasons.addAll(compiler.reasons());
    return PolicyChain.of(
        spec.name(), spec.tier(), direction, spec.logDenied(), List.copyOf(rules), reasons);
  }

  /** The named ports of {@code ports} that a chain can depend on. */
  static List<NamedPort> portsThatMatter(
      PolicySpec spec, Direction direction, List<NamedPort> ports) {
    Set<PortMatch.Named> named = new LinkedHashSet<>();
    for (PolicyRule rule : spec.rules(direction)) {
      if (rule instanceof PolicyRule.Match match) {
        TrafficEnd own =
            switch (direction) {
              case INGRESS -> match.traffic().destination();
              case EGRESS -> match.traffic().source();
            };
        for (List<PortMatch> each : List.of(own.ports(), own.notPorts())) {
          for (PortMatch port : each) {
            if (port instanceof PortMatch.Named name) {
              named.add(name);
            }
          }
        }
      }
    }
    return named.isEmpty()
        ? List.of()
        : ports.stream()
            .filter(port -> named.contains(new PortMatch.Named(port.protocol(), port.name())))
            .toList();
  }
}
