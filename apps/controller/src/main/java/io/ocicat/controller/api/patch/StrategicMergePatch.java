package io.ocicat.controller.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Strategic merge patch: as a JSON merge patch, but lists that the schema calls maps or sets merge
 * item by item, and directives say what merging cannot: {@code $patch}, {@code $retainKeys}, {@code
 * $deleteFromPrimitiveList/…} and {@code $setElementOrder/…} (<a
 * href="https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md">description</a>).
 */
public final class StrategicMergePatch {

  private static final String DIRECTIVE = "$patch";
  private static final String RETAIN_KEYS = "$retainKeys";
  private static final String DELETE_ITEMS = "$deleteFromPrimitiveList/";
  private static final String ELEMENT_ORDER = "$setElementOrder/";

  private StrategicMergePatch() {}

  /**
   * The document after the patch; no argument is changed.
   *
   * @throws PatchException if the patch has directives that make no sense
   */
  public static ObjectNode apply(ObjectNode document, ObjectNode patch, Schema schema) {
    return merge(document, patch, Optional.of(schema));
  }

  private static ObjectNode merge(ObjectNode original, ObjectNode patch, Optional<Schema> schema) {
    ObjectNode result = original.deepCopy();
    switch (patch.path(DIRECTIVE).asText("merge")) {
      case "merge" -> {}
      case "replace" -> {
        ObjectNode replacement = patch.deepCopy();
        replacement.remove(DIRECTIVE);
        return replacement;
      }
      case "delete" -> {
        return JsonNodeFactory.instance.objectNode();
      }
      default -> throw unknownDirective(patch);
    }
    if (patch.has(RETAIN_KEYS)) {
      Set<String> retained = new HashSet<>();
      patch.get(RETAIN_KEYS).forEach(key -> retained.add(key.asText()));
      result.retain(retained);
    }
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      String field = entry.getKey();
      if (!field.startsWith("$")) {
        mergeField(result, field, patch, schema.flatMap(each -> each.step(field)));
      } else if (field.startsWith(DELETE_ITEMS)) {
        deleteItems(result, field.substring(DELETE_ITEMS.length()), entry.getValue());
      } else if (!field.startsWith(ELEMENT_ORDER)
          && !field.equals(DIRECTIVE)
          && !field.equals(RETAIN_KEYS)) {
        throw PatchException.malformed("unknown directive '" + field + "'");
      }
    }
    // Orders are written before the lists they are about; all of them hold at the end.
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      if (entry.getKey().startsWith(ELEMENT_ORDER)) {
        String field = entry.getKey().substring(ELEMENT_ORDER.length());
        order(result, original, field, entry.getValue(), schema);
      }
    }
    return result;
  }

  private static void mergeField(
      ObjectNode result, String field, ObjectNode patch, Optional<Schema> schema) {
    JsonNode before = result.get(field);
    switch (patch.get(field)) {
      case ObjectNode change -> {
        if (change.path(DIRECTIVE).asText("").equals("delete")) {
          result.remove(field);
        } else {
          result.set(
              field,
              merge(
                  before instanceof ObjectNode object
                      ? object
                      : JsonNodeFactory.instance.objectNode(),
                  change,
                  schema));
        }
      }
      case ArrayNode change -> {
        ArrayNode items =
            before instanceof ArrayNode array ? array : JsonNodeFactory.instance.arrayNode();
        result.set(field, mergeList(items, change, schema, field));
      }
      case JsonNode value -> {
        if (value.isNull()) {
          result.remove(field);
        } else {
          result.set(field, value.deepCopy());
        }
      }
    }
  }

  private static ArrayNode mergeList(
      ArrayNode original, ArrayNode patch, Optional<Schema> schema, String field) {
    Schema.Merging merging =
        schema.orElse(null) instanceof Schema.Listing listing
            ? listing.merging()
            : new Schema.Merging.Atomic();
    return switch (merging) {
      case Schema.Merging.Atomic() -> patch.deepCopy();
      case Schema.Merging.AsSet() -> {
        ArrayNode result = original.deepCopy();
        for (JsonNode item : patch) {
          if (indexOf(result, item, Function.identity()) < 0) {
            result.add(item);
          }
        }
        yield result;
      }
      case Schema.Merging.ByKey(String key) ->
          mergeByKey(original, patch, key, schema.flatMap(each -> each.step("items")), field);
    };
  }

  private static ArrayNode mergeByKey(
      ArrayNode original, ArrayNode patch, String key, Optional<Schema> itemSchema, String field) {
    ArrayNode result = original.deepCopy();
    boolean replaced = false;
    for (JsonNode item : patch) {
      if (item.path(DIRECTIVE).asText("").equals("replace") && !item.has(key)) {
        result.removeAll();
        replaced = true;
      }
    }
    for (JsonNode item : patch) {
      if (!(item instanceof ObjectNode change)) {
        throw PatchException.malformed("an item of '" + field + "' is not an object: " + item);
      }
      String directive = change.path(DIRECTIVE).asText("merge");
      if (!change.has(key)) {
        if (directive.equals("replace") && replaced) {
          continue;
        }
        throw PatchException.malformed(
            "an item of '%s' lacks its merge key '%s': %s".formatted(field, key, item));
      }
      int at = indexOf(result, change.get(key), each -> each.path(key));
      if (directive.equals("delete")) {
        if (at >= 0) {
          result.remove(at);
        }
      } else if (at >= 0 && result.get(at) instanceof ObjectNode existing) {
        result.set(at, merge(existing, change, itemSchema));
      } else {
        result.add(merge(JsonNodeFactory.instance.objectNode(), change, itemSchema));
      }
    }
    return result;
  }

  private static void deleteItems(ObjectNode result, String field, JsonNode items) {
    if (result.get(field) instanceof ArrayNode array) {
      for (JsonNode item : items) {
        for (int at = indexOf(array, item, Function.identity());
            at >= 0;
            at = indexOf(array, item, Function.identity())) {
          array.remove(at);
        }
      }
    }
  }

  /**
   * Brings a list's items into the order wanted. Items that the order does not name stay where they
   * were in relation to those that it names.
   */
  private static void order(
      ObjectNode result,
      ObjectNode original,
      String field,
      JsonNode order,
      Optional<Schema> schema) {
    if (!(result.get(field) instanceof ArrayNode items)) {
      return;
    }
    Optional<String> key =
        schema
            .flatMap(each -> each.step(field))
            .flatMap(
                each ->
                    each instanceof Schema.Listing listing ? listing.mergeKey() : Optional.empty());
    Function<JsonNode, JsonNode> identity =
        key.<Function<JsonNode, JsonNode>>map(name -> item -> item.path(name))
            .orElse(Function.identity());
    List<JsonNode> wanted = new ArrayList<>();
    order.forEach(each -> wanted.add(identity.apply(each)));
    List<JsonNode> named = new ArrayList<>();
    List<JsonNode> others = new ArrayList<>();
    items.forEach(item -> (wanted.contains(identity.apply(item)) ? named : others).add(item));
    named.sort(Comparator.comparingInt(item -> wanted.indexOf(identity.apply(item))));
    JsonNode before = original.path(field);
    ArrayNode ordered = JsonNodeFactory.instance.arrayNode();
    while (!named.isEmpty() && !others.isEmpty()) {
      int left = indexOf(before, identity.apply(named.getFirst()), identity);
      int right = indexOf(before, identity.apply(others.getFirst()), identity);
      boolean namedFirst = left < 0 || right < 0 || left < right;
      ordered.add((namedFirst ? named : others).removeFirst());
    }
    ordered.addAll(named).addAll(others);
    result.set(field, ordered);
  }

  private static int indexOf(
      JsonNode array, JsonNode wanted, Function<JsonNode, JsonNode> identity) {
    for (int i = 0; i < array.size(); i++) {
      if (JsonPatch.same(identity.apply(array.get(i)), wanted)) {
        return i;
      }
    }
    return -1;
  }

  private static PatchException unknownDirective(ObjectNode patch) {
    return PatchException.malformed(
        "unknown %s directive '%s'".formatted(DIRECTIVE, patch.path(DIRECTIVE).asText()));
  }
}
