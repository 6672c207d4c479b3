package io.ocicat.controller.api.select;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Requirements on single fields, all of which must hold. A field that is absent equals the empty
 * text (<a
 * href="https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/">upstream</a>).
 */
public record FieldSelector(List<Requirement> requirements) {

  /** Selects everything. */
  public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  public FieldSelector {
    requirements = List.copyOf(requirements);
  }

  /** {@code path} equals {@code value}, or does not. */
  public record Requirement(String path, boolean equal, String value) {

    private boolean matches(JsonNode document) {
      JsonNode at = document;
      for (String step : path.split("\\.")) {
        at = at.path(step);
      }
      return at.asText("").equals(value) == equal;
    }
  }

  /**
   * Reads {@code a=b,c==d,e!=f}; a backslash quotes comma, equals sign and itself in values.
   *
   * @throws IllegalArgumentException with a message that quotes the part that is wrong
   */
  public static FieldSelector parse(String text) {
    List<Requirement> requirements = new ArrayList<>();
    for (String term : text.split("(?<!\\\\),")) {
      if (!term.isEmpty()) {
        requirements.add(requirement(term));
      }
    }
    return new FieldSelector(requirements);
  }

  private static Requirement requirement(String term) {
    int at = term.indexOf('=');
    if (at <= 0) {
      throw new IllegalArgumentException(
          "invalid field selector: '" + term + "' (want field=value or field!=value)");
    }
    boolean equal = term.charAt(at - 1) != '!';
    String path = term.substring(0, equal ? at : at - 1);
    String value = term.substring(term.startsWith("==", at) ? at + 2 : at + 1);
    return new Requirement(path, equal, value.replaceAll("\\\\([\\\\,=])", "$1"));
  }

  /** The same, with one more field that must have a value. */
  public FieldSelector and(String path, String value) {
    List<Requirement> all = new ArrayList<>(requirements);
    all.add(new Requirement(path, true, value));
    return new FieldSelector(all);
  }

  public boolean matches(JsonNode document) {
    return requirements.stream().allMatch(requirement -> requirement.matches(document));
  }

  /** The value that a field must have, if the selector says so. */
  public Optional<String> required(String path) {
    return requirements.stream()
        .filter(requirement -> requirement.equal() && requirement.path().equals(path))
        .map(Requirement::value)
        .findFirst();
  }
}
