package io.ocicat.policy;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.ClusterNetworkPolicy;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.model.Tier;
import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads ClusterNetworkPolicies of the model. */
final class ClusterPolicySpecs {

  private ClusterPolicySpecs() {}

  /** One of which it cannot be read when it is asked, or for whom, is for nobody. */
  static PolicySpec from(ClusterNetworkPolicy policy) {
    List<String> problems = new ArrayList<>();
    Peers.Selection subject =
        switch (policy.subject()) {
          case ClusterNetworkPolicy.Subject.Namespaces(var namespaces) ->
              pods(namespaces, LabelSelector.EVERYTHING);
          case ClusterNetworkPolicy.Subject.Pods(var namespaces, var pods) ->
              pods(namespaces, pods);
          case ClusterNetworkPolicy.Subject.Unreadable(var reason) -> {
            problems.add(reason);
            yield nobody();
          }
        };
    String tier =
        switch (policy.tier()) {
          case ADMIN -> Tier.KUBE_ADMIN;
          case BASELINE -> Tier.KUBE_BASELINE;
          case UNREADABLE -> {
            problems.add("spec.tier is not Admin or Baseline");
            yield Tier.KUBE_ADMIN;
          }
        };
    Set<Direction> directions = EnumSet.noneOf(Direction.class);
    for (Direction direction : Direction.values()) {
      if (!policy.rules(direction).isEmpty()) {
        directions.add(direction);
      }
    }
    return new PolicySpec(
        new PolicyName(PolicyKind.CLUSTER_NETWORK_POLICY, "", policy.name()),
        tier,
        policy.priority(),
        problems.isEmpty() ? subject : nobody(),
        directions,
        rules(policy, Direction.INGRESS),
        rules(policy, Direction.EGRESS),
        PolicySpec.Standing.ENFORCED,
        problems);
  }

  private static Peers.Selection nobody() {
    return new Peers.Selection(
        new NamespaceSelection.Anywhere(), new Selector.Not(new Selector.All()));
  }

  private static Peers.Selection pods(LabelSelector namespaces, LabelSelector pods) {
    return Peers.Selection.ofPods(
        new NamespaceSelection.Matching(Selector.of(namespaces)), Selector.of(pods));
  }

  private static List<PolicyRule> rules(ClusterNetworkPolicy policy, Direction direction) {
    List<PolicyRule> rules = new ArrayList<>();
    List<ClusterNetworkPolicy.Rule> documents = policy.rules(direction);
    for (int index = 0; index < documents.size(); index++) {
      rules.addAll(rules(direction, CalicoSpecs.path(direction, index), documents.get(index)));
    }
    return rules;
  }

  private static List<PolicyRule> rules(
      Direction direction, String path, ClusterNetworkPolicy.Rule rule) {
    Action action =
        switch (rule.action()) {
          case ACCEPT -> Action.ALLOW;
          case DENY -> Action.DENY;
          case PASS -> Action.PASS;
        };
    List<String> problems = new ArrayList<>();
    List<PortMatch> ports = new ArrayList<>();
    rule.protocols().forEach(port -> addPort(port, ports, problems));
    List<PolicyRule> rules = new ArrayList<>();
    for (int index = 0; index < rule.peers().size(); index++) {
      String at = path + (direction == Direction.INGRESS ? ".from[" : ".to[") + index + "]";
      peer(rule.peers().get(index), problems)
          .ifPresent(peer -> rules.add(match(direction, at, action, peer, ports)));
    }
    return problems.isEmpty()
        ? rules
        : List.of(CalicoSpecs.unreadable(path, action, String.join("; ", problems)));
  }

  private static void addPort(
      ClusterNetworkPolicy.Port port, List<PortMatch> ports, List<String> problems) {
    switch (port) {
      case ClusterNetworkPolicy.Port.Every(var protocol) ->
          ports.add(PortMatch.Range.all(protocol));
      case ClusterNetworkPolicy.Port.Range(var protocol, var first, var last) ->
          ports.add(new PortMatch.Range(protocol, first, last));
      case ClusterNetworkPolicy.Port.Named(var name) -> {
        for (Protocol protocol : Protocol.values()) {
          ports.add(new PortMatch.Named(protocol, name));
        }
      }
      case ClusterNetworkPolicy.Port.Unreadable(var reason) -> problems.add(reason);
    }
  }

  private static Optional<TrafficEnd> peer(ClusterNetworkPolicy.Peer peer, List<String> problems) {
    return switch (peer) {
      case ClusterNetworkPolicy.Peer.Namespaces(var namespaces) ->
          Optional.of(TrafficEnd.of(pods(namespaces, LabelSelector.EVERYTHING), List.of()));
      case ClusterNetworkPolicy.Peer.Pods(var namespaces, var pods) ->
          Optional.of(TrafficEnd.of(pods(namespaces, pods), List.of()));
      case ClusterNetworkPolicy.Peer.Networks(var cidrs) ->
          Optional.of(
              new TrafficEnd(
                  cidrs, List.of(), new Peers.Anyone(), List.of(), List.of(), List.of()));
      case ClusterNetworkPolicy.Peer.Nodes _ -> {
        problems.add("peers by node are not supported");
        yield Optional.empty();
      }
      case ClusterNetworkPolicy.Peer.DomainNames _ -> {
        problems.add("peers by domain name are not supported");
        yield Optional.empty();
      }
      case ClusterNetworkPolicy.Peer.Unreadable(var reason) -> {
        problems.add(reason);
        yield Optional.empty();
      }
    };
  }

  private static PolicyRule match(
      Direction direction, String path, Action action, TrafficEnd peer, List<PortMatch> ports) {
    return new PolicyRule.Match(
        path,
        action,
        switch (direction) {
          case INGRESS -> TrafficMatch.of(peer, TrafficEnd.of(new Peers.Anyone(), ports));
          case EGRESS -> TrafficMatch.of(TrafficEnd.ANYTHING, peer.withPorts(ports));
        });
  }
}
