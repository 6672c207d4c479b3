package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A view of a document's {@code metadata}; writes go to the document. An absent text reads as the
 * empty one, and setting the empty one removes the field.
 */
record Metadata(ObjectNode node) {

  static Metadata of(ObjectNode document) {
    JsonNode metadata = document.get("metadata");
    return new Metadata(
        metadata instanceof ObjectNode object ? object : document.putObject("metadata"));
  }

  String name() {
    return text("name");
  }

  String generateName() {
    return text("generateName");
  }

  String namespace() {
    return text("namespace");
  }

  String uid() {
    return text("uid");
  }

  String resourceVersion() {
    return text("resourceVersion");
  }

  boolean isBeingDeleted() {
    return !text("deletionTimestamp").isEmpty();
  }

  long generation() {
    return node.path("generation").asLong(0);
  }

  List<String> finalizers() {
    List<String> finalizers = new ArrayList<>();
    node.path("finalizers").forEach(each -> finalizers.add(each.asText()));
    return finalizers;
  }

  Labels labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    node.path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return new Labels(labels);
  }

  void set(String field, String value) {
    if (value.isEmpty()) {
      node.remove(field);
    } else {
      node.put(field, value);
    }
  }

  /** Takes a field over from another document, absence included. */
  void takeOver(String field, Metadata other) {
    JsonNode value = other.node.get(field);
    if (value == null) {
      node.remove(field);
    } else {
      node.set(field, value.deepCopy());
    }
  }

  private String text(String field) {
    return node.path(field).asText("");
  }
}
