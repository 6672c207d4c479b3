package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.model.DenialLogging;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.util.List;
import java.util.stream.Stream;

/** Finds out for what denied connections are reported. */
final class LoggedObjects {
  private static final List<ResourceKind> CLUSTERS =
      List.of(Kinds.NAMESPACE, Kinds.CLUSTER_NETWORK_POLICY, Kinds.GLOBAL_NETWORK_POLICY);
  private static final List<ResourceKind> NAMESPACES =
      List.of(Kinds.NETWORK_POLICY, Kinds.CALICO_NETWORK_POLICY, Kinds.POD);

  private final ApiClient client;

  LoggedObjects(ApiClient client) {
    this.client = client;
  }

  /**
   * Why nothing is shown, and what to do about it.
   *
   * @param in the namespace; empty for all
   */
  String hint(String in) {
    String where = in.isEmpty() ? "" : " in namespace " + in;
    if (isAnyLogged(in)) {
      return "no denied connection was reported" + where + " in the last hour";
    }
    String how =
        "turn it on with 'kubectl annotate namespace %s %s=true', or for a pod or a policy by the same annotation"
            .formatted(in.isEmpty() ? "NAME" : in, DenialLogging.ANNOTATION);
    return !in.isEmpty() && isAnyLogged("")
        ? "nothing is reported%s, where logging of denied connections is off: %s; -A shows what is reported elsewhere"
            .formatted(where, how)
        : "nothing is reported%s: logging of denied connections is off for everything; %s"
            .formatted(where, how);
  }

  private boolean isAnyLogged(String in) {
    return Stream.concat(
            CLUSTERS.stream().map(kind -> path(kind, "")),
            NAMESPACES.stream().map(kind -> path(kind, in)))
        .anyMatch(this::hasLogged);
  }

  private static String path(ResourceKind kind, String in) {
    return (kind.group().isEmpty() ? "/api/" : "/apis/")
        + kind.apiVersion()
        + (in.isEmpty() ? "" : "/namespaces/" + in)
        + "/"
        + kind.plural();
  }

  /** What this user may not list counts as none. */
  private boolean hasLogged(String path) {
    try {
      JsonNode list = client.read(new ApiClient.Attempt("list " + path, path));
      for (JsonNode item : list.path("items")) {
        if (DenialLogging.of(item) == DenialLogging.ON) {
          return true;
        }
      }
      return false;
    } catch (ApiException e) {
      if (ClusterView.isNotThere(e)) {
        return false;
      }
      throw e;
    }
  }
}
