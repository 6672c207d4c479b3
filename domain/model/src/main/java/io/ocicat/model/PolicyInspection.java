package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked by a PolicyInspection.
 *
 * @param policies whose counters are wanted
 * @param nodes to ask; empty for all
 * @param isComplete whether every node has answered
 */
public record PolicyInspection(
    Metadata metadata, List<Policy> policies, List<String> nodes, boolean isComplete) {

  /** The phase in which nodes are still to answer. */
  public static final String RUNNING = "Running";

  /** The phase in which all of them have. */
  public static final String COMPLETE = "Complete";

  /**
   * Names a policy.
   *
   * @param kind with the group where another kind has the same name
   * @param namespace empty for kinds without one
   */
  public record Policy(String kind, String namespace, String name) {}

  public PolicyInspection {
    policies = List.copyOf(policies);
    nodes = List.copyOf(nodes);
  }

  /** The document, in which fields of another form than the schema's count as absent. */
  public static PolicyInspection read(JsonNode document) {
    List<Policy> policies = new ArrayList<>();
    for (JsonNode each : document.at("/spec/policies")) {
      policies.add(
          new Policy(
              each.path("kind").asText(),
              each.path("namespace").asText(),
              each.path("name").asText()));
    }
    List<String> nodes = new ArrayList<>();
    document.at("/spec/nodes").forEach(each -> nodes.add(each.asText()));
    return new PolicyInspection(
        Metadata.read(document),
        policies,
        nodes,
        document.at("/status/phase").asText().equals(COMPLETE));
  }
}
