package io.ocicat.model.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ocicat.model.validation.Problem.Cause;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Collects what is found in one document; of several problems of one field's form only the schema's
 * are kept.
 */
final class Findings {
  private final List<Problem> problems = new ArrayList<>();
  private final List<UnknownField> unknownFields = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Set<String> malformed = new HashSet<>();

  /** From now on, problems of fields that have one already are not added. */
  void formIsJudged() {
    problems.forEach(problem -> malformed.add(problem.path()));
  }

  void invalid(String path, JsonNode value, String detail) {
    add(Cause.INVALID, path, value.toString(), detail);
  }

  void wrongType(String path, JsonNode value, String wanted) {
    add(Cause.TYPE, path, value.toString(), "must be of type " + wanted + ", not " + typeOf(value));
  }

  void missing(String path, String detail) {
    add(Cause.REQUIRED, path, "", detail);
  }

  void unsupported(String path, JsonNode value, Collection<String> supported) {
    String known =
        supported.stream()
            .sorted()
            .map(each -> TextNode.valueOf(each).toString())
            .collect(Collectors.joining(", "));
    String hint =
        NearestWord.to(value.asText(), supported)
            .map(each -> "; did you mean " + TextNode.valueOf(each) + "?")
            .orElse("");
    add(Cause.NOT_SUPPORTED, path, value.toString(), "supported values: " + known + hint);
  }

  void forbidden(String path, String detail) {
    add(Cause.FORBIDDEN, path, "", detail);
  }

  void duplicate(String path, JsonNode value) {
    add(Cause.DUPLICATE, path, value.toString(), "");
  }

  void tooLong(String path, int max) {
    add(Cause.TOO_LONG, path, "", "may not be more than " + max + " characters");
  }

  void tooMany(String path, int size, int max) {
    add(Cause.TOO_MANY, path, Integer.toString(size), "must have at most " + max + " items");
  }

  void unknown(String path, String hint) {
    unknownFields.add(new UnknownField(path, hint));
  }

  void warning(String path, String text) {
    warnings.add(path + ": " + text);
  }

  Report report() {
    return new Report(problems, unknownFields, warnings);
  }

  private void add(Cause cause, String path, String badValue, String detail) {
    if (!malformed.contains(path)) {
      problems.add(new Problem(cause, path, badValue, detail));
    }
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "array";
      case BOOLEAN -> "boolean";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case OBJECT -> "object";
      case STRING -> "string";
      case NULL, MISSING, BINARY, POJO -> "null";
    };
  }
}
