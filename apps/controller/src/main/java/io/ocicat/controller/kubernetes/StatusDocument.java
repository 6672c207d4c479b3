package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.ClusterStatus;
import io.ocicat.controller.ClusterStatus.NodeStatus;
import io.ocicat.model.KindName;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The status of the object {@code OcicatStatus}. However large the cluster, it is small: of many
 * nodes it lists those that most is wrong with.
 */
final class StatusDocument {

  /** So many nodes are listed, with so many problems of so many characters each. */
  static final int MOST_NODES = 100;

  private static final int MOST_PROBLEMS = 5;
  private static final int MOST_CHARACTERS = 300;
  private static final int NODES_IN_MESSAGE = 5;

  private StatusDocument() {}

  /** What is told, but for the time and the condition. */
  static ObjectNode of(ClusterStatus status, long enforced, Map<KindName, Long> versions) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("policyGeneration", status.policyGeneration());
    document.put("enforcedGeneration", enforced);
    ObjectNode byKind = document.putObject("enforcedVersions");
    new TreeMap<>(versions)
        .forEach((kind, version) -> byKind.put(kind.toString(), Long.toString(version)));
    document.put("nodeCount", status.nodes().size());
    document.put("readyNodeCount", status.nodes().stream().filter(NodeStatus::ready).count());
    ArrayNode nodes = document.putArray("nodes");
    for (NodeStatus node : worst(status)) {
      ObjectNode listed = bounded(node).toJson();
      // Some API servers of 1.20 take an empty text for null, and refuse it.
      if (node.version().isEmpty()) {
        listed.remove("version");
      }
      nodes.add(listed);
    }
    return document;
  }

  private static List<NodeStatus> worst(ClusterStatus status) {
    return status.nodes().stream()
        .sorted(
            Comparator.comparing(NodeStatus::ready)
                .thenComparing(node -> node.policyGeneration() >= status.policyGeneration())
                .thenComparing(node -> node.problems().isEmpty())
                .thenComparing(node -> node.counters().isEmpty())
                .thenComparing(NodeStatus::name))
        .limit(MOST_NODES)
        .sorted(Comparator.comparing(NodeStatus::name))
        .toList();
  }

  private static NodeStatus bounded(NodeStatus node) {
    return new NodeStatus(
        node.name(),
        node.ready(),
        node.connected(),
        node.policyGeneration(),
        node.version(),
        node.counters(),
        node.problems().stream().limit(MOST_PROBLEMS).map(StatusDocument::cut).toList());
  }

  private static String cut(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
  }

  /** What is wrong, for people. */
  static String message(ClusterStatus status) {
    List<NodeStatus> away = status.nodes().stream().filter(node -> !node.ready()).toList();
    if (away.isEmpty()) {
      return status.nodes().isEmpty()
          ? "no node is known yet"
          : "every node wires pods and enforces policy";
    }
    String named =
        away.stream()
            .limit(NODES_IN_MESSAGE)
            .map(node -> node.name() + ": " + reason(node))
            .collect(Collectors.joining("; "));
    int more = away.size() - NODES_IN_MESSAGE;
    return "%d of %d nodes are not ready: %s%s"
        .formatted(
            away.size(), status.nodes().size(), named, more > 0 ? "; and " + more + " more" : "");
  }

  private static String reason(NodeStatus node) {
    if (!node.connected()) {
      return "its agent is not connected; look at the agent's pod there";
    }
    return node.problems().isEmpty()
        ? "its agent does not enforce policy yet"
        : cut(String.join(", ", node.problems()));
  }
}
