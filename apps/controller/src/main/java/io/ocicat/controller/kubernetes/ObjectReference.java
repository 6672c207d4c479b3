package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The object that an Event is about.
 *
 * @param namespace empty for an object that is in none
 */
record ObjectReference(String apiVersion, String kind, String namespace, String name, String uid) {

  /** Where its Events are kept. */
  String eventNamespace() {
    return namespace.isEmpty() ? "default" : namespace;
  }

  static ObjectReference pod(String namespace, String name, String uid) {
    return new ObjectReference("v1", "Pod", namespace, name, uid);
  }

  /** Events of nodes have the name for a uid: kubelets began it, and clients look for it. */
  static ObjectReference node(String name) {
    return new ObjectReference("v1", "Node", "", name, name);
  }

  void writeInto(ObjectNode target) {
    target.put("apiVersion", apiVersion).put("kind", kind).put("name", name).put("uid", uid);
    if (!namespace.isEmpty()) {
      target.put("namespace", namespace);
    }
  }
}
