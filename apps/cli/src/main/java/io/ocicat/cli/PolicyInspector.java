package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.model.Kinds;
import io.ocicat.model.PolicyInspection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Asks nodes to look at nftables, by an object that the controller answers. */
final class PolicyInspector {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration TELL_EVERY = Duration.ofSeconds(2);
  private static final String COLLECTION =
      "/apis/" + Kinds.POLICY_INSPECTION.apiVersion() + "/" + Kinds.POLICY_INSPECTION.plural();

  private final ApiClient client;
  private final Consumer<String> progress;

  /**
   * @param progress takes sentences
   */
  PolicyInspector(ApiClient client, Consumer<String> progress) {
    this.client = client;
    this.progress = progress;
  }

  /**
   * Asks, waits until every node has answered or time is over, and takes the question back.
   *
   * @param nodes to ask; none for all
   * @return the status as it is then
   * @throws ApiException if it cannot be asked
   */
  JsonNode ask(List<PolicyInspection.Policy> policies, Collection<String> nodes, Duration most) {
    JsonNode created =
        client.create(
            new ApiClient.Attempt("ask the nodes how policy is enforced", COLLECTION),
            document(policies, nodes));
    String name = created.at("/metadata/name").asText();
    String path = COLLECTION + "/" + name;
    try {
      return await(path, most);
    } finally {
      delete(name, path);
    }
  }

  private static ObjectNode document(
      List<PolicyInspection.Policy> policies, Collection<String> nodes) {
    ObjectNode document =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", Kinds.POLICY_INSPECTION.apiVersion())
            .put("kind", Kinds.POLICY_INSPECTION.kind());
    document.putObject("metadata").put("generateName", "ocicat-");
    ObjectNode spec = document.putObject("spec");
    ArrayNode named = spec.putArray("policies");
    for (PolicyInspection.Policy policy : policies) {
      named
          .addObject()
          .put("kind", policy.kind())
          .put("namespace", policy.namespace())
          .put("name", policy.name());
    }
    nodes.forEach(spec.putArray("nodes")::add);
    return document;
  }

  private JsonNode await(String path, Duration most) {
    long deadlineNs = System.nanoTime() + most.toNanos();
    long tellAtNs = System.nanoTime() + TELL_EVERY.toNanos();
    while (true) {
      JsonNode status =
          client.read(new ApiClient.Attempt("read the nodes' answers", path)).path("status");
      long now = System.nanoTime();
      if (status.path("phase").asText().equals(PolicyInspection.COMPLETE) || now >= deadlineNs) {
        return status;
      }
      if (now >= tellAtNs) {
        tellAtNs = now + TELL_EVERY.toNanos();
        progress.accept("waiting for " + waitingFor(status));
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return status;
      }
    }
  }

  private static String waitingFor(JsonNode status) {
    StringBuilder names = new StringBuilder();
    for (JsonNode name : status.path("waitingFor")) {
      names.append(names.isEmpty() ? "" : ", ").append(name.asText());
    }
    return names.isEmpty() ? "the controller" : names.toString();
  }

  private void delete(String name, String path) {
    try {
      JsonNode _ = client.delete(new ApiClient.Attempt("delete the inspection " + name, path));
    } catch (ApiException e) {
      if (!e.notFound()) {
        progress.accept(e.headline() + "; the controller deletes it within ten minutes");
      }
    }
  }
}
