package io.ocicat.bgpd;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What is wrong with a file, and where; and which fields were looked for in it. */
final class Findings {

  private static final Pattern NUMBERS = Pattern.compile("\\[[0-9]+]");

  private record Problem(int line, String text) {}

  private final Map<String, Integer> lines = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final SortedSet<String> fields = new TreeSet<>();

  /**
   * @param yaml well-formed
   */
  Findings(String yaml) {
    try (JsonParser parser = new YAMLFactory().createParser(yaml)) {
      parser.nextToken();
      places(parser, "");
    } catch (IOException e) {
      throw new UncheckedIOException("a text that was read before", e);
    }
  }

  /** Notes the lines of the value that the parser stands at, and of all in it. */
  private void places(JsonParser parser, String path) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        String field = path.isEmpty() ? name : path + "." + name;
        lines.put(field, parser.currentTokenLocation().getLineNr());
        parser.nextToken();
        places(parser, field);
      }
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        String item = path + "[" + i + "]";
        lines.put(item, parser.currentTokenLocation().getLineNr());
        places(parser, item);
      }
    }
  }

  void problem(String path, String what) {
    problems.add(
        new Problem(lineOf(path), path.isEmpty() ? "the file: " + what : path + ": " + what));
  }

  /** Of the field, or, where it is missing, of what it is missing in. */
  private int lineOf(String path) {
    String at = path;
    while (!at.isEmpty() && !lines.containsKey(at)) {
      at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
    }
    return lines.getOrDefault(at, 1);
  }

  void lookedFor(String path) {
    fields.add(NUMBERS.matcher(path).replaceAll("[]"));
  }

  /** All problems, from top to bottom, each with its line and field. */
  List<String> problems() {
    return problems.stream()
        .sorted(Comparator.comparingInt(Problem::line))
        .map(problem -> "line %d: %s".formatted(problem.line(), problem.text()))
        .toList();
  }

  /** Every field that was looked for, whether the file has it or not, as {@code peers[].as}. */
  SortedSet<String> fields() {
    return fields;
  }
}
