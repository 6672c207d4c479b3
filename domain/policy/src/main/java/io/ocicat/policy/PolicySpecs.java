package io.ocicat.policy;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Tier;
import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Reads Kubernetes' NetworkPolicies of the model. */
public final class PolicySpecs {

  /** Where Kubernetes' policies come in the tier. */
  private static final double ORDER = 1000;

  private PolicySpecs() {}

  /** A rule of which any part cannot be read becomes {@link PolicyRule.Nothing}. */
  public static PolicySpec from(NetworkPolicy policy) {
    return new PolicySpec(
        PolicyName.ofKubernetes(policy.namespace(), policy.name()),
        Tier.DEFAULT,
        ORDER,
        pods(new NamespaceSelection.Named(policy.namespace()), policy.podSelector()),
        policy.directions(),
        rules(policy, Direction.INGRESS),
        rules(policy, Direction.EGRESS),
        PolicySpec.Standing.ENFORCED,
        List.of());
  }

  /** What isolates every pod of the name's namespace. */
  static PolicySpec unreadable(PolicyName name, String reason) {
    return new PolicySpec(
        name,
        Tier.DEFAULT,
        ORDER,
        pods(new NamespaceSelection.Named(name.namespace()), LabelSelector.EVERYTHING),
        EnumSet.allOf(Direction.class),
        List.of(),
        List.of(),
        PolicySpec.Standing.ENFORCED,
        List.of(reason));
  }

  private static Peers.Selection pods(NamespaceSelection namespaces, LabelSelector pods) {
    return Peers.Selection.ofPods(namespaces, Selector.of(pods));
  }

  private static List<PolicyRule> rules(NetworkPolicy policy, Direction direction) {
    List<PolicyRule> rules = new ArrayList<>();
    if (policy.isolates(direction)) {
      List<NetworkPolicy.Rule> documents = policy.rules(direction);
      for (int index = 0; index < documents.size(); index++) {
        addRules(rules, policy.namespace(), direction, documents.get(index), index);
      }
    }
    return rules;
  }

  private static void addRules(
      List<PolicyRule> rules,
      String namespace,
      Direction direction,
      NetworkPolicy.Rule rule,
      int index) {
    String path = (direction == Direction.INGRESS ? "ingress[" : "egress[") + index + "]";
    List<PortMatch> ports = new ArrayList<>();
    List<String> problems = new ArrayList<>();
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
    for (NetworkPolicy.Peer peer : rule.peers()) {
      if (peer instanceof NetworkPolicy.Peer.Unreadable(var reason)) {
        problems.add(reason);
      }
    }
    if (!problems.isEmpty()) {
      rules.add(new PolicyRule.Nothing(path, String.join("; ", problems)));
      return;
    }
    if (rule.peers().isEmpty()) {
      rules.add(allow(path, direction, TrafficEnd.of(new Peers.Anyone(), List.of()), ports));
    }
    String peers = path + (direction == Direction.INGRESS ? ".from[" : ".to[");
    for (int i = 0; i < rule.peers().size(); i++) {
      rules.add(rule(peers + i + "]", namespace, direction, rule.peers().get(i), ports));
    }
  }

  private static PolicyRule rule(
      String path,
      String namespace,
      Direction direction,
      NetworkPolicy.Peer peer,
      List<PortMatch> ports) {
    return switch (peer) {
      case NetworkPolicy.Peer.PodsHere(var pods) ->
          allow(path, direction, peer(new NamespaceSelection.Named(namespace), pods), ports);
      case NetworkPolicy.Peer.PodsOf(var namespaces, var pods) ->
          allow(
              path,
              direction,
              peer(new NamespaceSelection.Matching(Selector.of(namespaces)), pods),
              ports);
      case NetworkPolicy.Peer.Block(var cidr, var except) -> {
        List<PortMatch> numbered =
            direction == Direction.INGRESS
                ? ports
                : ports.stream().filter(PortMatch.Range.class::isInstance).toList();
        yield numbered.isEmpty() && !ports.isEmpty()
            ? new PolicyRule.Nothing(path, "a port by name has no meaning for ipBlock " + cidr)
            : allow(path, direction, TrafficEnd.of(cidr, except, List.of()), numbered);
      }
      case NetworkPolicy.Peer.Unreadable(var reason) -> new PolicyRule.Nothing(path, reason);
    };
  }

  private static TrafficEnd peer(NamespaceSelection namespaces, LabelSelector pods) {
    return TrafficEnd.of(pods(namespaces, pods), List.of());
  }

  private static PolicyRule allow(
      String path, Direction direction, TrafficEnd peer, List<PortMatch> ports) {
    return new PolicyRule.Match(
        path,
        Action.ALLOW,
        switch (direction) {
          case INGRESS -> TrafficMatch.of(peer, TrafficEnd.of(new Peers.Anyone(), ports));
          case EGRESS -> TrafficMatch.of(TrafficEnd.ANYTHING, peer.withPorts(ports));
        });
  }
}
