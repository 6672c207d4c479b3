package io.ocicat.lab;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.client.ApiClient;
import java.util.ArrayList;
import java.util.List;

/** What the controller says of the cluster. */
record ClusterStatus(boolean ready, List<Node> nodes) {
  ClusterStatus {
    nodes = List.copyOf(nodes);
  }

  /** One node. */
  record Node(String name, boolean ready, long policyGeneration) {}

  static ClusterStatus read(ApiClient api) {
    JsonNode status =
        api.read(new ApiClient.Attempt("ask the controller for its status", "/ocicat/v1/status"));
    List<Node> nodes = new ArrayList<>();
    for (JsonNode node : status.path("nodes")) {
      nodes.add(
          new Node(
              node.path("name").asText(),
              node.path("ready").asBoolean(),
              node.path("policyGeneration").asLong()));
    }
    return new ClusterStatus(status.path("ready").asBoolean(), nodes);
  }

  /** Whether every ready node enforces that revision. */
  boolean reached(long revision) {
    return nodes.stream().filter(Node::ready).allMatch(node -> node.policyGeneration() >= revision);
  }

  /** How many nodes are ready. */
  long readyNodes() {
    return nodes.stream().filter(Node::ready).count();
  }
}
