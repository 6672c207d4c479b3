package io.ocicat.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;

/** Documents for tests, in JSON that needs fewer quotes. */
public final class Documents {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private Documents() {}

  /** The tree of a relaxed JSON object. */
  public static ObjectNode json(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A document of this kind with the metadata given and the rest of the fields. */
  public static ObjectNode document(ResourceKind kind, String name, String rest) {
    String namespace = kind.namespaced() ? ", namespace: 'default'" : "";
    ObjectNode document =
        json(
            "{apiVersion: '%s', kind: '%s', metadata: {name: '%s'%s}}"
                .formatted(kind.apiVersion(), kind.kind(), name, namespace));
    document.setAll(json(rest));
    return document;
  }
}
