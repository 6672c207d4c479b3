package io.ocicat.model.columns;

import static io.ocicat.model.columns.Columns.AGE;
import static io.ocicat.model.columns.Columns.NAME;
import static io.ocicat.model.columns.Columns.field;
import static io.ocicat.model.columns.Columns.joined;
import static io.ocicat.model.columns.Columns.stream;
import static io.ocicat.model.columns.Columns.text;
import static io.ocicat.model.columns.Columns.whole;
import static io.ocicat.model.columns.Columns.wide;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The columns of the kinds that routing is made of. */
final class RoutingColumns {
  private static final Map<ResourceKind, List<Column>> BY_KIND =
      Map.of(
          Kinds.BGP_CONFIGURATION,
          List.of(
              NAME,
              field("Mesh", "/spec/nodeToNodeMeshEnabled", "Whether nodes peer with all others."),
              field("AS", "/spec/asNumber", "The AS of nodes."),
              AGE,
              wide(field("Port", "/spec/listenPort", "The port at which nodes listen."))),
          Kinds.BGP_PEER,
          List.of(
              NAME,
              field("Peer-IP", "/spec/peerIP", "Where the neighbour is."),
              field("Peer-Selector", "/spec/peerSelector", "The nodes that are neighbours."),
              field("AS", "/spec/asNumber", "The neighbour's AS."),
              field("Node", "/spec/node", "The node that has it."),
              field("Node-Selector", "/spec/nodeSelector", "The nodes that have it."),
              AGE,
              wide(
                  text("Filters", "Which routes pass.", peer -> joined(peer.at("/spec/filters")))
                      .foundAt(".spec.filters"))),
          Kinds.BGP_FILTER,
          List.of(
              NAME,
              rules("Export-V4", "exportV4"),
              rules("Import-V4", "importV4"),
              rules("Export-V6", "exportV6"),
              rules("Import-V6", "importV6"),
              AGE),
          Kinds.BGP_PEER_OPTIONS,
          List.of(
              NAME,
              text("Peers", "The BGPPeers that it is for.", o -> joined(o.at("/spec/peers")))
                  .foundAt(".spec.peers"),
              field("Peer-Selector", "/spec/peerSelector", "The BGPPeers that it is for."),
              field("Node-Selector", "/spec/nodeSelector", "The nodes at which it holds."),
              AGE),
          Kinds.CALICO_NODE_STATUS,
          List.of(
              NAME,
              field("Node", "/spec/node", "The node."),
              text("Classes", "What is asked.", each -> joined(each.at("/spec/classes")))
                  .foundAt(".spec.classes"),
              whole(
                      "Established-V4",
                      "Sessions over IPv4 that are established.",
                      each -> each.at("/status/bgp/numberEstablishedV4").asLong())
                  .foundAt(".status.bgp.numberEstablishedV4"),
              whole(
                      "Established-V6",
                      "Sessions over IPv6 that are established.",
                      each -> each.at("/status/bgp/numberEstablishedV6").asLong())
                  .foundAt(".status.bgp.numberEstablishedV6"),
              field("Updated", "/status/lastUpdated", "When the node answered."),
              AGE),
          Kinds.SERVICE,
          List.of(
              NAME,
              field("Type", "/spec/type", "How it is reached."),
              field("Cluster-IP", "/spec/clusterIP", "Its virtual address."),
              text("External-IP", "Addresses from outside.", RoutingColumns::outside),
              text("Ports", "What it listens on.", RoutingColumns::ports),
              AGE),
          Kinds.SECRET,
          List.of(
              NAME,
              field("Type", "/type", "What it is for."),
              whole("Data", "How many values it has.", RoutingColumns::values),
              AGE));

  private RoutingColumns() {}

  /** The kind's columns; name and age where there are no others. */
  static List<Column> of(ResourceKind kind) {
    return BY_KIND.getOrDefault(kind, List.of(NAME, AGE));
  }

  private static String outside(JsonNode service) {
    return Stream.concat(
            stream(service.at("/spec/externalIPs")).map(JsonNode::asText),
            stream(service.at("/status/loadBalancer/ingress"))
                .map(each -> each.path("ip").asText()))
        .collect(Collectors.joining(","));
  }

  private static String ports(JsonNode service) {
    return stream(service.at("/spec/ports"))
        .map(each -> each.path("port").asText() + "/" + each.path("protocol").asText("TCP"))
        .collect(Collectors.joining(","));
  }

  private static Number values(JsonNode secret) {
    Set<String> keys = new HashSet<>();
    secret.path("data").fieldNames().forEachRemaining(keys::add);
    secret.path("stringData").fieldNames().forEachRemaining(keys::add);
    return keys.size();
  }

  private static Column rules(String name, String field) {
    return whole(name, "How many rules.", filter -> filter.path("spec").path(field).size());
  }
}
