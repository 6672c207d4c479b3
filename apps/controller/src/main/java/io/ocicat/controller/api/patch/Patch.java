package io.ocicat.controller.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A change of a document as a client sent it. */
public sealed interface Patch {

  /** RFC 7386. */
  record Merge(JsonNode changes) implements Patch {}

  /** RFC 6902. */
  record Json(JsonNode operations) implements Patch {}

  /** Merge by the schema's merge keys. */
  record Strategic(ObjectNode changes) implements Patch {}

  /** Server-side apply: the fields that a manager wants, in full. */
  record Apply(ObjectNode configuration) implements Patch {}
}
