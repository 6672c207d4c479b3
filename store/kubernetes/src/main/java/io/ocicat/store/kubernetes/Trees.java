package io.ocicat.store.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.Json;
import java.util.Map;

/** What is done to JSON trees that come from a server or go to it. */
final class Trees {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private Trees() {}

  static JsonNode parse(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }

  /** An equal tree whose numbers have the types that reading gives them. */
  static ObjectNode normal(ObjectNode tree) {
    try {
      return (ObjectNode) MAPPER.readTree(Json.text(tree));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON text of our own that cannot be read", e);
    }
  }

  /** What a Status document says, as an exception. */
  static ApiException refusal(String call, ObjectNode status) {
    return new ApiException(
        call,
        status.path("code").asInt(),
        status.path("reason").asText(),
        status.path("message").asText());
  }

  /**
   * The JSON merge patch (RFC 7386) that leads from one tree to another; empty if none is needed.
   */
  static ObjectNode difference(ObjectNode from, ObjectNode to) {
    ObjectNode patch = to.objectNode();
    for (Map.Entry<String, JsonNode> field : to.properties()) {
      JsonNode before = from.path(field.getKey());
      JsonNode after = field.getValue();
      if (before instanceof ObjectNode old && after instanceof ObjectNode next) {
        ObjectNode inner = difference(old, next);
        if (!inner.isEmpty()) {
          patch.set(field.getKey(), inner);
        }
      } else if (!before.equals(after) && !(before.isMissingNode() && after.isNull())) {
        patch.set(field.getKey(), after);
      }
    }
    for (Map.Entry<String, JsonNode> field : from.properties()) {
      if (!to.has(field.getKey())) {
        patch.putNull(field.getKey());
      }
    }
    return patch;
  }
}
