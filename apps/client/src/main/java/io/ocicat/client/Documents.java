package io.ocicat.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Documents as people write them: YAML or JSON, several in one file, lists of them taken apart. */
public final class Documents {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();
  private static final ObjectMapper JSON = new ObjectMapper();

  private Documents() {}

  /**
   * @param source where it is from, for messages: {@code policy.yaml, document 2}
   * @param content the document
   */
  public record Document(String source, JsonNode content) {
    /** {@code NetworkPolicy default/web}, as far as it says so. */
    public String title() {
      JsonNode metadata = content.path("metadata");
      String namespace = metadata.path("namespace").asText("");
      return content.path("kind").asText("?")
          + " "
          + (namespace.isEmpty() ? "" : namespace + "/")
          + metadata.path("name").asText("?");
    }
  }

  /**
   * What was found in a text.
   *
   * @param documents those that could be read
   * @param problems why the rest could not, each with its place
   */
  public record Read(List<Document> documents, List<String> problems) {
    /** Copies the lists. */
    public Read {
      documents = List.copyOf(documents);
      problems = List.copyOf(problems);
    }
  }

  /** Reads every document of {@code text}. */
  public static Read read(String source, String text) {
    List<Document> documents = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    int number = 0;
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(text)) {
      while (all.hasNextValue()) {
        JsonNode document = all.nextValue();
        number++;
        if (document == null || document.isNull() || document.isMissingNode()) {
          continue;
        }
        String place = source + ", document " + number;
        if (!document.isObject()) {
          problems.add(place + ": is no object with apiVersion, kind and metadata");
        } else if (document.path("kind").asText("").endsWith("List")
            && document.path("items").isArray()) {
          int item = 0;
          for (JsonNode each : document.path("items")) {
            documents.add(new Document(place + ", item " + ++item, each));
          }
        } else {
          documents.add(new Document(place, document));
        }
      }
    } catch (JsonProcessingException e) {
      problems.add(
          source
              + ", line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr())
              + ": "
              + problem(e.getOriginalMessage()));
    } catch (IOException e) {
      problems.add(source + ": " + e.getMessage());
    }
    return new Read(documents, problems);
  }

  /** What is wrong, without the excerpts of the text, which are indented. */
  private static String problem(String message) {
    return message
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .collect(Collectors.joining(": "));
  }

  /** YAML as people read it. */
  public static String toYaml(JsonNode document) {
    try {
      return YAML.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree has no YAML form", e);
    }
  }

  /** JSON, indented. */
  public static String toJson(JsonNode document) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree has no text form", e);
    }
  }
}
