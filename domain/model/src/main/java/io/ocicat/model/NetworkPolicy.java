package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.selector.LabelSelector;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A Kubernetes NetworkPolicy ({@code networking.k8s.io/v1}).
 *
 * <p>A peer or port that this version cannot read is kept as {@code Unreadable}, which matches
 * nothing: so a rule with such parts allows less, never more.
 *
 * @param metadata name and namespace
 * @param podSelector the pods of its namespace that it applies to
 * @param directions in which it isolates those pods
 * @param ingress who may reach the pods
 * @param egress whom the pods may reach
 */
public record NetworkPolicy(
    Metadata metadata,
    LabelSelector podSelector,
    Set<Direction> directions,
    List<Rule> ingress,
    List<Rule> egress) {

  /** As seen from the pod. */
  public enum Direction {
    /** To the pod. */
    INGRESS,
    /** From the pod. */
    EGRESS
  }

  /**
   * Allows traffic with any of the peers on any of the ports.
   *
   * @param peers empty for anyone
   * @param ports empty for every port of every protocol
   */
  public record Rule(List<Peer> peers, List<Port> ports) {
    /** Copies the lists. */
    public Rule {
      peers = List.copyOf(peers);
      ports = List.copyOf(ports);
    }
  }

  /** The other end of the traffic. */
  public sealed interface Peer {
    /**
     * Pods of the policy's own namespace.
     *
     * @param pods which
     */
    record PodsHere(LabelSelector pods) implements Peer {}

    /**
     * Pods of the selected namespaces.
     *
     * @param namespaces which namespaces
     * @param pods which pods of them; all when the document has no podSelector
     */
    record PodsOf(LabelSelector namespaces, LabelSelector pods) implements Peer {}

    /**
     * Addresses.
     *
     * @param cidr the range
     * @param except ranges inside it that are not meant
     */
    record Block(Cidr cidr, List<Cidr> except) implements Peer {
      /** Copies the list. */
      public Block {
        except = List.copyOf(except);
      }
    }

    /**
     * Nobody.
     *
     * @param reason why the peer could not be read
     */
    record Unreadable(String reason) implements Peer {}
  }

  /** The destination port of the traffic. */
  public sealed interface Port {
    /**
     * Every port.
     *
     * @param protocol of this protocol
     */
    record Every(Protocol protocol) implements Port {}

    /**
     * Ports by number.
     *
     * @param protocol the transport
     * @param first 1 to 65535
     * @param last the same as first for a single port
     */
    record Range(Protocol protocol, int first, int last) implements Port {}

    /**
     * What the destination pod's containers call by this name and protocol.
     *
     * @param protocol the transport
     * @param name the name
     */
    record Named(Protocol protocol, String name) implements Port {}

    /**
     * No port.
     *
     * @param reason why the port could not be read
     */
    record Unreadable(String reason) implements Port {}
  }

  /** Copies the collections. */
  public NetworkPolicy {
    directions = Set.copyOf(directions);
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /**
   * Reads a document of kind NetworkPolicy.
   *
   * @throws UnreadableDocumentException if it cannot be told which pods it selects
   */
  public static NetworkPolicy read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    return new NetworkPolicy(
        Metadata.read(document),
        spec.labelSelector("podSelector"),
        directionsOf(spec),
        spec.list("ingress").stream().map(rule -> ruleOf(rule, "from")).toList(),
        spec.list("egress").stream().map(rule -> ruleOf(rule, "to")).toList());
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The namespace. */
  public String namespace() {
    return metadata.namespace();
  }

  /** Whether it isolates its pods in this direction. */
  public boolean isolates(Direction direction) {
    return directions.contains(direction);
  }

  /**
   * The rules for one direction; they mean something only if it {@linkplain #isolates isolates}.
   */
  public List<Rule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  private static Set<Direction> directionsOf(Fields spec) {
    Set<Direction> directions = EnumSet.noneOf(Direction.class);
    List<String> types = spec.texts("policyTypes");
    if (types.contains("Ingress") || types.isEmpty()) {
      directions.add(Direction.INGRESS);
    }
    if (types.contains("Egress") || (types.isEmpty() && !spec.list("egress").isEmpty())) {
      directions.add(Direction.EGRESS);
    }
    return directions;
  }

  private static Rule ruleOf(Fields rule, String peersField) {
    return new Rule(
        rule.list(peersField).stream().map(NetworkPolicy::peerOf).toList(),
        rule.list("ports").stream().map(NetworkPolicy::portOf).toList());
  }

  private static Peer peerOf(Fields peer) {
    try {
      if (peer.has("ipBlock")) {
        Fields block = peer.at("ipBlock");
        return new Peer.Block(
            block.parsed("cidr", Cidr::parseLenient),
            block.parsedAll("except", Cidr::parseLenient));
      }
      if (peer.has("namespaceSelector")) {
        return new Peer.PodsOf(
            peer.labelSelector("namespaceSelector"), peer.labelSelector("podSelector"));
      }
      if (peer.has("podSelector")) {
        return new Peer.PodsHere(peer.labelSelector("podSelector"));
      }
      return new Peer.Unreadable(peer.path() + " has no peer that this version knows");
    } catch (UnreadableDocumentException e) {
      return new Peer.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static Port portOf(Fields port) {
    String protocolName = port.text("protocol", "TCP");
    return Protocol.named(protocolName)
        .map(protocol -> portOf(port, protocol))
        .orElseGet(
            () -> new Port.Unreadable(port.path() + " has the protocol \"" + protocolName + "\""));
  }

  private static Port portOf(Fields port, Protocol protocol) {
    JsonNode value = port.node().path("port");
    if (value.isTextual()) {
      return new Port.Named(protocol, value.textValue());
    }
    if (!port.has("port")) {
      return new Port.Every(protocol);
    }
    int first = port.number("port", 0);
    int last = port.has("endPort") ? port.number("endPort", 0) : first;
    return first >= 1 && last >= first && last <= 65535
        ? new Port.Range(protocol, first, last)
        : new Port.Unreadable(port.path() + " is not a range of ports");
  }
}
