package io.ocicat.bgpd;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One mapping of the file: gives its fields, and collects what is wrong with them. */
final class Fields {

  private final JsonNode node;
  private final String path;
  private final Findings findings;
  private final Set<String> asked = new HashSet<>();

  Fields(JsonNode node, String path, Findings findings) {
    this.node = node;
    this.path = path;
    this.findings = findings;
    if (!node.isObject()) {
      findings.problem(path, "not a mapping but " + shown(node));
    }
  }

  private static String shown(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? "nothing" : node.toString();
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  void problem(String name, String what) {
    findings.problem(at(name), what);
  }

  boolean has(String name) {
    asked.add(name);
    findings.lookedFor(at(name));
    return node.has(name) && !node.get(name).isNull();
  }

  /** A text; a number counts as one. */
  String text(String name, String otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode value = node.get(name);
    if (value.isValueNode()) {
      return value.asText();
    }
    problem(name, "not a text but " + value);
    return otherwise;
  }

  boolean flag(String name, boolean otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode value = node.get(name);
    if (!value.isBoolean()) {
      problem(name, "not true or false but " + value);
      return otherwise;
    }
    return value.asBoolean();
  }

  /** Whether this mapping's value is true or false and nothing else. */
  boolean isFlag(String name) {
    return has(name) && node.get(name).isBoolean();
  }

  boolean isMapping(String name) {
    return has(name) && node.get(name).isObject();
  }

  /** A whole number between two bounds. */
  long number(String name, long otherwise, long least, long most) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode value = node.get(name);
    if (!value.isIntegralNumber() || value.asLong() < least || value.asLong() > most) {
      problem(name, "not a number from %d to %d but %s".formatted(least, most, value));
      return otherwise;
    }
    return value.asLong();
  }

  Duration seconds(String name, Duration otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode value = node.get(name);
    if (!value.isNumber() || value.asDouble() < 0 || value.asDouble() > 86_400) {
      problem(name, "not seconds from 0 to 86400 but " + value);
      return otherwise;
    }
    return Duration.ofNanos((long) (value.asDouble() * 1e9));
  }

  Optional<IpAddress> address(String name) {
    return parsed(name, text -> IpAddress.tryParse(text), "an IP address");
  }

  /** A text that has to be of some form. */
  <T> Optional<T> parsed(String name, Function<String, Optional<T>> parser, String form) {
    if (!has(name)) {
      return Optional.empty();
    }
    String text = text(name, "");
    Optional<T> value = parser.apply(text);
    if (value.isEmpty()) {
      problem(name, "'%s' is not %s".formatted(text, form));
    }
    return value;
  }

  /** One of an enum's names, in lower case and with hyphens. */
  <E extends Enum<E>> Optional<E> word(String name, Class<E> kind) {
    return parsed(name, text -> named(kind, text), namesOf(kind));
  }

  /** A list of such names, of which there is at least one. */
  <E extends Enum<E>> List<E> words(String name, Class<E> kind) {
    List<E> values = list(name, text -> named(kind, text), namesOf(kind));
    if (values.isEmpty()) {
      problem(name, "none");
    }
    return values;
  }

  private static <E extends Enum<E>> Optional<E> named(Class<E> kind, String text) {
    return Arrays.stream(kind.getEnumConstants())
        .filter(each -> word(each).equals(text))
        .findFirst();
  }

  private static <E extends Enum<E>> String namesOf(Class<E> kind) {
    return "one of "
        + String.join(", ", Arrays.stream(kind.getEnumConstants()).map(Fields::word).toList());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A list of texts, each of some form. */
  <T> List<T> list(String name, Function<String, Optional<T>> parser, String form) {
    List<T> values = new ArrayList<>();
    List<JsonNode> items = items(name);
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.get(i);
      Optional<T> value = item.isValueNode() ? parser.apply(item.asText()) : Optional.empty();
      if (value.isEmpty()) {
        problem(name + "[" + i + "]", "%s is not %s".formatted(shown(item), form));
      }
      value.ifPresent(values::add);
    }
    return values;
  }

  /** A list of mappings. */
  List<Fields> mappings(String name) {
    List<Fields> mappings = new ArrayList<>();
    List<JsonNode> items = items(name);
    for (int i = 0; i < items.size(); i++) {
      mappings.add(new Fields(items.get(i), at(name) + "[" + i + "]", findings));
    }
    return mappings;
  }

  private List<JsonNode> items(String name) {
    if (!has(name)) {
      return List.of();
    }
    JsonNode value = node.get(name);
    if (!value.isArray()) {
      problem(name, "not a list but " + value);
      return List.of();
    }
    List<JsonNode> items = new ArrayList<>();
    value.forEach(items::add);
    return items;
  }

  Optional<Fields> mapping(String name) {
    return has(name)
        ? Optional.of(new Fields(node.get(name), at(name), findings))
        : Optional.empty();
  }

  /** Whether this mapping's value is that text instead. */
  boolean isWord(String name, String word) {
    return has(name) && node.get(name).isTextual() && node.get(name).asText().equals(word);
  }

  /** Reports fields that nobody asked for. */
  void done() {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!asked.contains(name)) {
                problem(
                    name,
                    "unknown field; there are "
                        + String.join(", ", asked.stream().sorted().toList()));
              }
            });
  }
}
