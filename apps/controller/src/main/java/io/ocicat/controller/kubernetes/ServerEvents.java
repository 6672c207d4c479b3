package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.events.EventSink;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;

/** Events as objects of a Kubernetes API server. */
final class ServerEvents implements EventSink {

  private final ApiServer server;

  ServerEvents(ApiServer server) {
    this.server = server;
  }

  @Override
  public Outcome create(ObjectNode event) throws InterruptedException {
    return send(Verb.POST, collection(event.at("/metadata/namespace").asText()), event);
  }

  @Override
  public Outcome patch(String namespace, String name, ObjectNode patch)
      throws InterruptedException {
    return send(Verb.MERGE_PATCH, collection(namespace) + "/" + name, patch);
  }

  private Outcome send(Verb verb, String path, ObjectNode body) throws InterruptedException {
    try {
      ObjectNode _ = server.send(verb, path, body);
      return Outcome.DONE;
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return Outcome.NOT_FOUND;
      }
      throw new EventException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String collection(String namespace) {
    return "/api/v1/namespaces/" + namespace + "/events";
  }
}
