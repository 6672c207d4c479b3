package io.ocicat.model.crd;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.schema.Schema;
import io.ocicat.model.schema.Schema.Extras;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Flag;
import io.ocicat.model.schema.Schema.Listing;
import io.ocicat.model.schema.Schema.Mapping;
import io.ocicat.model.schema.Schema.Merging;
import io.ocicat.model.schema.Schema.NumberOrName;
import io.ocicat.model.schema.Schema.Presence;
import io.ocicat.model.schema.Schema.Struct;
import io.ocicat.model.schema.Schema.Text;
import io.ocicat.model.schema.Schema.Whole;
import java.util.ArrayList;
import java.util.List;

/**
 * A schema in the form that a CustomResourceDefinition has to have: no references, a type for every
 * node, and every field that may be set spelled out.
 */
final class StructuralSchema {
  private static final String KEEP = "x-kubernetes-preserve-unknown-fields";
  private static final String LIST_TYPE = "x-kubernetes-list-type";

  private StructuralSchema() {}

  /** The schema of whole objects; what metadata may be is the server's own business. */
  static ObjectNode ofObject(Struct kind) {
    ObjectNode target = JsonNodeFactory.instance.objectNode();
    write(kind, target);
    ObjectNode metadata = target.withObjectProperty("properties").putObject("metadata");
    metadata.put("type", "object");
    return target;
  }

  private static void write(Schema schema, ObjectNode target) {
    switch (schema) {
      case Struct struct -> struct(struct, target);
      case Mapping mapping ->
          write(mapping.values(), target.put("type", "object").putObject("additionalProperties"));
      case Listing listing -> list(listing, target);
      case Text text -> text(text, target);
      case Whole whole -> whole(whole, target);
      case Schema.Real _ -> target.put("type", "number").put("format", "double");
      case NumberOrName either -> numberOrName(either, target);
      case Flag _ -> target.put("type", "boolean");
      case Schema.Anything _ -> target.put(KEEP, true);
    }
  }

  private static void struct(Struct struct, ObjectNode target) {
    target.put("type", "object");
    if (!target.has("description")) {
      target.put("description", struct.description());
    }
    List<String> required = new ArrayList<>();
    ObjectNode properties = target.putObject("properties");
    for (Field field : struct.fields().values()) {
      field(field, properties.putObject(field.name()));
      if (field.isRequired()) {
        required.add(field.name());
      }
    }
    if (!required.isEmpty()) {
      ArrayNode names = target.putArray("required");
      required.forEach(names::add);
    }
    if (struct.count() == Struct.Count.ONE) {
      target.put("minProperties", 1).put("maxProperties", 1);
    }
    if (struct.extras() == Extras.KEPT) {
      target.put(KEEP, true);
    }
  }

  private static void field(Field field, ObjectNode target) {
    target.put("description", field.description());
    write(field.schema(), target);
    if (field.isRequired() && field.schema() instanceof Text text && text.allowed().isEmpty()) {
      target.put("minLength", 1);
    }
    if (field.presence() instanceof Presence.Defaulted(var value)) {
      target.set("default", value.deepCopy());
    }
  }

  private static void list(Listing listing, ObjectNode target) {
    target.put("type", "array");
    if (listing.minItems() > 0) {
      target.put("minItems", listing.minItems());
    }
    if (listing.maxItems() != Integer.MAX_VALUE) {
      target.put("maxItems", listing.maxItems());
    }
    switch (listing.merging()) {
      case Merging.Atomic _ -> target.put(LIST_TYPE, "atomic");
      case Merging.AsSet _ -> target.put(LIST_TYPE, "set");
      case Merging.ByKey(String key) ->
          target.put(LIST_TYPE, "map").putArray("x-kubernetes-list-map-keys").add(key);
    }
    write(listing.items(), target.putObject("items"));
  }

  private static void numberOrName(NumberOrName either, ObjectNode target) {
    target.put("x-kubernetes-int-or-string", true);
    ArrayNode types = target.putArray("anyOf");
    types.addObject().put("type", "integer");
    types.addObject().put("type", "string");
    target.put("minimum", 1).put("maximum", either.max());
    if (!either.pattern().isEmpty()) {
      target.put("pattern", either.pattern());
    }
  }

  private static void text(Text text, ObjectNode target) {
    target.put("type", "string");
    if (!text.format().isEmpty()) {
      target.put("format", text.format());
    }
    if (!text.allowed().isEmpty()) {
      text.allowed().forEach(target.withArrayProperty("enum")::add);
    }
    if (text.maxLength() != Integer.MAX_VALUE) {
      target.put("maxLength", text.maxLength());
    }
  }

  private static void whole(Whole whole, ObjectNode target) {
    target.put("type", "integer").put("format", "int" + whole.bits());
    if (whole.bits() == 32 && whole.min() > Integer.MIN_VALUE) {
      target.put("minimum", whole.min()).put("maximum", whole.max());
    }
  }
}
