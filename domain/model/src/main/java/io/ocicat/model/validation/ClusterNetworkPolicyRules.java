package io.ocicat.model.validation;

import io.ocicat.inet.Cidr;
import io.ocicat.model.schema.TextChecks;
import java.util.List;

/** Rules for ClusterNetworkPolicy, as upstream's definition has them. */
final class ClusterNetworkPolicyRules {
  private ClusterNetworkPolicyRules() {}

  static void check(Place spec) {
    pods(spec.at("subject"));
    for (Place rule : spec.at("ingress").items()) {
      rule.at("from").items().forEach(ClusterNetworkPolicyRules::pods);
      rule.at("protocols").items().forEach(ClusterNetworkPolicyRules::protocol);
    }
    for (Place rule : spec.at("egress").items()) {
      rule.at("to").items().forEach(peer -> egressPeer(peer, rule.at("action").text()));
      rule.at("protocols").items().forEach(ClusterNetworkPolicyRules::protocol);
      namedPorts(rule);
    }
  }

  private static void pods(Place place) {
    SelectorRules.check(place.at("namespaces"));
    SelectorRules.check(place.at("pods").at("namespaceSelector"));
    SelectorRules.check(place.at("pods").at("podSelector"));
  }

  private static void egressPeer(Place peer, String action) {
    pods(peer);
    SelectorRules.check(peer.at("nodes"));
    for (Place network : peer.at("networks").items()) {
      if (TextChecks.cidr(network.text()).isEmpty() && Cidr.tryParse(network.text()).isEmpty()) {
        network.warning(
            "\"%s\" has host bits set and means %s"
                .formatted(network.text(), Cidr.parseLenient(network.text())));
      }
    }
    Place names = peer.at("domainNames");
    if (names.isPresent()) {
      if (!action.equals("Accept")) {
        names.forbidden("only allowed in a rule with the action Accept");
      }
      names.warning("accepted, but names are not looked up: the rule matches nothing");
    }
  }

  private static void protocol(Place protocol) {
    for (String transport : List.of("tcp", "udp", "sctp")) {
      Place range = protocol.at(transport).at("destinationPort").at("range");
      Place end = range.at("end");
      if (end.isPresent() && end.value().asInt() <= range.at("start").value().asInt()) {
        end.invalid("must be greater than start");
      }
    }
  }

  private static void namedPorts(Place rule) {
    boolean withoutPods =
        rule.at("to").items().stream()
            .anyMatch(
                peer ->
                    peer.at("networks").isPresent()
                        || peer.at("nodes").isPresent()
                        || peer.at("domainNames").isPresent());
    for (Place protocol : rule.at("protocols").items()) {
      Place name = protocol.at("destinationNamedPort");
      if (withoutPods && name.isPresent()) {
        name.forbidden("networks, nodes and domain names have no named ports");
      }
    }
  }
}
