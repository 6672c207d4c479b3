package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.ClusterStatus.NodeStatus;
import io.ocicat.controller.StatusSource;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of agents that have not found the controller that leads.
 *
 * <p>Agents read from a mounted ConfigMap where controllers are, and a kubelet brings the mount up
 * to date about once a minute, but at once when something about the pod changes. So the pods of
 * agents that are not connected get an annotation, once for each content of the ConfigMap. It has a
 * thread of its own.
 */
final class AgentPods implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AgentPods.class);
  private static final String ANNOTATION = "ocicat.io/controllers";
  private static final int PAGE = 500;

  /** Those who know the way have come by then. */
  private static final Duration FIRST = Duration.ofSeconds(1);

  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  private final ApiServer server;
  private final ClusterFiles files;
  private final StatusSource source;
  private final String pods;
  private final String ofTheAccount;
  private final Thread thread;

  /**
   * @param files where the list of controllers is published
   * @param source which nodes are connected
   */
  AgentPods(ApiServer server, ClusterFiles files, StatusSource source, KubernetesConfig config) {
    this.server = server;
    this.files = files;
    this.source = source;
    this.pods = "/api/v1/namespaces/" + config.namespace() + "/pods";
    this.ofTheAccount =
        "fieldSelector=spec.serviceAccountName%3D" + config.agentAccount() + "&limit=" + PAGE;
    this.thread = Thread.ofPlatform().name("agent-pods").unstarted(this::run);
  }

  /** Begins. */
  static AgentPods start(
      ApiServer server, ClusterFiles files, StatusSource source, KubernetesConfig config) {
    AgentPods result = new AgentPods(server, files, source, config);
    result.thread.start();
    return result;
  }

  private void run() {
    try {
      Thread.sleep(FIRST);
      while (!Thread.interrupted()) {
        try {
          tell();
        } catch (ApiException e) {
          LOG.warn("agents could not be told where controllers are: {}", e.getMessage());
        }
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      LOG.debug("agents are no longer told where controllers are");
    }
  }

  /** Has the kubelets look again at what the pods of agents mount that are not connected. */
  void tell() throws ApiException, InterruptedException {
    Set<String> missing =
        source.status().nodes().stream()
            .filter(node -> !node.connected())
            .map(NodeStatus::name)
            .collect(Collectors.toSet());
    if (missing.isEmpty()) {
      return;
    }
    String controllers = files.controllers().strip().replace('\n', ',');
    String token = "";
    do {
      String more = token.isEmpty() ? "" : "&continue=" + token;
      ObjectNode list = server.get(pods + "?" + ofTheAccount + more);
      for (JsonNode pod : list.path("items")) {
        JsonNode metadata = pod.path("metadata");
        if (missing.contains(pod.path("spec").path("nodeName").asText())
            && !metadata.path("annotations").path(ANNOTATION).asText().equals(controllers)) {
          annotate(metadata, controllers);
        }
      }
      token =
          URLEncoder.encode(
              list.path("metadata").path("continue").asText(), StandardCharsets.UTF_8);
    } while (!token.isEmpty());
  }

  private void annotate(JsonNode metadata, String controllers)
      throws ApiException, InterruptedException {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch
        .putObject("metadata")
        .put("uid", metadata.path("uid").asText())
        .putObject("annotations")
        .put(ANNOTATION, controllers);
    String name = metadata.path("name").asText();
    try {
      ObjectNode _ = server.send(Verb.MERGE_PATCH, pods + "/" + name, patch);
      LOG.info("told agent {} where controllers are", name);
    } catch (ApiException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      if (!thread.join(CLOSE_DEADLINE)) {
        LOG.warn("{} was still at work after {}", thread.getName(), CLOSE_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
