package io.ocicat.model.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.Schema.Anything;
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
import java.util.Collection;

/**
 * The schemas in the words of OpenAPI, with Kubernetes' extensions: what stands under {@code
 * definitions} in version 2 and under {@code components.schemas} in version 3.
 */
public final class OpenApiDefinitions {
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final String LIST_META = META + "ListMeta";
  private static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
  private static final String GROUP_VERSION_KIND = "x-kubernetes-group-version-kind";

  /** Versions of OpenAPI. */
  public enum Version {
    /** Version 2, also called Swagger. */
    V2("#/definitions/"),
    /** Version 3.0. */
    V3("#/components/schemas/");

    private final String references;

    Version(String references) {
      this.references = references;
    }

    /** What a reference to a definition of this name looks like. */
    public String reference(String definition) {
      return references + definition;
    }
  }

  private final Version version;
  private final ObjectNode definitions = JsonNodeFactory.instance.objectNode();

  private OpenApiDefinitions(Version version) {
    this.version = version;
  }

  /** The definitions that these kinds and lists of them need, by name. */
  public static ObjectNode of(Version version, Collection<ResourceKind> kinds) {
    OpenApiDefinitions all = new OpenApiDefinitions(version);
    kinds.forEach(all::define);
    return all.definitions;
  }

  /** The name of the definition of this kind. */
  public static String nameOf(ResourceKind kind) {
    return Schemas.of(kind).definition();
  }

  /** The name of the definition of a list of this kind. */
  public static String nameOfList(ResourceKind kind) {
    return nameOf(kind) + "List";
  }

  private void define(ResourceKind kind) {
    Struct schema = Schemas.of(kind);
    reference(schema);
    mark(definition(schema.definition()), kind, kind.kind());
    if (!definitions.has(LIST_META)) {
      ObjectNode meta = definitions.putObject(LIST_META);
      meta.put("description", "ListMeta is what a list has to say about itself.")
          .put("type", "object");
      ObjectNode properties = meta.putObject("properties");
      text(properties, "continue", "Asks for the next page.");
      text(properties, "resourceVersion", "The revision whose state the list shows.");
      properties
          .putObject("remainingItemCount")
          .put("type", "integer")
          .put("format", "int64")
          .put("description", "How many objects are on later pages.");
    }
    ObjectNode list = definitions.putObject(nameOfList(kind));
    list.put("description", kind.listKind() + " is a list of " + kind.kind() + ".")
        .put("type", "object")
        .putArray("required")
        .add("items");
    ObjectNode properties = list.putObject("properties");
    text(properties, "apiVersion", "The version of the schema of this list.");
    text(properties, "kind", "The kind of this list.");
    refer(properties.putObject("metadata"), LIST_META);
    refer(
        properties.putObject("items").put("type", "array").putObject("items"), schema.definition());
    mark(list, kind, kind.listKind());
  }

  private ObjectNode definition(String name) {
    return (ObjectNode) definitions.get(name);
  }

  private static void mark(ObjectNode definition, ResourceKind kind, String name) {
    definition
        .putArray(GROUP_VERSION_KIND)
        .addObject()
        .put("group", kind.group())
        .put("kind", name)
        .put("version", kind.version());
  }

  private static void text(ObjectNode properties, String name, String description) {
    properties.putObject(name).put("type", "string").put("description", description);
  }

  /** Sees to it that the type is defined. */
  private void reference(Struct struct) {
    if (!definitions.has(struct.definition())) {
      describe(struct, definitions.putObject(struct.definition()));
    }
  }

  private void refer(ObjectNode target, String definition) {
    switch (version) {
      case V2 -> target.put("$ref", version.reference(definition));
      case V3 -> target.putArray("allOf").addObject().put("$ref", version.reference(definition));
    }
  }

  private void describe(Struct struct, ObjectNode target) {
    target.put("description", struct.description()).put("type", "object");
    if (!struct.fields().isEmpty()) {
      ObjectNode properties = target.putObject("properties");
      struct
          .fields()
          .values()
          .forEach(field -> describe(field, properties.putObject(field.name())));
    }
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    struct.fields().values().stream()
        .filter(Field::isRequired)
        .map(Field::name)
        .forEach(required::add);
    if (!required.isEmpty()) {
      target.set("required", required);
    }
    if (struct.extras() == Extras.KEPT) {
      target.put("x-kubernetes-preserve-unknown-fields", true);
    }
  }

  private void describe(Field field, ObjectNode target) {
    schema(field.schema(), target);
    target.put("description", field.description());
    if (field.presence() instanceof Presence.Defaulted(var value)) {
      target.set("default", value.deepCopy());
    }
  }

  private void schema(Schema schema, ObjectNode target) {
    switch (schema) {
      case Struct struct when !struct.definition().isEmpty() -> {
        reference(struct);
        refer(target, struct.definition());
      }
      case Struct struct -> describe(struct, target);
      case Mapping mapping ->
          schema(mapping.values(), target.put("type", "object").putObject("additionalProperties"));
      case Listing listing -> list(listing, target);
      case Text text -> text(text, target);
      case Whole whole -> {
        target.put("type", "integer").put("format", "int" + whole.bits());
        if (whole.bits() == 32 && whole.min() > Integer.MIN_VALUE) {
          target.put("minimum", whole.min()).put("maximum", whole.max());
        }
      }
      case Schema.Real _ -> target.put("type", "number").put("format", "double");
      case Flag _ -> target.put("type", "boolean");
      case NumberOrName _ -> {
        if (!definitions.has(INT_OR_STRING)) {
          defineIntOrString(definitions.putObject(INT_OR_STRING));
        }
        refer(target, INT_OR_STRING);
      }
      case Anything _ -> target.put("x-kubernetes-preserve-unknown-fields", true);
    }
  }

  private void defineIntOrString(ObjectNode target) {
    target.put("description", "A number or a name.").put("format", "int-or-string");
    switch (version) {
      case V2 -> target.put("type", "string");
      case V3 -> {
        ArrayNode either = target.putArray("oneOf");
        either.addObject().put("type", "integer");
        either.addObject().put("type", "string");
      }
    }
  }

  private void list(Listing listing, ObjectNode target) {
    schema(listing.items(), target.put("type", "array").putObject("items"));
    if (listing.minItems() > 0) {
      target.put("minItems", listing.minItems());
    }
    if (listing.maxItems() != Integer.MAX_VALUE) {
      target.put("maxItems", listing.maxItems());
    }
    switch (listing.merging()) {
      case Merging.Atomic _ -> target.put("x-kubernetes-list-type", "atomic");
      case Merging.AsSet _ ->
          target.put("x-kubernetes-list-type", "set").put("x-kubernetes-patch-strategy", "merge");
      case Merging.ByKey(String key) -> {
        target.put("x-kubernetes-list-type", "map").putArray("x-kubernetes-list-map-keys").add(key);
        target.put("x-kubernetes-patch-strategy", "merge").put("x-kubernetes-patch-merge-key", key);
      }
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
}
