package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.ResourceKind;
import io.ocicat.store.StoredObject;

/** Between documents as clients see them and as they are stored: without their resourceVersion. */
final class Documents {

  private static final String RESOURCE_VERSION = "resourceVersion";

  private Documents() {}

  /** The document with its resourceVersion; the caller's own. */
  static ObjectNode of(StoredObject stored) {
    return of(stored, stored.revision());
  }

  /** The document with another event's revision as its resourceVersion. */
  static ObjectNode of(StoredObject stored, long revision) {
    ObjectNode document = stored.tree();
    Metadata.of(document).set(RESOURCE_VERSION, Long.toString(revision));
    return document;
  }

  /** A document of a kind that says nothing yet. */
  static ObjectNode empty(ResourceKind kind) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("apiVersion", kind.apiVersion())
        .put("kind", kind.kind());
  }

  /** A copy to be stored. */
  static ObjectNode toStore(ObjectNode document) {
    ObjectNode copy = document.deepCopy();
    Metadata.of(copy).set(RESOURCE_VERSION, "");
    return copy;
  }
}
