package io.ocicat.controller.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.ocicat.controller.api.ApiException;
import io.ocicat.controller.api.ApiStatus;
import java.io.IOException;

/** Documents from and to bytes. */
final class Bodies {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Bodies() {}

  /** Made on first use: most clients never speak YAML. */
  private static final class Yaml {
    static final ObjectMapper MAPPER =
        new ObjectMapper(
                YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  }

  static Bytes json(JsonNode document) {
    return write(JSON, document);
  }

  static Bytes yaml(JsonNode document) {
    return write(Yaml.MAPPER, document);
  }

  /**
   * @throws ApiException 400 if it is no JSON
   */
  static JsonNode parseJson(Bytes body) {
    return parse(JSON, body, "JSON");
  }

  /**
   * @throws ApiException 400 if it is no YAML
   */
  static JsonNode parseYaml(Bytes body) {
    return parse(Yaml.MAPPER, body, "YAML");
  }

  private static Bytes write(ObjectMapper mapper, JsonNode document) {
    try {
      return Bytes.of(mapper.writeValueAsBytes(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree that has no text form", e);
    }
  }

  private static JsonNode parse(ObjectMapper mapper, Bytes body, String language) {
    try {
      return mapper.readTree(body.content());
    } catch (IOException e) {
      String problem = e instanceof JsonProcessingException j ? j.getOriginalMessage() : "" + e;
      throw new ApiException(
          ApiStatus.badRequest(
              "the body of the request is not %s: %s".formatted(language, problem)));
    }
  }
}
