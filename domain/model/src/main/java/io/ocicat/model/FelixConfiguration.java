package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a FelixConfiguration ({@code projectcalico.org/v3}) says of what is honoured of it; a field
 * that is absent says nothing.
 *
 * @param metadata {@code default} for all nodes, {@code node.NAME} for one
 */
public record FelixConfiguration(
    Metadata metadata,
    Optional<List<FailsafePort>> failsafeInbound,
    Optional<List<FailsafePort>> failsafeOutbound,
    Optional<EndpointToHostAction> endpointToHost,
    Optional<EstablishedConnections> established) {
  /** The annotation that says what becomes of connections when policy changes. */
  public static final String ESTABLISHED = "ocicat.io/established-connections";

  /** The name of the one that is for all nodes. */
  public static final String DEFAULT = "default";

  /** What the name of one for a single node begins with. */
  public static final String NODE_PREFIX = "node.";

  private static final int PORT_MAX = 65535;

  /**
   * A port that no policy of a host endpoint closes.
   *
   * @param net the addresses at the other end; empty for all
   */
  public record FailsafePort(Protocol protocol, int port, Optional<Cidr> net) {}

  /** What becomes of a pod's packet to its own node after the pod's egress policy. */
  public enum EndpointToHostAction {
    /** It passes. */
    ACCEPT,
    /** It is dropped. */
    DROP,
    /** Others on the node decide, which no table of nftables can keep another from. */
    RETURN
  }

  /** What becomes of pods' connections that policy has allowed and allows no more. */
  public enum EstablishedConnections {
    /** They go on until they end. */
    KEEP,
    /** They are cut off at once: each packet of the one that opened them is judged. */
    RECHECK
  }

  /** Copies the lists. */
  public FelixConfiguration {
    failsafeInbound = failsafeInbound.map(List::copyOf);
    failsafeOutbound = failsafeOutbound.map(List::copyOf);
  }

  /**
   * Reads a document of kind FelixConfiguration.
   *
   * @throws UnreadableDocumentException if a part that is honoured cannot be read
   */
  public static FelixConfiguration read(JsonNode document) {
    Fields spec = Fields.of(document).object("spec");
    return new FelixConfiguration(
        Metadata.read(document),
        ports(spec, "failsafeInboundHostPorts"),
        ports(spec, "failsafeOutboundHostPorts"),
        action(spec),
        established(document));
  }

  public String name() {
    return metadata.name();
  }

  private static Optional<List<FailsafePort>> ports(Fields spec, String field) {
    if (!spec.has(field)) {
      return Optional.empty();
    }
    List<FailsafePort> ports = new ArrayList<>();
    for (Fields item : spec.items(field)) {
      int port = item.number("port", -1);
      String protocol = item.text("protocol");
      if (port < 0 || port > PORT_MAX) {
        throw item.at("port").unreadable("not a port");
      }
      ports.add(
          new FailsafePort(
              protocol.isEmpty()
                  ? Protocol.TCP
                  : Protocol.named(protocol)
                      .orElseThrow(() -> item.at("protocol").unreadable("not a protocol")),
              port,
              item.text("net").isEmpty() ? Optional.empty() : Optional.of(item.cidr("net"))));
    }
    return Optional.of(ports);
  }

  private static Optional<EstablishedConnections> established(JsonNode document) {
    Fields annotations = Fields.of(document).object("metadata").object("annotations");
    return switch (annotations.word(ESTABLISHED)) {
      case "" -> Optional.empty();
      case "Keep" -> Optional.of(EstablishedConnections.KEEP);
      case "Recheck" -> Optional.of(EstablishedConnections.RECHECK);
      default -> throw annotations.at(ESTABLISHED).unreadable("not one of Keep, Recheck");
    };
  }

  private static Optional<EndpointToHostAction> action(Fields spec) {
    return switch (spec.word("defaultEndpointToHostAction")) {
      case "" -> Optional.empty();
      case "Accept", "ACCEPT" -> Optional.of(EndpointToHostAction.ACCEPT);
      case "Drop", "DROP" -> Optional.of(EndpointToHostAction.DROP);
      case "Return", "RETURN" -> Optional.of(EndpointToHostAction.RETURN);
      default ->
          throw spec.at("defaultEndpointToHostAction")
              .unreadable("not one of Accept, Drop, Return");
    };
  }
}
