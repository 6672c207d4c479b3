package io.ocicat.model.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.model.DenialLogging;
import io.ocicat.model.ResourceKind;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Rules for the metadata of every kind. */
final class MetadataRules {
  /** Upstream's bound on the total size of an object's annotations. */
  private static final int ANNOTATIONS_MAX_BYTES = 256 * 1024;

  private MetadataRules() {}

  static void check(ResourceKind kind, Place metadata) {
    if (metadata.at("name").text().isEmpty()) {
      metadata.at("name").missing("name or generateName is required");
    }
    if (!kind.namespaced() && !metadata.at("namespace").text().isEmpty()) {
      metadata.at("namespace").forbidden("not allowed on this type");
    }
    Place annotations = metadata.at("annotations");
    denialLogging(annotations);
    long bytes = 0;
    for (var entry : annotations.value().properties()) {
      bytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
      bytes += entry.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
    }
    if (bytes > ANNOTATIONS_MAX_BYTES) {
      annotations.findings().tooLong(annotations.path(), ANNOTATIONS_MAX_BYTES);
    }
  }

  private static void denialLogging(Place annotations) {
    JsonNode value = annotations.value().path(DenialLogging.ANNOTATION);
    if (!value.isMissingNode() && !List.of("true", "false").contains(value.asText())) {
      annotations
          .at(DenialLogging.ANNOTATION)
          .warning("has no effect: \"true\" or \"false\" is understood, not " + value);
    }
  }
}
