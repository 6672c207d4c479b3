package io.ocicat.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiClient.Attempt;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabNode;
import java.time.Duration;
import java.util.List;

/** Pods in the API, bound to a node, as a scheduler leaves them for the container runtime. */
final class PodObjects {

  private static final String NAMESPACE = "bench";
  private static final String PODS = "/api/v1/namespaces/" + NAMESPACE + "/pods";
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);

  private PodObjects() {}

  /** Creates those that are not there; returns when the node knows of all. */
  static void create(Lab lab, LabNode node, List<Contender.Pod> pods) {
    try (ApiClient api = lab.api()) {
      JsonNode there = api.read(new Attempt("list pods", PODS)).path("items");
      List<String> names = there.valueStream().map(PodObjects::name).toList();
      if (names.isEmpty()) {
        JsonNode _ =
            api.create(
                new Attempt("create the namespace", "/api/v1/namespaces"),
                document("Namespace", NAMESPACE));
      }
      long revision = 0;
      for (Contender.Pod pod : pods) {
        if (!names.contains(pod.containerId())) {
          ObjectNode document = document("Pod", pod.containerId());
          document.putObject("spec").put("nodeName", node.name());
          JsonNode created = api.create(new Attempt("create a pod", PODS), document);
          revision = created.at("/metadata/resourceVersion").asLong();
        }
      }
      lab.awaitEnforced(revision, KNOWN_WITHIN);
    }
  }

  private static String name(JsonNode pod) {
    return pod.at("/metadata/name").asText();
  }

  private static ObjectNode document(String kind, String name) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", "v1").put("kind", kind);
    document.putObject("metadata").put("name", name);
    return document;
  }
}
