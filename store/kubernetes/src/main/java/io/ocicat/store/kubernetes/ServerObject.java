package io.ocicat.store.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.Json;
import io.ocicat.store.ResourceKey;
import java.util.List;

/**
 * An object as the API server told it, cut to what the mirror keeps.
 *
 * @param key its key
 * @param uid which of all objects that ever had this key it is
 * @param version its resourceVersion, by which two states of the same object, and a state and a
 *     list, are put in order
 * @param json the document as it is kept: without resourceVersion and managedFields
 */
record ServerObject(ResourceKey key, String uid, long version, String json) {
  private static final List<String> DROPPED =
      List.of("resourceVersion", "managedFields", "selfLink");

  /**
   * Reads an object of a list, a watch or an answer. Those of lists lack apiVersion and kind.
   *
   * @param document is changed
   */
  static ServerObject of(MirroredKind kind, String version, ObjectNode document) {
    ObjectNode metadata = document.withObject("/metadata");
    ResourceKey key =
        new ResourceKey(
            kind.name(), metadata.path("namespace").asText(), metadata.path("name").asText());
    long resourceVersion = version(metadata.path("resourceVersion"));
    String uid = metadata.path("uid").asText();
    metadata.remove(DROPPED);
    ObjectNode ordered = JsonNodeFactory.instance.objectNode();
    ordered.put("apiVersion", kind.apiVersion(version)).put("kind", kind.kind());
    document.remove(List.of("apiVersion", "kind"));
    ordered.setAll(document);
    return new ServerObject(
        key, uid, resourceVersion, Json.text(kind.projection().shape().apply(ordered)));
  }

  /** The number that a resourceVersion is; 0 if it is none, which is before all others. */
  static long version(JsonNode resourceVersion) {
    try {
      return Long.parseLong(resourceVersion.asText());
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
