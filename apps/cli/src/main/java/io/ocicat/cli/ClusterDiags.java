package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.client.Documents;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What an API server tells of the network: never Secrets, nor the insides of others' pods. */
final class ClusterDiags {
  private static final int MOST_ITEMS = 1000;
  private static final int MOST_PODS_WITH_LOGS = 50;
  private static final int MOST_LINES = 5000;
  private static final String OURS = "app.kubernetes.io%2Fname%3Docicat";

  private static final List<ResourceKind> KINDS =
      List.of(
          Kinds.NODE,
          Kinds.NAMESPACE,
          Kinds.POD,
          Kinds.NETWORK_POLICY,
          Kinds.CLUSTER_NETWORK_POLICY,
          Kinds.TIER,
          Kinds.CALICO_NETWORK_POLICY,
          Kinds.GLOBAL_NETWORK_POLICY,
          Kinds.NETWORK_SET,
          Kinds.GLOBAL_NETWORK_SET,
          Kinds.HOST_ENDPOINT,
          Kinds.FELIX_CONFIGURATION,
          Kinds.KUBE_CONTROLLERS_CONFIGURATION,
          Kinds.PROFILE,
          Kinds.IP_POOL,
          Kinds.BLOCK_AFFINITY,
          Kinds.BGP_CONFIGURATION,
          Kinds.BGP_PEER,
          Kinds.BGP_FILTER,
          Kinds.BGP_PEER_OPTIONS,
          Kinds.CALICO_NODE_STATUS,
          Kinds.OCICAT_STATUS);

  private static final Set<String> POD_FIELDS =
      Set.of(
          "nodeName",
          "hostNetwork",
          "serviceAccountName",
          "restartPolicy",
          "priorityClassName",
          "tolerations",
          "containers",
          "initContainers",
          "ephemeralContainers");
  private static final Set<String> CONTAINER_FIELDS =
      Set.of("name", "image", "ports", "resources", "securityContext");

  private final Bundle bundle;
  private final ApiClient client;
  private final List<String> notThere = new ArrayList<>();

  ClusterDiags(Bundle bundle, ApiClient client) {
    this.bundle = bundle;
    this.client = client;
  }

  /** All of the cluster; nothing more is asked if it does not answer. */
  void collect() throws IOException {
    Optional<JsonNode> version = bundle.ask("cluster", () -> read("/version"));
    if (version.isEmpty()) {
      return;
    }
    bundle.put("cluster/version.json", Documents.toJson(version.get()) + "\n");
    bundle.add(
        "cluster/status.json", () -> Documents.toJson(new ClusterView(client).read()) + "\n");
    for (ResourceKind kind : KINDS) {
      String root = kind.group().isEmpty() ? "/api/" : "/apis/";
      String group = kind.group().isEmpty() ? "" : "." + kind.group();
      list(kind.plural() + group, root + kind.apiVersion() + "/" + kind.plural() + "?");
    }
    list("events", "/api/v1/events?fieldSelector=type%3DWarning&");
    if (!notThere.isEmpty()) {
      bundle.missing("cluster: this server knows no " + String.join(", ", notThere));
    }
    logs();
  }

  private JsonNode read(String path) {
    return client.read(new ApiClient.Attempt("read " + path, path));
  }

  private void list(String name, String path) throws IOException {
    String entry = "cluster/" + name + ".json";
    Optional<JsonNode> answer = bundle.ask(entry, () -> readIfThere(path + "limit=" + MOST_ITEMS));
    if (answer.isEmpty()) {
      return;
    }
    if (answer.get().isMissingNode()) {
      notThere.add(name);
      return;
    }
    if (!answer.get().at("/metadata/continue").asText().isEmpty()) {
      bundle.missing(entry + ": only the first " + MOST_ITEMS);
    }
    bundle.put(entry, Documents.toJson(shown(answer.get())) + "\n");
  }

  private JsonNode readIfThere(String path) {
    try {
      return read(path);
    } catch (ApiException e) {
      if (e.notFound()) {
        return MissingNode.getInstance();
      }
      throw e;
    }
  }

  private void logs() throws IOException {
    Optional<JsonNode> ours =
        bundle.ask(
            "logs",
            () ->
                readIfThere(
                    "/api/v1/pods?labelSelector=%s&limit=%d".formatted(OURS, MOST_PODS_WITH_LOGS)));
    if (ours.isEmpty()) {
      return;
    }
    if (ours.get().path("items").isEmpty()) {
      bundle.missing("logs: there are no pods labelled app.kubernetes.io/name=ocicat");
    }
    if (!ours.get().at("/metadata/continue").asText().isEmpty()) {
      bundle.missing("logs: only of the first " + MOST_PODS_WITH_LOGS + " pods");
    }
    for (JsonNode pod : ours.get().path("items")) {
      for (JsonNode container : pod.at("/status/containerStatuses")) {
        log(pod.path("metadata"), container.path("name").asText(), false);
        if (container.path("restartCount").asInt() > 0) {
          log(pod.path("metadata"), container.path("name").asText(), true);
        }
      }
    }
  }

  private void log(JsonNode pod, String container, boolean previous) throws IOException {
    String name = pod.path("name").asText();
    String path =
        "/api/v1/namespaces/%s/pods/%s/log?container=%s&previous=%b&tailLines=%d&limitBytes=%d"
            .formatted(
                pod.path("namespace").asText(),
                name,
                container,
                previous,
                MOST_LINES,
                Bundle.MOST_BYTES_OF_ENTRY);
    String words = "read the log of " + name + (previous ? " before its last start" : "");
    bundle.add(
        "logs/" + name + "/" + container + (previous ? ".previous" : "") + ".log",
        () -> client.readText(new ApiClient.Attempt(words, path)));
  }

  /** A list without what nobody needs to know, such as pods' environment, arguments and volumes. */
  static JsonNode shown(JsonNode list) {
    JsonNode shown = list.deepCopy();
    for (JsonNode item : shown.path("items")) {
      if (item.path("metadata") instanceof ObjectNode metadata) {
        metadata.remove("managedFields");
        if (metadata.path("annotations") instanceof ObjectNode annotations) {
          annotations.retain(names(annotations).filter(ClusterDiags::isOfNetworks).toList());
        }
      }
      if (item.path("spec") instanceof ObjectNode spec && spec.has("containers")) {
        spec.retain(POD_FIELDS);
        for (String field : List.of("containers", "initContainers", "ephemeralContainers")) {
          each(spec.path(field), container -> container.retain(CONTAINER_FIELDS));
        }
        hideLastWords(item.path("status"));
      }
    }
    return shown;
  }

  /** What a container wrote when it ended. */
  private static void hideLastWords(JsonNode status) {
    for (String field :
        List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")) {
      for (JsonNode container : status.path(field)) {
        for (String state : List.of("state", "lastState")) {
          if (container.path(state).path("terminated") instanceof ObjectNode terminated) {
            terminated.remove("message");
          }
        }
      }
    }
  }

  private static void each(JsonNode array, Consumer<ObjectNode> change) {
    for (JsonNode element : array) {
      if (element instanceof ObjectNode object) {
        change.accept(object);
      }
    }
  }

  private static Stream<String> names(ObjectNode object) {
    return object.properties().stream().map(Map.Entry::getKey);
  }

  private static boolean isOfNetworks(String annotation) {
    String domain = annotation.substring(0, Math.max(0, annotation.indexOf('/')));
    return domain.equals("kubernetes.io")
        || domain.endsWith("projectcalico.org")
        || domain.endsWith("ocicat.io")
        || domain.endsWith("cni.cncf.io");
  }
}
