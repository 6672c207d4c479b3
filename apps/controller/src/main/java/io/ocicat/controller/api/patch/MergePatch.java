package io.ocicat.controller.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces. */
public final class MergePatch {

  private MergePatch() {}

  /**
   * The document after the patch; neither argument is changed.
   *
   * @throws PatchException if the patch is not an object
   */
  public static ObjectNode apply(ObjectNode document, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      throw PatchException.malformed("a JSON merge patch must be an object");
    }
    return merge(document, changes);
  }

  private static ObjectNode merge(@Nullable JsonNode target, ObjectNode changes) {
    ObjectNode result =
        target instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      JsonNode value = change.getValue();
      if (value.isNull()) {
        result.remove(change.getKey());
      } else if (value instanceof ObjectNode object) {
        result.set(change.getKey(), merge(result.get(change.getKey()), object));
      } else {
        result.set(change.getKey(), value.deepCopy());
      }
    }
    return result;
  }
}
