package io.ocicat.controller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far the cluster has come.
 *
 * @param ready all known nodes are
 * @param policyGeneration the store revision that the controller has worked off
 * @param nodes by name
 */
public record ClusterStatus(boolean ready, long policyGeneration, List<NodeStatus> nodes) {

  public ClusterStatus {
    nodes = List.copyOf(nodes);
  }

  /** As {@code ocicat status -o json} prints it. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("ready", ready).put("policyGeneration", policyGeneration);
    ArrayNode list = json.putArray("nodes");
    nodes.forEach(node -> list.add(node.toJson()));
    return json;
  }

  /**
   * How far a node has come.
   *
   * @param ready it is connected and says that all is well
   * @param connected its agent's stream stands
   * @param policyGeneration the store revision up to which its kernel enforces; 0 if it has not
   *     said so
   * @param counters drift that the agent put right, by name
   * @param problems what the agent complains of
   */
  public record NodeStatus(
      String name,
      boolean ready,
      boolean connected,
      long policyGeneration,
      String version,
      Map<String, Long> counters,
      List<String> problems) {

    public NodeStatus {
      counters = Map.copyOf(counters);
      problems = List.copyOf(problems);
    }

    /** As an item of {@code nodes} in the cluster's. */
    public ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("name", name).put("ready", ready).put("connected", connected);
      json.put("policyGeneration", policyGeneration).put("version", version);
      ObjectNode counted = json.putObject("counters");
      new TreeMap<>(counters).forEach(counted::put);
      problems.forEach(json.putArray("problems")::add);
      return json;
    }
  }
}
