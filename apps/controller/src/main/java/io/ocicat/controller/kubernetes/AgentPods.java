package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods that agents run in.
 *
 * <p>Agents read from a mounted ConfigMap where controllers are, and a kubelet brings the mount up
 * to date about once a minute, but at once when something about the pod changes. So that a new
 * cluster need not wait for that minute, the pods that are not ready get an annotation.
 */
final class AgentPods {

  private static final Logger LOG = LoggerFactory.getLogger(AgentPods.class);
  private static final String ANNOTATION = "ocicat.io/controllers";
  private static final int PAGE = 500;

  private final ApiServer server;
  private final String pods;
  private final String ofTheAccount;

  AgentPods(ApiServer server, String namespace, String account) {
    this.server = server;
    this.pods = "/api/v1/namespaces/" + namespace + "/pods";
    this.ofTheAccount = "fieldSelector=spec.serviceAccountName%3D" + account + "&limit=" + PAGE;
  }

  /**
   * Has the kubelets look again at what the pods mount, where an agent does not serve yet.
   *
   * @param controllers what is new in the ConfigMap
   */
  void tell(String controllers) throws ApiException, InterruptedException {
    String token = "";
    int told = 0;
    do {
      String more = token.isEmpty() ? "" : "&continue=" + token;
      ObjectNode list = server.get(pods + "?" + ofTheAccount + more);
      for (JsonNode pod : list.path("items")) {
        if (!isReady(pod) && annotate(pod.path("metadata"), controllers)) {
          told++;
        }
      }
      token =
          URLEncoder.encode(
              list.path("metadata").path("continue").asText(), StandardCharsets.UTF_8);
    } while (!token.isEmpty());
    LOG.debug("{} agents were told of the controllers", told);
  }

  private static boolean isReady(JsonNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private boolean annotate(JsonNode metadata, String controllers)
      throws ApiException, InterruptedException {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch
        .putObject("metadata")
        .put("uid", metadata.path("uid").asText())
        .putObject("annotations")
        .put(ANNOTATION, controllers.strip().replace('\n', ','));
    try {
      ObjectNode _ =
          server.send(Verb.MERGE_PATCH, pods + "/" + metadata.path("name").asText(), patch);
      return true;
    } catch (ApiException e) {
      if (e.isNotFound() || e.isConflict()) {
        return false;
      }
      throw e;
    }
  }
}
