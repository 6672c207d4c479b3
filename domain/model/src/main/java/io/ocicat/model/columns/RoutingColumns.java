package io.ocicat.model.columns;

import static io.ocicat.model.columns.Columns.AGE;
import static io.ocicat.model.columns.Columns.NAME;
import static io.ocicat.model.columns.Columns.field;
import static io.ocicat.model.columns.Columns.joined;
import static io.ocicat.model.columns.Columns.text;
import static io.ocicat.model.columns.Columns.whole;
import static io.ocicat.model.columns.Columns.wide;

import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.util.List;
import java.util.Map;

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
              field("Updated", "/status/lastUpdated", "When the node answered."),
              AGE));

  private RoutingColumns() {}

  /** The kind's columns; name and age where there are no others. */
  static List<Column> of(ResourceKind kind) {
    return BY_KIND.getOrDefault(kind, List.of(NAME, AGE));
  }

  private static Column rules(String name, String field) {
    return whole(name, "How many rules.", filter -> filter.path("spec").path(field).size());
  }
}
