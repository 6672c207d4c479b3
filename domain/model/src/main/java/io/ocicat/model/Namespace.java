package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.selector.Labels;

/**
 * A namespace, as far as policies need it.
 *
 * @param metadata its labels always include {@link #NAME_LABEL}
 */
public record Namespace(Metadata metadata) {
  /** The label by which a selector names a namespace; Kubernetes sets it on every one. */
  public static final String NAME_LABEL = "kubernetes.io/metadata.name";

  /** Adds the name as a label. */
  public Namespace {
    metadata = metadata.withLabels(metadata.labels().with(NAME_LABEL, metadata.name()));
  }

  /** Reads a document of kind Namespace. */
  public static Namespace read(JsonNode document) {
    return new Namespace(Metadata.read(document));
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The labels, including {@link #NAME_LABEL}. */
  public Labels labels() {
    return metadata.labels();
  }

  /** This namespace as a document. */
  public ObjectNode document() {
    return metadata.document(Kinds.NAMESPACE);
  }
}
