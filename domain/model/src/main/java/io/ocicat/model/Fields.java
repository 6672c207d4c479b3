package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Requirement;
import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Tolerant reading of one JSON object: what is absent, null or of another type reads as absent. */
record Fields(JsonNode node, String document, String path) {

  /** The root of a document. */
  static Fields of(JsonNode document) {
    String name =
        document.path("kind").asText("document") + " " + document.at("/metadata/name").asText();
    return new Fields(document, name, "");
  }

  Fields at(String field) {
    return new Fields(node.path(field), document, pathOf(field));
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  String text(String field) {
    return text(field, "");
  }

  String text(String field, String absent) {
    JsonNode value = node.path(field);
    return value.isTextual() ? value.textValue() : absent;
  }

  boolean flag(String field) {
    return node.path(field).asBoolean(false);
  }

  int number(String field, int absent) {
    JsonNode value = node.path(field);
    return value.canConvertToInt() && value.isIntegralNumber() ? value.intValue() : absent;
  }

  List<Fields> list(String field) {
    List<Fields> items = new ArrayList<>();
    int index = 0;
    for (JsonNode item : node.path(field)) {
      items.add(new Fields(item, document, pathOf(field) + "[" + index++ + "]"));
    }
    return items;
  }

  List<String> texts(String field) {
    List<String> values = new ArrayList<>();
    for (JsonNode item : node.path(field)) {
      values.add(item.asText());
    }
    return List.copyOf(values);
  }

  Map<String, String> map(String field) {
    Map<String, String> values = new LinkedHashMap<>();
    node.path(field)
        .properties()
        .forEach(each -> values.put(each.getKey(), each.getValue().asText()));
    return values;
  }

  Labels labels(String field) {
    return new Labels(map(field));
  }

  Cidr cidr(String field) {
    return parsed(field, Cidr::parse);
  }

  List<Cidr> cidrs(String field) {
    return parsedAll(field, Cidr::parse);
  }

  Optional<IpAddress> address(String field) {
    return IpAddress.tryParse(text(field));
  }

  Selector selector(String field) {
    return parsed(field, Selector::parse);
  }

  /** The field must be there or its absence mean "everything", which is the caller's to know. */
  LabelSelector labelSelector(String field) {
    Fields selector = at(field);
    List<Requirement> requirements = new ArrayList<>();
    for (Fields expression : selector.list("matchExpressions")) {
      Requirement.Operator operator =
          Requirement.Operator.ofDocumentName(expression.text("operator"))
              .orElseThrow(() -> expression.at("operator").unreadable("not an operator"));
      requirements.add(
          expression.guarded(
              () -> new Requirement(expression.text("key"), operator, expression.texts("values"))));
    }
    return selector.guarded(() -> LabelSelector.of(selector.map("matchLabels"), requirements));
  }

  /**
   * The list's items; none if it is absent. Unlike {@link #list}, takes nothing else for a list.
   */
  List<Fields> items(String field) {
    if (has(field) && !node.path(field).isArray()) {
      throw at(field).unreadable("not a list");
    }
    return list(field);
  }

  /** The text, empty if it is absent. Unlike {@link #text}, takes nothing else for a text. */
  String word(String field) {
    if (has(field) && !node.path(field).isTextual()) {
      throw at(field).unreadable("not a text");
    }
    return text(field);
  }

  /** The object, without fields if it is absent. Unlike {@link #at}, takes nothing else for one. */
  Fields object(String field) {
    if (has(field) && !node.path(field).isObject()) {
      throw at(field).unreadable("not an object");
    }
    return at(field);
  }

  /** The texts of a list; none if it is absent. Takes nothing else for a list of texts. */
  List<String> words(String field) {
    return items(field).stream().map(Fields::ownWord).toList();
  }

  /** This value, which has to be a text. */
  String ownWord() {
    if (!node.isTextual()) {
      throw unreadable("not a text");
    }
    return node.textValue();
  }

  /** What a parser makes of this value, which has to be a text. */
  <T> T ownParsed(Function<String, T> parser) {
    return guarded(() -> parser.apply(ownWord()));
  }

  /** A number, fractions allowed; infinite if it is absent. */
  double orderOrLast(String field) {
    if (has(field) && !node.path(field).isNumber()) {
      throw at(field).unreadable("not a number");
    }
    return has(field) ? node.path(field).doubleValue() : Double.POSITIVE_INFINITY;
  }

  /** An optional Calico selector. */
  SelectorField selectorField(String field) {
    String text = word(field);
    return text.isBlank()
        ? new SelectorField.NotGiven()
        : new SelectorField.Given(at(field).guarded(() -> Selector.parse(text)));
  }

  <T> T parsed(String field, Function<String, T> parser) {
    return at(field).guarded(() -> parser.apply(text(field)));
  }

  /** What a parser makes of a text or number; empty if it is absent or the empty text. */
  <T> Optional<T> given(String field, Function<String, T> parser) {
    String text = has(field) ? node.path(field).asText() : "";
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(at(field).guarded(() -> parser.apply(text)));
  }

  /** True or false, if it is there. */
  Optional<Boolean> switched(String field) {
    return has(field) ? Optional.of(flag(field)) : Optional.empty();
  }

  <T> List<T> parsedAll(String field, Function<String, T> parser) {
    return list(field).stream()
        .map(item -> item.guarded(() -> parser.apply(item.node.asText())))
        .toList();
  }

  UnreadableDocumentException unreadable(String reason) {
    return new UnreadableDocumentException(document, path, reason);
  }

  private <T> T guarded(Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw unreadable(String.valueOf(e.getMessage()));
    }
  }

  private String pathOf(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
