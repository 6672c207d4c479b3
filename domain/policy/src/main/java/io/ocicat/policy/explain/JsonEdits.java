package io.ocicat.policy.explain;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A document that is being changed, and the steps by which it is, as a JSON patch.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6902">RFC 6902</a>
 */
final class JsonEdits {

  /** What a server adds to documents, and nobody writes. */
  private static final List<String> OF_SERVERS =
      List.of(
          "managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink");

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private final ObjectNode document;
  private final ArrayNode patch = JsonNodeFactory.instance.arrayNode();

  JsonEdits(JsonNode original) {
    document = original.deepCopy();
  }

  /** Sets {@code field} of the object at {@code steps}, of which the last may be missing. */
  void set(String field, JsonNode value, String... steps) {
    JsonPointer path = JsonPointer.empty();
    ObjectNode at = document;
    for (int i = 0; i < steps.length; i++) {
      path = path.appendProperty(steps[i]);
      if (at.path(steps[i]) instanceof ObjectNode next) {
        at = next;
      } else {
        ObjectNode made = JsonNodeFactory.instance.objectNode();
        made.set(field, value.deepCopy());
        for (int inner = steps.length - 1; inner > i; inner--) {
          made = JsonNodeFactory.instance.objectNode().set(steps[inner], made);
        }
        at.set(steps[i], made);
        add(path.toString(), made.deepCopy());
        return;
      }
    }
    at.set(field, value);
    add(path.appendProperty(field).toString(), value.deepCopy());
  }

  /**
   * Inserts an item into the list {@code field} of {@code owner}, which is at {@code path}.
   *
   * @param index behind the last item for one at the end
   */
  void insert(ObjectNode owner, String path, String field, int index, JsonNode item) {
    if (owner.path(field) instanceof ArrayNode list) {
      add(
          path + "/" + field + "/" + (index >= list.size() ? "-" : String.valueOf(index)),
          item.deepCopy());
      list.insert(index, item);
    } else {
      ArrayNode list = JsonNodeFactory.instance.arrayNode().add(item);
      add(path + "/" + field, list.deepCopy());
      owner.set(field, list);
    }
  }

  private void add(String path, JsonNode value) {
    patch.addObject().put("op", "add").put("path", path).set("value", value);
  }

  ObjectNode document() {
    return document;
  }

  ArrayNode patch() {
    return patch;
  }

  /** The document as a person would apply it. */
  static ObjectNode manifest(JsonNode document) {
    ObjectNode manifest = document.deepCopy();
    manifest.remove("status");
    if (manifest.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove(OF_SERVERS);
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(LAST_APPLIED);
        if (annotations.isEmpty()) {
          metadata.remove("annotations");
        }
      }
    }
    return manifest;
  }
}
