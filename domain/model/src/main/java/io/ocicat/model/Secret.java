package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * A Secret, as far as its values are text.
 *
 * @param metadata name and namespace
 * @param texts its values by their keys; {@code stringData} comes before {@code data}
 */
public record Secret(Metadata metadata, Map<String, String> texts) {

  /** Copies the map. */
  public Secret {
    texts = Map.copyOf(texts);
  }

  /**
   * Reads a document of kind Secret.
   *
   * @throws UnreadableDocumentException if a value in {@code data} is not Base64
   */
  public static Secret read(JsonNode document) {
    Map<String, String> texts = new HashMap<>();
    document
        .path("data")
        .properties()
        .forEach(each -> texts.put(each.getKey(), decoded(each.getKey(), each.getValue())));
    document
        .path("stringData")
        .properties()
        .forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
    return new Secret(Metadata.read(document), texts);
  }

  private static String decoded(String key, JsonNode value) {
    try {
      return new String(Base64.getDecoder().decode(value.asText()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw new UnreadableDocumentException("Secret", "data." + key, "is not Base64");
    }
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** Without the values. */
  @Override
  public String toString() {
    return "Secret[" + metadata + ", keys " + texts.keySet() + "]";
  }
}
