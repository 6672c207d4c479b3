package io.ocicat.controller.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON patch (RFC 6902). All operations apply, in order, or none: the first that does not fit ends
 * the patch.
 */
public final class JsonPatch {

  private static final int MAX_OPERATIONS = 10_000;

  private JsonPatch() {}

  /**
   * The document after the patch; neither argument is changed.
   *
   * @throws PatchException if the patch is malformed, or an operation does not fit the document
   */
  public static ObjectNode apply(ObjectNode document, JsonNode patch) {
    if (!(patch instanceof ArrayNode operations)) {
      throw PatchException.malformed("a JSON patch must be a list of operations");
    }
    if (operations.size() > MAX_OPERATIONS) {
      throw PatchException.malformed(
          "a JSON patch may have %d operations, this one has %d"
              .formatted(MAX_OPERATIONS, operations.size()));
    }
    ObjectNode result = document.deepCopy();
    int index = 0;
    for (JsonNode operation : operations) {
      new Operation(operation, index++).apply(result);
    }
    return result;
  }

  /** One operation with its place in the patch, which every complaint names. */
  private record Operation(JsonNode node, int index) {

    void apply(ObjectNode document) {
      String name = text("op");
      List<String> path = pointer("path");
      switch (name) {
        case "add" -> add(document, path, value());
        case "remove" -> remove(document, path);
        case "replace" -> {
          if (!path.isEmpty()) {
            remove(document, path);
          }
          add(document, path, value());
        }
        case "move" -> {
          List<String> from = pointer("from");
          if (path.size() > from.size() && path.subList(0, from.size()).equals(from)) {
            throw malformed("moves a value into itself");
          }
          JsonNode moved = find(document, from);
          remove(document, from);
          add(document, path, moved);
        }
        case "copy" -> add(document, path, find(document, pointer("from")));
        case "test" -> {
          JsonNode found = find(document, path);
          if (!same(found, value())) {
            throw inapplicable("test failed at '" + text("path") + "': found " + found);
          }
        }
        default -> throw malformed("unknown op '" + name + "'");
      }
    }

    private void add(ObjectNode document, List<String> path, JsonNode value) {
      if (path.isEmpty()) {
        if (!(value instanceof ObjectNode whole)) {
          throw inapplicable("the whole document must stay an object");
        }
        ObjectNode copy = whole.deepCopy();
        document.removeAll();
        document.setAll(copy);
        return;
      }
      switch (find(document, path.subList(0, path.size() - 1))) {
        case ObjectNode object -> object.set(path.getLast(), value.deepCopy());
        case ArrayNode array -> {
          int at =
              path.getLast().equals("-")
                  ? array.size()
                  : position(path.getLast(), array.size() + 1);
          array.insert(at, value.deepCopy());
        }
        case JsonNode _ -> throw inapplicable("'" + text("path") + "' is not in a container");
      }
    }

    private void remove(ObjectNode document, List<String> path) {
      if (path.isEmpty()) {
        throw inapplicable("the whole document cannot be removed");
      }
      find(document, path);
      switch (find(document, path.subList(0, path.size() - 1))) {
        case ObjectNode object -> object.remove(path.getLast());
        case ArrayNode array -> array.remove(position(path.getLast(), array.size()));
        case JsonNode _ -> throw inapplicable("'" + text("path") + "' is not in a container");
      }
    }

    private JsonNode find(JsonNode from, List<String> path) {
      JsonNode at = from;
      for (String step : path) {
        JsonNode next =
            switch (at) {
              case ObjectNode object -> object.get(step);
              case ArrayNode array -> array.get(position(step, array.size()));
              case JsonNode _ -> null;
            };
        if (next == null) {
          throw inapplicable("the document has no '/" + String.join("/", path) + "'");
        }
        at = next;
      }
      return at;
    }

    private int position(String step, int limit) {
      if (!step.matches("0|[1-9][0-9]{0,8}")) {
        throw inapplicable("'" + step + "' is not an index of a list");
      }
      int at = Integer.parseInt(step);
      if (at >= limit) {
        throw inapplicable("index " + step + " is past the end of a list");
      }
      return at;
    }

    private JsonNode value() {
      JsonNode value = node.get("value");
      if (value == null) {
        throw malformed("has no value");
      }
      return value;
    }

    private String text(String field) {
      JsonNode value = node.get(field);
      if (value == null || !value.isTextual()) {
        throw malformed("has no '" + field + "'");
      }
      return value.textValue();
    }

    /** The steps of a JSON pointer (RFC 6901). */
    private List<String> pointer(String field) {
      String text = text(field);
      if (text.isEmpty()) {
        return List.of();
      }
      if (!text.startsWith("/")) {
        throw malformed("'" + text + "' is not a JSON pointer: it must begin with '/'");
      }
      List<String> steps = new ArrayList<>();
      for (String step : text.substring(1).split("/", -1)) {
        steps.add(step.replace("~1", "/").replace("~0", "~"));
      }
      return steps;
    }

    private PatchException malformed(String what) {
      return PatchException.malformed("JSON patch operation %d: %s".formatted(index, what));
    }

    private PatchException inapplicable(String what) {
      return PatchException.inapplicable("JSON patch operation %d: %s".formatted(index, what));
    }
  }

  /** Equality as RFC 6902 §4.6 has it: numbers by value, whatever their spelling. */
  static boolean same(JsonNode left, JsonNode right) {
    return left.equals(
        (a, b) ->
            a.isNumber() && b.isNumber()
                ? a.decimalValue().compareTo(b.decimalValue())
                : a.equals(b) ? 0 : 1,
        right);
  }
}
