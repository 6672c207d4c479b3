package io.ocicat.controller;

import io.ocicat.controller.ClusterStatus.NodeStatus;
import io.ocicat.sync.NodeReport;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** How far each node is; written by the controller's thread, read by any. */
final class NodeBoard implements StatusSource {

  /**
   * @param documented there is a Node document
   */
  private record Row(
      boolean documented, boolean connected, String version, long acknowledged, NodeReport report) {

    static final Row EMPTY =
        new Row(
            false, false, "", 0, new NodeReport(List.of(), Map.of(), false, Map.of(), List.of()));

    NodeStatus status(String name) {
      return new NodeStatus(
          name,
          connected && report.ready(),
          connected,
          acknowledged,
          version,
          report.counters(),
          report.problems());
    }
  }

  private final Map<String, Row> rows = new ConcurrentHashMap<>();
  private volatile long generation;

  void generation(long revision) {
    generation = revision;
  }

  void documented(String node) {
    change(node, row -> new Row(true, row.connected, row.version, row.acknowledged, row.report));
  }

  /** The nodes of which there is a document. */
  Set<String> documented() {
    return rows.entrySet().stream()
        .filter(row -> row.getValue().documented())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  void undocumented(String node) {
    rows.computeIfPresent(
        node,
        (_, row) ->
            row.connected ? new Row(false, true, row.version, row.acknowledged, row.report) : null);
  }

  /**
   * @param holds up to which the agent's table is complete in this life of the controller; what it
   *     acknowledged before may be lost if it holds less
   */
  void connected(String node, String version, long holds) {
    change(
        node,
        row ->
            new Row(row.documented, true, version, Math.min(row.acknowledged, holds), row.report));
  }

  void disconnected(String node) {
    rows.computeIfPresent(
        node,
        (_, row) ->
            row.documented
                ? new Row(true, false, row.version, row.acknowledged, row.report)
                : null);
  }

  void acknowledged(String node, long revision) {
    change(node, row -> new Row(row.documented, row.connected, row.version, revision, row.report));
  }

  void reported(String node, NodeReport report) {
    change(
        node, row -> new Row(row.documented, row.connected, row.version, row.acknowledged, report));
  }

  private void change(String node, UnaryOperator<Row> change) {
    rows.compute(node, (_, row) -> change.apply(row == null ? Row.EMPTY : row));
  }

  @Override
  public ClusterStatus status() {
    List<NodeStatus> nodes =
        rows.entrySet().stream()
            .map(entry -> entry.getValue().status(entry.getKey()))
            .sorted(Comparator.comparing(NodeStatus::name))
            .toList();
    return new ClusterStatus(nodes.stream().allMatch(NodeStatus::ready), generation, nodes);
  }
}
