package io.ocicat.controller.api.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The way to a value in a document, in steps as <a
 * href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/">FieldsV1</a>
 * spells them: {@code f:NAME} a field, {@code k:KEYS} the list item with these key fields, {@code
 * v:VALUE} the list item that is this value.
 */
record FieldPath(List<String> steps) implements Comparable<FieldPath> {

  static final FieldPath ROOT = new FieldPath(List.of());

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Parents before their children. */
  private static final Comparator<FieldPath> ORDER =
      (a, b) -> {
        for (int i = 0; i < Math.min(a.steps().size(), b.steps().size()); i++) {
          int order = a.steps().get(i).compareTo(b.steps().get(i));
          if (order != 0) {
            return order;
          }
        }
        return Integer.compare(a.steps().size(), b.steps().size());
      };

  FieldPath {
    steps = List.copyOf(steps);
  }

  @Override
  public int compareTo(FieldPath other) {
    return ORDER.compare(this, other);
  }

  FieldPath step(String step) {
    List<String> longer = new ArrayList<>(steps);
    longer.add(step);
    return new FieldPath(longer);
  }

  FieldPath field(String name) {
    return step("f:" + name);
  }

  FieldPath item(String key, JsonNode value) {
    return step("k:" + JsonNodeFactory.instance.objectNode().set(key, value));
  }

  FieldPath value(JsonNode value) {
    return step("v:" + value);
  }

  FieldPath parent() {
    return new FieldPath(steps.subList(0, steps.size() - 1));
  }

  boolean isRoot() {
    return steps.isEmpty();
  }

  /** Whether this is an item of a list, which is there or not whatever is in it. */
  boolean isItem() {
    return !isRoot() && !steps.getLast().startsWith("f:");
  }

  /** Whether this is the field by which an item of a list is told from others. */
  boolean isKeyOfItem() {
    return steps.size() > 1
        && steps.getLast().startsWith("f:")
        && steps.get(steps.size() - 2).startsWith("k:")
        && parse(steps.get(steps.size() - 2).substring(2)).has(steps.getLast().substring(2));
  }

  boolean isWithin(FieldPath other) {
    return steps.size() >= other.steps.size()
        && steps.subList(0, other.steps.size()).equals(other.steps);
  }

  /** What stands there; missing if nothing does. */
  JsonNode in(JsonNode document) {
    JsonNode at = document;
    for (String step : steps) {
      at = next(at, step);
    }
    return at;
  }

  /** Removes what stands there, if anything does. */
  void removeFrom(ObjectNode document) {
    JsonNode container = parent().in(document);
    JsonNode gone = in(document);
    if (container instanceof ObjectNode object) {
      object.remove(steps.getLast().substring(2));
    } else if (container instanceof ArrayNode array) {
      for (int i = array.size() - 1; i >= 0; i--) {
        if (array.get(i).equals(gone)) {
          array.remove(i);
        }
      }
    }
  }

  private static JsonNode next(JsonNode at, String step) {
    String rest = step.substring(2);
    return switch (step.charAt(0)) {
      case 'f' -> at.path(rest);
      case 'k' -> item(at, each -> hasKeys(each, parse(rest)));
      case 'v' -> item(at, each -> JsonPatch.same(each, parse(rest)));
      default -> MissingNode.getInstance();
    };
  }

  private static JsonNode item(JsonNode list, Predicate<JsonNode> wanted) {
    for (JsonNode each : list) {
      if (list.isArray() && wanted.test(each)) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  private static boolean hasKeys(JsonNode item, JsonNode keys) {
    return keys.properties().stream()
        .allMatch(key -> JsonPatch.same(item.path(key.getKey()), key.getValue()));
  }

  private static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** {@code .spec.containers[name="web"].image}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String step : steps) {
      String rest = step.substring(2);
      switch (step.charAt(0)) {
        case 'f' -> text.append('.').append(rest);
        case 'k' ->
            parse(rest)
                .properties()
                .forEach(
                    key ->
                        text.append('[')
                            .append(key.getKey())
                            .append('=')
                            .append(key.getValue())
                            .append(']'));
        default -> text.append('[').append(rest).append(']');
      }
    }
    return text.toString();
  }
}
