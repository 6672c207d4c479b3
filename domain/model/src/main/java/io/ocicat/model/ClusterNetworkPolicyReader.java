package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.model.ClusterNetworkPolicy.Action;
import io.ocicat.model.ClusterNetworkPolicy.Peer;
import io.ocicat.model.ClusterNetworkPolicy.Port;
import io.ocicat.model.ClusterNetworkPolicy.Rule;
import io.ocicat.model.ClusterNetworkPolicy.Subject;
import io.ocicat.model.ClusterNetworkPolicy.Tier;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Reads documents of kind ClusterNetworkPolicy. */
final class ClusterNetworkPolicyReader {
  private ClusterNetworkPolicyReader() {}

  static ClusterNetworkPolicy read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    Tier tier =
        switch (spec.text("tier")) {
          case "Admin" -> Tier.ADMIN;
          case "Baseline" -> Tier.BASELINE;
          default -> Tier.UNREADABLE;
        };
    return new ClusterNetworkPolicy(
        Metadata.read(document),
        tier,
        spec.number("priority", 1000),
        subject(spec.at("subject")),
        rules(spec, "ingress", "from"),
        rules(spec, "egress", "to"));
  }

  private static Subject subject(Fields subject) {
    try {
      if (subject.has("namespaces")) {
        subject.object("namespaces");
        return new Subject.Namespaces(subject.labelSelector("namespaces"));
      }
      if (subject.has("pods")) {
        Fields pods = subject.object("pods");
        return new Subject.Pods(
            pods.labelSelector("namespaceSelector"), pods.labelSelector("podSelector"));
      }
      return new Subject.Unreadable(subject.path() + " names neither namespaces nor pods");
    } catch (UnreadableDocumentException e) {
      return new Subject.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static List<Rule> rules(Fields spec, String field, String peers) {
    try {
      return spec.items(field).stream().map(rule -> rule(rule, peers)).toList();
    } catch (UnreadableDocumentException e) {
      Peer nobody = new Peer.Unreadable(String.valueOf(e.getMessage()));
      return List.of(new Rule("", Action.DENY, List.of(nobody), List.of()));
    }
  }

  private static Rule rule(Fields rule, String peersField) {
    Action action =
        switch (rule.text("action")) {
          case "Accept" -> Action.ACCEPT;
          case "Pass" -> Action.PASS;
          default -> Action.DENY;
        };
    List<Peer> peers =
        each(rule, peersField, ClusterNetworkPolicyReader::peer, Peer.Unreadable::new);
    if (!List.of("Accept", "Deny", "Pass").contains(rule.text("action"))) {
      peers = List.of(new Peer.Unreadable(rule.path() + ".action is not Accept, Deny or Pass"));
    } else if (peers.isEmpty()) {
      peers = List.of(new Peer.Unreadable(rule.path() + "." + peersField + " names nobody"));
    }
    List<Port> protocols =
        each(rule, "protocols", ClusterNetworkPolicyReader::port, Port.Unreadable::new);
    return new Rule(rule.text("name"), action, peers, protocols);
  }

  private static <T> List<T> each(
      Fields rule, String field, Function<Fields, T> reader, Function<String, T> unreadable) {
    try {
      return rule.items(field).stream().map(item -> read(item, reader, unreadable)).toList();
    } catch (UnreadableDocumentException e) {
      return List.of(unreadable.apply(String.valueOf(e.getMessage())));
    }
  }

  private static <T> T read(
      Fields item, Function<Fields, T> reader, Function<String, T> unreadable) {
    try {
      return reader.apply(item);
    } catch (UnreadableDocumentException e) {
      return unreadable.apply(String.valueOf(e.getMessage()));
    }
  }

  private static Peer peer(Fields peer) {
    if (peer.has("namespaces")) {
      peer.object("namespaces");
      return new Peer.Namespaces(peer.labelSelector("namespaces"));
    }
    if (peer.has("pods")) {
      Fields pods = peer.object("pods");
      return new Peer.Pods(
          pods.labelSelector("namespaceSelector"), pods.labelSelector("podSelector"));
    }
    if (peer.has("nodes")) {
      peer.object("nodes");
      return new Peer.Nodes(peer.labelSelector("nodes"));
    }
    if (peer.has("networks")) {
      return new Peer.Networks(
          peer.items("networks").stream().map(item -> item.ownParsed(Cidr::parseLenient)).toList());
    }
    if (peer.has("domainNames")) {
      return new Peer.DomainNames(peer.words("domainNames"));
    }
    throw peer.unreadable("no peer that this version knows");
  }

  private static Port port(Fields protocol) {
    String name = protocol.word("destinationNamedPort");
    if (!name.isEmpty()) {
      return new Port.Named(name);
    }
    for (Protocol transport : Protocol.values()) {
      String field = transport.name().toLowerCase(Locale.ROOT);
      if (protocol.has(field)) {
        return port(transport, protocol.object(field).object("destinationPort"));
      }
    }
    throw protocol.unreadable("no protocol that this version knows");
  }

  private static Port port(Protocol transport, Fields port) {
    if (port.node().isMissingNode() || port.node().isNull()) {
      return new Port.Every(transport);
    }
    Fields range = port.object("range");
    int first = range.number("start", port.number("number", 0));
    int last = range.number("end", port.number("number", 0));
    if (first < 1 || last < first || last > 65535) {
      throw port.unreadable("not a port or a range of ports");
    }
    return new Port.Range(transport, first, last);
  }
}
