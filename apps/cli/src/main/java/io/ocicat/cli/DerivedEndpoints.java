package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.client.ApiResource;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Kinds;
import io.ocicat.model.Metadata;
import io.ocicat.model.Pod;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.WorkloadEndpoint;
import io.ocicat.model.columns.Column;
import io.ocicat.model.columns.Columns;
import io.ocicat.plan.PodLink;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * WorkloadEndpoints where they are no objects: on Kubernetes they follow from pods, and from the
 * annotations with which the controller says what was wired. What only the node knows, such as the
 * MAC address, is left out.
 */
final class DerivedEndpoints {
  private static final ResourceKind KIND = Kinds.WORKLOAD_ENDPOINT;
  private static final String PRIMARY = "eth0";
  private static final int PAGE = 500;

  private final ApiClient client;

  DerivedEndpoints(ApiClient client) {
    this.client = client;
  }

  /** Whether a person means this kind by {@code word}. */
  static boolean isCalled(String word) {
    return KIND.isCalled(word);
  }

  /** The kind as discovery would describe it. */
  static ApiResource resource() {
    return new ApiResource(
        KIND.group(),
        KIND.version(),
        KIND.plural(),
        KIND.singular(),
        KIND.kind(),
        true,
        KIND.shortNames());
  }

  /**
   * Those of a namespace, or of all if it is empty.
   *
   * @param query parts that a list of pods takes, e.g. {@code labelSelector=…}
   */
  List<JsonNode> list(String namespace, List<String> query) {
    String base =
        "/api/v1/" + (namespace.isEmpty() ? "" : "namespaces/" + namespace + "/") + "pods?limit=";
    List<JsonNode> found = new ArrayList<>();
    String token = "";
    do {
      List<String> parts = new ArrayList<>(query);
      if (!token.isEmpty()) {
        parts.add("continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
      }
      String path = base + PAGE + (parts.isEmpty() ? "" : "&" + String.join("&", parts));
      JsonNode page =
          client.read(
              new ApiClient.Attempt("list pods, from which workloadendpoints follow", path));
      for (JsonNode pod : page.path("items")) {
        of(pod).ifPresent(found::add);
      }
      token = page.path("metadata").path("continue").asText();
    } while (!token.isEmpty());
    return found;
  }

  /** The one of that name, if there is one. */
  Optional<JsonNode> find(String namespace, String name) {
    return list(namespace, List.of()).stream()
        .filter(each -> each.path("metadata").path("name").asText().equals(name))
        .findFirst();
  }

  /** Those of all namespaces, as objects of the server if it has them. */
  static Iterable<JsonNode> everywhere(ApiClient client) {
    try {
      return client
          .read(new ApiClient.Attempt("list " + KIND.plural(), resource().collectionPath("")))
          .path("items");
    } catch (ApiException e) {
      if (!ClusterView.isNotThere(e)) {
        throw e;
      }
      return new DerivedEndpoints(client).list("", List.of());
    }
  }

  private static Optional<JsonNode> of(JsonNode document) {
    Pod pod = Pod.read(document);
    if (!pod.isOnPodNetwork() || pod.nodeName().isEmpty() || pod.addresses().isEmpty()) {
      return Optional.empty();
    }
    String container = pod.metadata().annotations().getOrDefault(Pod.CONTAINER_ID, "");
    WorkloadEndpoint.Workload workload =
        new WorkloadEndpoint.Workload(
            "k8s", pod.nodeName(), pod.name(), container, PRIMARY, pod.serviceAccountName());
    WorkloadEndpoint endpoint =
        new WorkloadEndpoint(
            Metadata.of(pod.namespace(), WorkloadEndpoint.nameFor(workload))
                .withLabels(pod.labels()),
            workload,
            pod.addresses().stream().map(IpAddress::toHostCidr).toList(),
            container.isEmpty() ? "" : PodLink.hostInterface(container, PRIMARY),
            "",
            pod.ports().stream().filter(port -> !port.name().isEmpty()).toList());
    ObjectNode result = endpoint.document();
    for (String field : List.of("creationTimestamp", "resourceVersion", "uid")) {
      JsonNode value = document.path("metadata").path(field);
      if (!value.isMissingNode()) {
        result.withObject("/metadata").set(field, value);
      }
    }
    return Optional.of(result);
  }

  /** As the server would list them. */
  static ObjectNode list(List<JsonNode> endpoints) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("apiVersion", KIND.apiVersion()).put("kind", KIND.listKind());
    list.putObject("metadata");
    list.putArray("items").addAll(endpoints);
    return list;
  }

  /** As the server would print them. */
  static ObjectNode table(List<JsonNode> endpoints) {
    ObjectNode table = JsonNodeFactory.instance.objectNode().put("kind", "Table");
    ArrayNode definitions = table.putArray("columnDefinitions");
    for (Column column : Columns.of(KIND)) {
      definitions.addObject().put("name", column.name()).put("priority", column.shown().priority());
    }
    ArrayNode rows = table.putArray("rows");
    for (JsonNode endpoint : endpoints) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      Columns.cells(KIND, endpoint, Instant.now()).forEach(cells::add);
      row.putObject("object").set("metadata", endpoint.path("metadata"));
    }
    return table;
  }
}
