package io.ocicat.controller.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.Metadata;

/**
 * The object that an Event is about.
 *
 * @param namespace empty for an object that is in none
 */
public record ObjectReference(
    String apiVersion, String kind, String namespace, String name, String uid) {

  /** Where its Events are kept. */
  public String eventNamespace() {
    return namespace.isEmpty() ? "default" : namespace;
  }

  /** A pod. */
  public static ObjectReference pod(String namespace, String name, String uid) {
    return new ObjectReference("v1", "Pod", namespace, name, uid);
  }

  /** Events of nodes have the name for a uid: kubelets began it, and clients look for it. */
  public static ObjectReference node(String name) {
    return new ObjectReference("v1", "Node", "", name, name);
  }

  /** What a document describes. */
  static ObjectReference document(JsonNode document) {
    Metadata metadata = Metadata.read(document);
    return new ObjectReference(
        document.path("apiVersion").asText(),
        document.path("kind").asText(),
        metadata.namespace(),
        metadata.name(),
        metadata.uid());
  }

  /** An Event about it that says nothing yet. */
  ObjectNode event(String eventName) {
    ObjectNode event =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", Kinds.EVENT.apiVersion())
            .put("kind", Kinds.EVENT.kind());
    event.putObject("metadata").put("name", eventName).put("namespace", eventNamespace());
    writeInto(event.putObject("involvedObject"));
    return event;
  }

  void writeInto(ObjectNode target) {
    target.put("apiVersion", apiVersion).put("kind", kind).put("name", name).put("uid", uid);
    if (!namespace.isEmpty()) {
      target.put("namespace", namespace);
    }
  }
}
