package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import io.ocicat.sync.identity.Identity;
import java.util.Optional;

/**
 * Has the API server review tokens (TokenReview, {@code authentication.k8s.io/v1}). The node comes
 * from the token itself where the server puts it there (since 1.30), else from the pod to which the
 * token is bound.
 */
public final class TokenReviews implements TokenVerifier {

  /** For whom the kubelet has tokens issued that are meant for us; no other server takes them. */
  public static final String AUDIENCE = "ocicat";

  private static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";
  private static final String EXTRA = "authentication.kubernetes.io/";

  private final ApiServer server;
  private final String namespace;
  private final String username;

  /**
   * @param namespace of the agents
   * @param account their service account
   */
  public TokenReviews(ApiServer server, String namespace, String account) {
    this.server = server;
    this.namespace = namespace;
    this.username = "system:serviceaccount:" + namespace + ":" + account;
  }

  @Override
  public Verdict verify(String token) {
    ObjectNode review =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", "authentication.k8s.io/v1")
            .put("kind", "TokenReview");
    review.putObject("spec").put("token", token).putArray("audiences").add(AUDIENCE);
    try {
      return judge(server.send(Verb.POST, PATH, review).path("status"));
    } catch (ApiException e) {
      return new Verdict.Unavailable("the token cannot be reviewed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Verdict.Unavailable("the controller is ending");
    }
  }

  private Verdict judge(JsonNode status) throws ApiException, InterruptedException {
    if (!status.path("authenticated").asBoolean()) {
      String error = status.path("error").asText();
      return new Verdict.Refused(
          "the API server does not know the token" + (error.isEmpty() ? "" : ": " + error));
    }
    // A server that does not know audiences leaves them out and takes any token.
    boolean meantForUs = false;
    for (JsonNode audience : status.path("audiences")) {
      meantForUs |= audience.asText().equals(AUDIENCE);
    }
    if (!meantForUs) {
      return new Verdict.Refused("the token is not for the audience " + AUDIENCE);
    }
    JsonNode user = status.path("user");
    if (!user.path("username").asText().equals(username)) {
      return new Verdict.Refused(
          "the token is that of %s, not of %s".formatted(user.path("username").asText(), username));
    }
    Optional<String> node = extra(user, "node-name");
    return node.isPresent() ? agentOn(node.get()) : judgePod(user);
  }

  private Verdict judgePod(JsonNode user) throws ApiException, InterruptedException {
    Optional<String> name = extra(user, "pod-name");
    Optional<String> uid = extra(user, "pod-uid");
    if (name.isEmpty() || uid.isEmpty()) {
      return new Verdict.Refused("the token is not bound to a pod; have the kubelet project one");
    }
    String path = "/api/v1/namespaces/" + namespace + "/pods/" + name.get();
    try {
      ObjectNode pod = server.get(path);
      if (!pod.path("metadata").path("uid").asText().equals(uid.get())) {
        return new Verdict.Refused("pod %s is no longer the token's".formatted(name.get()));
      }
      return agentOn(pod.path("spec").path("nodeName").asText());
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return new Verdict.Refused("pod %s is no more".formatted(name.get()));
      }
      throw e;
    }
  }

  private static Verdict agentOn(String node) {
    try {
      return new Verdict.AgentOn(new Identity.Node(node));
    } catch (IllegalArgumentException e) {
      return new Verdict.Refused(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> extra(JsonNode user, String name) {
    JsonNode values = user.path("extra").path(EXTRA + name);
    return values.isArray() && values.size() == 1
        ? Optional.of(values.path(0).asText())
        : Optional.empty();
  }
}
