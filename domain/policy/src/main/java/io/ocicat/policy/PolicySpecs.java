package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.selector.LabelSelector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Reads policies of the model. */
public final class PolicySpecs {

  private PolicySpecs() {}

  /** A rule of which any part cannot be read becomes {@link PolicyRule.Invalid}. */
  public static PolicySpec from(NetworkPolicy policy) {
    return new PolicySpec(
        new PolicyName(policy.namespace(), policy.name()),
        policy.podSelector(),
        policy.directions(),
        rules(policy, Direction.INGRESS),
        rules(policy, Direction.EGRESS));
  }

  /**
   * In place of a policy that cannot be read at all: since nobody knows which pods it protects, it
   * isolates every pod of its namespace until it is corrected or deleted.
   */
  public static PolicySpec unreadable(PolicyName name, String reason) {
    return new PolicySpec(
        name,
        LabelSelector.EVERYTHING,
        EnumSet.allOf(Direction.class),
        List.of(),
        List.of(),
        List.of(reason));
  }

  private static List<PolicyRule> rules(NetworkPolicy policy, Direction direction) {
    return policy.isolates(direction)
        ? policy.rules(direction).stream().map(rule -> rule(policy.namespace(), rule)).toList()
        : List.of();
  }

  private static PolicyRule rule(String namespace, NetworkPolicy.Rule rule) {
    List<Peer> peers = new ArrayList<>();
    List<PortMatch> ports = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (NetworkPolicy.Peer peer : rule.peers()) {
      switch (peer) {
        case NetworkPolicy.Peer.PodsHere(var pods) ->
            peers.add(new Peer.Pods(new NamespaceSelection.Named(namespace), pods));
        case NetworkPolicy.Peer.PodsOf(var namespaces, var pods) ->
            peers.add(new Peer.Pods(new NamespaceSelection.Matching(namespaces), pods));
        case NetworkPolicy.Peer.Block(var cidr, var except) ->
            peers.add(new Peer.IpBlock(cidr, except));
        case NetworkPolicy.Peer.Unreadable(var reason) -> problems.add(reason);
      }
    }
    for (NetworkPolicy.Port port : rule.ports()) {
      switch (port) {
        case NetworkPolicy.Port.Every(var protocol) -> ports.add(PortMatch.Range.all(protocol));
        case NetworkPolicy.Port.Range(var protocol, var first, var last) ->
            ports.add(new PortMatch.Range(protocol, first, last));
        case NetworkPolicy.Port.Named(var protocol, var name) ->
            ports.add(new PortMatch.Named(protocol, name));
        case NetworkPolicy.Port.Unreadable(var reason) -> problems.add(reason);
      }
    }
    return problems.isEmpty()
        ? new PolicyRule.Allow(peers, ports)
        : new PolicyRule.Invalid(String.join("; ", problems));
  }
}
