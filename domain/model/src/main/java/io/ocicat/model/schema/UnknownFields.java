package io.ocicat.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.Schema.Extras;
import io.ocicat.model.schema.Schema.Listing;
import io.ocicat.model.schema.Schema.Mapping;
import io.ocicat.model.schema.Schema.Struct;

/** Drops fields that a kind does not have, as upstream does before it stores a document. */
public final class UnknownFields {
  private UnknownFields() {}

  /** Drops them, in place. */
  public static void drop(ResourceKind kind, ObjectNode document) {
    drop(Schemas.of(kind), document);
  }

  private static void drop(Schema schema, JsonNode value) {
    switch (schema) {
      case Struct struct when value instanceof ObjectNode object -> {
        if (struct.extras() == Extras.REFUSED) {
          object.retain(struct.fields().keySet());
        }
        struct.fields().values().forEach(field -> drop(field.schema(), object.path(field.name())));
      }
      case Mapping mapping when value instanceof ObjectNode object ->
          object.forEach(each -> drop(mapping.values(), each));
      case Listing listing when value instanceof ArrayNode array ->
          array.forEach(each -> drop(listing.items(), each));
      case Struct _, Mapping _, Listing _ -> {}
      case Schema.Text _,
          Schema.Whole _,
          Schema.Real _,
          Schema.Flag _,
          Schema.NumberOrName _,
          Schema.Anything _ -> {}
    }
  }
}
