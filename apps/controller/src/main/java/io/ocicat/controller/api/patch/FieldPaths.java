package io.ocicat.controller.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.schema.Schema;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Sets of paths: those of a document's values, and their form in {@code managedFields}. */
final class FieldPaths {

  private static final String SELF = ".";

  /** What the server sets, and nobody owns. */
  private static final Set<String> SERVERS_METADATA =
      Set.of(
          "name",
          "namespace",
          "generateName",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "managedFields",
          "selfLink");

  private FieldPaths() {}

  /**
   * The paths of all values that a document sets: of leaves, and of items that are told apart by
   * keys. Fields that the schema does not know are left out.
   */
  static SortedSet<FieldPath> of(ObjectNode document, Schema.Struct schema) {
    SortedSet<FieldPath> paths = new TreeSet<>();
    struct(
        schema.fields(),
        document,
        (name, field) -> {
          if (name.equals("metadata") && field.schema() instanceof Schema.Struct metadata) {
            struct(
                metadata.fields(),
                document.path(name),
                (part, partField) -> {
                  if (!SERVERS_METADATA.contains(part)) {
                    collect(
                        document.path(name).get(part),
                        partField.schema(),
                        FieldPath.ROOT.field(name).field(part),
                        paths);
                  }
                });
          } else if (!name.equals("apiVersion") && !name.equals("kind")) {
            collect(document.get(name), field.schema(), FieldPath.ROOT.field(name), paths);
          }
        });
    return paths;
  }

  private static void struct(
      SequencedMap<String, Schema.Field> fields,
      JsonNode object,
      BiConsumer<String, Schema.Field> each) {
    fields.forEach(
        (name, field) -> {
          if (object.has(name)) {
            each.accept(name, field);
          }
        });
  }

  private static void collect(
      JsonNode value, Schema schema, FieldPath path, SortedSet<FieldPath> paths) {
    switch (schema) {
      case Schema.Struct struct when isFilled(value) ->
          struct(
              struct.fields(),
              value,
              (name, field) -> collect(value.get(name), field.schema(), path.field(name), paths));
      case Schema.Mapping mapping when isFilled(value) ->
          value
              .properties()
              .forEach(
                  entry ->
                      collect(
                          entry.getValue(), mapping.values(), path.field(entry.getKey()), paths));
      case Schema.Listing listing when value instanceof ArrayNode items ->
          collectItems(items, listing, path, paths);
      case Schema.Struct _,
          Schema.Mapping _,
          Schema.Listing _,
          Schema.Text _,
          Schema.Whole _,
          Schema.Real _,
          Schema.Flag _,
          Schema.NumberOrName _,
          Schema.Anything _ ->
          paths.add(path);
    }
  }

  private static boolean isFilled(JsonNode value) {
    return value.isObject() && !value.isEmpty();
  }

  private static void collectItems(
      ArrayNode items, Schema.Listing listing, FieldPath path, SortedSet<FieldPath> paths) {
    switch (listing.merging()) {
      case Schema.Merging.Atomic() -> paths.add(path);
      case Schema.Merging.AsSet() -> items.forEach(item -> paths.add(path.value(item)));
      case Schema.Merging.ByKey(String key) -> {
        for (JsonNode item : items) {
          if (item.has(key)) {
            FieldPath itemPath = path.item(key, item.get(key));
            paths.add(itemPath);
            collect(item, listing.items(), itemPath, paths);
          }
        }
      }
    }
  }

  /** As {@code managedFields} spells them. */
  static ObjectNode toJson(Set<FieldPath> paths) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    for (FieldPath path : paths) {
      ObjectNode at = root;
      for (String step : path.steps()) {
        at = at.get(step) instanceof ObjectNode inner ? inner : at.putObject(step);
      }
      if (path.isItem() && !path.steps().getLast().startsWith("v:")) {
        at.putObject(SELF);
      }
    }
    return root;
  }

  /** From the spelling of {@code managedFields}. */
  static SortedSet<FieldPath> fromJson(JsonNode fields) {
    SortedSet<FieldPath> paths = new TreeSet<>();
    read(fields, FieldPath.ROOT, paths);
    return paths;
  }

  private static void read(JsonNode fields, FieldPath path, SortedSet<FieldPath> paths) {
    if (fields.isEmpty() || fields.has(SELF)) {
      paths.add(path);
    }
    fields
        .properties()
        .forEach(
            entry -> {
              String step = entry.getKey();
              if (List.of("f:", "k:", "v:").stream().anyMatch(step::startsWith)) {
                read(entry.getValue(), path.step(step), paths);
              }
            });
  }
}
