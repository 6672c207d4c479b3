package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Neighbours of nodes ({@code projectcalico.org/v3} BGPPeer).
 *
 * @param metadata the name, and the labels by which options choose it
 * @param nodes the nodes that have the neighbours
 * @param remote who the neighbours are
 * @param asNumber the neighbours' AS, where it is given
 * @param localAs ours towards them, where it is not the node's
 * @param nextHop which next hop they are told
 * @param password of sessions
 * @param fromNodeAddress whether sessions come from the node's address
 * @param restartTime how long a neighbour that is gone keeps its routes
 * @param keepaliveTime the time between keepalives
 * @param allowedLocalAs how often our AS may stand in the path of its routes
 * @param ttlSecurityHops at how many hops at most it is; 0: not judged
 * @param reachableBy the router by which it is reached
 * @param filters names of BGPFilters in their order
 * @param reversed whether nodes that are neighbours get the session from their end as well
 */
public record BgpPeer(
    Metadata metadata,
    Where nodes,
    Remote remote,
    Optional<AsNumber> asNumber,
    Optional<AsNumber> localAs,
    NextHop nextHop,
    Optional<SecretKey> password,
    boolean fromNodeAddress,
    Optional<Duration> restartTime,
    Optional<Duration> keepaliveTime,
    int allowedLocalAs,
    int ttlSecurityHops,
    Optional<IpAddress> reachableBy,
    List<String> filters,
    boolean reversed) {

  /** The nodes that something is for. */
  public sealed interface Where {
    /** All of them. */
    record Everywhere() implements Where {}

    /** The one of this name. */
    record At(String node) implements Where {}

    /** Those of these labels. */
    record Selected(Selector selector) implements Where {}

    /** Whether this node is one of them. */
    default boolean holds(Node node) {
      return switch (this) {
        case Everywhere _ -> true;
        case At(String name) -> name.equals(node.name());
        case Selected(Selector selector) -> selector.matches(node.labels());
      };
    }
  }

  /** Who the neighbours are. */
  public sealed interface Remote {
    /** The router at this address. */
    record Router(PeerEndpoint endpoint) implements Remote {}

    /** Nodes of these labels. */
    record Nodes(Selector selector) implements Remote {}

    /** The node's own pods of these labels. */
    record Workloads(Selector selector) implements Remote {}

    /** This object does not say: a BGPPeerOptions may. */
    record Unsaid() implements Remote {}
  }

  /** Which next hop a neighbour is told. */
  public enum NextHop {
    /** As BGP has it. */
    AUTO,
    /** Always us. */
    SELF,
    /** As learned. */
    KEEP
  }

  /** Copies the list. */
  public BgpPeer {
    filters = List.copyOf(filters);
  }

  /**
   * Reads a document of kind BGPPeer.
   *
   * @throws UnreadableDocumentException if a part cannot be read
   */
  public static BgpPeer read(JsonNode document) {
    Fields spec = Fields.of(document).object("spec");
    return new BgpPeer(
        Metadata.read(document),
        where(spec),
        remote(spec),
        spec.given("asNumber", AsNumber::parse),
        spec.given("localASNumber", AsNumber::parse),
        nextHop(spec),
        password(spec.object("password")),
        !spec.text("sourceAddress").equals("None"),
        spec.given("maxRestartTime", GoDuration::parse),
        spec.given("keepaliveTime", GoDuration::parse),
        spec.number("numAllowedLocalASNumbers", 0),
        spec.number("ttlSecurity", 0),
        spec.given("reachableBy", IpAddress::parse),
        spec.words("filters"),
        !spec.text("reversePeering").equals("Manual"));
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The labels by which options choose it. */
  public Labels labels() {
    return metadata.labels();
  }

  static Optional<SecretKey> password(Fields password) {
    Fields reference = password.object("secretKeyRef");
    return reference.text("name").isEmpty()
        ? Optional.empty()
        : Optional.of(new SecretKey(reference.text("name"), reference.text("key")));
  }

  private static Where where(Fields spec) {
    String node = spec.text("node");
    return node.isEmpty()
        ? spec.given("nodeSelector", Selector::parse)
            .<Where>map(Where.Selected::new)
            .orElseGet(Where.Everywhere::new)
        : new Where.At(node);
  }

  private static Remote remote(Fields spec) {
    return spec.given("peerIP", PeerEndpoint::parse)
        .<Remote>map(Remote.Router::new)
        .or(() -> spec.given("peerSelector", Selector::parse).map(Remote.Nodes::new))
        .or(() -> spec.given("localWorkloadSelector", Selector::parse).map(Remote.Workloads::new))
        .orElseGet(Remote.Unsaid::new);
  }

  private static NextHop nextHop(Fields spec) {
    return switch (spec.text("nextHopMode")) {
      case "Self" -> NextHop.SELF;
      case "Keep" -> NextHop.KEEP;
      default -> spec.flag("keepOriginalNextHop") ? NextHop.KEEP : NextHop.AUTO;
    };
  }
}
