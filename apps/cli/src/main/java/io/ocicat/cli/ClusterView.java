package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.model.Kinds;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/**
 * How the controller says that the cluster is: asked of the controller itself where its API is the
 * API server, else read from the object {@code OcicatStatus}, which it keeps on that of a
 * Kubernetes cluster. Both have the fields {@code ready}, {@code policyGeneration} and {@code
 * nodes}.
 */
final class ClusterView {

  /** The controller writes three times a minute; clocks may differ a little. */
  private static final Duration SILENT_AFTER = Duration.ofSeconds(60);

  private static final String OBJECT =
      "/apis/" + Kinds.OCICAT_STATUS.apiVersion() + "/" + Kinds.OCICAT_STATUS.plural() + "/cluster";

  private final ApiClient client;
  private Place place = Place.NOT_KNOWN;

  private enum Place {
    NOT_KNOWN,
    OWN_API,
    OBJECT
  }

  ClusterView(ApiClient client) {
    this.client = client;
  }

  /** Whether the API server is that of a Kubernetes cluster, and not our own. */
  boolean isKubernetes() {
    if (place == Place.NOT_KNOWN) {
      JsonNode _ = read();
    }
    return place == Place.OBJECT;
  }

  /** The report of this moment. */
  JsonNode read() {
    if (place != Place.OBJECT) {
      try {
        JsonNode status =
            client.read(
                new ApiClient.Attempt("ask the controller for its status", "/ocicat/v1/status"));
        place = Place.OWN_API;
        return status;
      } catch (ApiException e) {
        // Who may not do everything is told by Kubernetes that it is forbidden to ask for this.
        if (place == Place.OWN_API || !isNotThere(e)) {
          throw e;
        }
      }
    }
    JsonNode status = readObject();
    place = Place.OBJECT;
    return status;
  }

  private JsonNode readObject() {
    try {
      JsonNode object =
          client.read(new ApiClient.Attempt("read the status of the network", OBJECT));
      ObjectNode status = object.withObject("/status").deepCopy();
      boolean ready = false;
      for (JsonNode condition : status.path("conditions")) {
        if (condition.path("type").asText().equals("Ready")) {
          ready = condition.path("status").asText().equals("True");
        }
      }
      return status.put("ready", ready && silence(status).isZero());
    } catch (ApiException e) {
      if (e.notFound()) {
        throw new Refusal(
            "find out how the network is: %s (named by %s) has no %s named cluster; either Ocicat is"
                    .formatted(
                        client.kubeconfig().server(),
                        client.kubeconfig().source(),
                        Kinds.OCICAT_STATUS.name())
                + " not installed there, or its definition is missing (see deploy/helm/ocicat/crds), or"
                + " no controller leads yet (kubectl -n kube-system get pods)");
      }
      throw e;
    }
  }

  /** Whether there is no such thing, as far as this user may know. */
  static boolean isNotThere(ApiException e) {
    return e.notFound() || e.httpStatus() == 403;
  }

  /** For how long nobody has brought the report up to date; zero while somebody does. */
  static Duration silence(JsonNode status) {
    String heardAt = status.path("heardAt").asText();
    if (heardAt.isEmpty()) {
      return Duration.ZERO;
    }
    try {
      Duration silence = Duration.between(Instant.parse(heardAt), Instant.now());
      return silence.compareTo(SILENT_AFTER) > 0 ? silence : Duration.ZERO;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }
}
