package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.selector.Labels;
import java.util.Map;

/**
 * What every object carries about itself.
 *
 * @param name the name, unique in its kind and namespace
 * @param namespace the namespace; empty for kinds of cluster scope
 * @param uid tells this object from earlier ones of its name; empty before it was created
 * @param labels the labels
 * @param annotations the annotations
 * @param deletionTimestamp when deletion was asked for, RFC 3339; empty if it was not
 */
public record Metadata(
    String name,
    String namespace,
    String uid,
    Labels labels,
    Map<String, String> annotations,
    String deletionTimestamp) {

  /** Copies the annotations. */
  public Metadata {
    annotations = Map.copyOf(annotations);
  }

  /** Metadata of an object that is to be created. */
  public static Metadata of(String namespace, String name) {
    return new Metadata(name, namespace, "", Labels.EMPTY, Map.of(), "");
  }

  /** The {@code metadata} of a document. */
  public static Metadata read(JsonNode document) {
    Fields fields = Fields.of(document).at("metadata");
    return new Metadata(
        fields.text("name"),
        fields.text("namespace"),
        fields.text("uid"),
        fields.labels("labels"),
        fields.map("annotations"),
        fields.text("deletionTimestamp"));
  }

  /** The same, with these labels. */
  public Metadata withLabels(Labels labels) {
    return new Metadata(name, namespace, uid, labels, annotations, deletionTimestamp);
  }

  /** The same, with these annotations. */
  public Metadata withAnnotations(Map<String, String> annotations) {
    return new Metadata(name, namespace, uid, labels, annotations, deletionTimestamp);
  }

  /** Whether deletion was asked for. */
  public boolean isDeleting() {
    return !deletionTimestamp.isEmpty();
  }

  /** {@code namespace/name}, or the name alone. */
  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /**
   * A new document of this kind with this metadata and nothing else; uid and deletion are not
   * written.
   */
  ObjectNode document(ResourceKind kind) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    ObjectNode metadata = document.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    if (!labels.isEmpty()) {
      labels.asMap().forEach(metadata.putObject("labels")::put);
    }
    if (!annotations.isEmpty()) {
      annotations.forEach(metadata.putObject("annotations")::put);
    }
    return document;
  }
}
