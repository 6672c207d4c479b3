package io.ocicat.policy.explain;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Pod;
import io.ocicat.model.Protocol;
import io.ocicat.policy.Flow;
import io.ocicat.policy.Peers;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicyRule;
import io.ocicat.policy.PolicySpec;
import io.ocicat.policy.RuleField;
import io.ocicat.policy.TrafficEnd;
import io.ocicat.selector.Selector;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Rules in the words of the kinds of policy. */
final class RuleTexts {

  /** How a kind of policy writes its rules. */
  enum Dialect {
    KUBERNETES,
    CLUSTER,
    CALICO
  }

  private RuleTexts() {}

  static Dialect dialect(PolicyKind kind) {
    return switch (kind) {
      case KUBERNETES_NETWORK_POLICY, STAGED_KUBERNETES_NETWORK_POLICY -> Dialect.KUBERNETES;
      case CLUSTER_NETWORK_POLICY -> Dialect.CLUSTER;
      case NETWORK_POLICY,
          GLOBAL_NETWORK_POLICY,
          STAGED_NETWORK_POLICY,
          STAGED_GLOBAL_NETWORK_POLICY,
          PROFILE ->
          Dialect.CALICO;
    };
  }

  /** Whether a policy is for everything in its namespace, or in several. */
  static boolean isForAll(PolicySpec spec) {
    return RuleField.written(spec.subject().selector()) instanceof Selector.All;
  }

  /** A rule that allows just that; empty if the kind has no words for it. */
  static Optional<ObjectNode> rule(
      PolicyKind kind, String namespace, Direction direction, PeerText peer, Flow.Traffic traffic) {
    ObjectNode rule = JsonNodeFactory.instance.objectNode();
    String from = direction == Direction.INGRESS ? "from" : "to";
    switch (dialect(kind)) {
      case KUBERNETES -> {
        rule.putArray(from).add(peer.kubernetes(namespace));
        if (traffic instanceof Flow.Traffic.Transport(var protocol, _, var port)) {
          rule.putArray("ports").add(kubernetesPort(protocol, port));
        }
      }
      case CLUSTER -> {
        Optional<ObjectNode> text = peer.cluster(direction);
        if (text.isEmpty()) {
          return Optional.empty();
        }
        rule.put("action", "Accept").putArray(from).add(text.get());
        if (traffic instanceof Flow.Traffic.Transport(var protocol, _, var port)) {
          rule.putArray("protocols").add(clusterPort(protocol, port));
        }
      }
      case CALICO -> {
        rule.put("action", "Allow");
        ObjectNode source = JsonNodeFactory.instance.objectNode();
        ObjectNode destination = JsonNodeFactory.instance.objectNode();
        (direction == Direction.INGRESS ? source : destination).setAll(peer.calico(namespace));
        switch (traffic) {
          case Flow.Traffic.Transport(var protocol, _, var port) -> {
            rule.put("protocol", protocol.name());
            destination.putArray("ports").add(port);
          }
          case Flow.Traffic.Icmp(var type, var code) -> {
            rule.put("protocol", peer.address().family() == IpFamily.IPV4 ? "ICMP" : "ICMPv6");
            rule.putObject("icmp").put("type", type).put("code", code);
          }
          case Flow.Traffic.Other(var number) -> rule.put("protocol", number);
        }
        if (!source.isEmpty()) {
          rule.set("source", source);
        }
        if (!destination.isEmpty()) {
          rule.set("destination", destination);
        }
      }
    }
    return Optional.of(rule);
  }

  static ObjectNode kubernetesPort(Protocol protocol, int port) {
    return JsonNodeFactory.instance.objectNode().put("protocol", protocol.name()).put("port", port);
  }

  static ObjectNode clusterPort(Protocol protocol, int port) {
    ObjectNode text = JsonNodeFactory.instance.objectNode();
    text.putObject(protocol.name().toLowerCase(Locale.ROOT))
        .putObject("destinationPort")
        .put("number", port);
    return text;
  }

  /** For people. */
  static String words(Flow.Traffic traffic) {
    return switch (traffic) {
      case Flow.Traffic.Transport(var protocol, _, var port) -> protocol + " " + port;
      case Flow.Traffic.Icmp _ -> "ICMP";
      case Flow.Traffic.Other(var number) -> "protocol " + number;
    };
  }

  /** The selector by which a rule means its peer. */
  static Optional<Selector> selector(PolicyRule.Match match, RuleField.Side side) {
    TrafficEnd end =
        side == RuleField.Side.SOURCE ? match.traffic().source() : match.traffic().destination();
    return end.peers() instanceof Peers.Selection selection
        ? Optional.of(RuleField.written(selection.selector()))
        : Optional.empty();
  }

  /** The labels with which a pod would be selected; empty if no label helps. */
  static Optional<Map<String, String>> labelsFor(Selector selector, Pod pod) {
    Map<String, String> labels = new TreeMap<>();
    List<Selector> parts =
        selector instanceof Selector.And(var operands) ? operands : List.of(selector);
    for (Selector part : parts) {
      if (part.matches(pod.labels())) {
        continue;
      }
      switch (part) {
        case Selector.Equal(var key, var value) -> labels.put(key, value);
        case Selector.In(var key, var values) -> {
          if (values.isEmpty()) {
            return Optional.empty();
          }
          labels.put(key, values.getFirst());
        }
        case Selector.Has(var key) -> labels.put(key, "true");
        case Selector.All _,
            Selector.Global _,
            Selector.NotEqual _,
            Selector.NotIn _,
            Selector.Contains _,
            Selector.StartsWith _,
            Selector.EndsWith _,
            Selector.Not _,
            Selector.And _,
            Selector.Or _ -> {
          return Optional.empty();
        }
      }
    }
    return labels.keySet().stream().anyMatch(RuleTexts::isGiven)
        ? Optional.empty()
        : Optional.of(labels);
  }

  /** Whether nobody writes labels of that key: they say what something is, or are inherited. */
  private static boolean isGiven(String key) {
    return key.startsWith(Selector.NAMESPACE_PREFIX)
        || key.startsWith(Selector.SERVICE_ACCOUNT_PREFIX)
        || key.equals(Selector.NAMESPACE_LABEL)
        || key.equals(Selector.SERVICE_ACCOUNT_LABEL)
        || key.equals(Selector.ORCHESTRATOR_LABEL);
  }
}
