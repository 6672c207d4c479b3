package io.ocicat.cli;

import io.ocicat.client.ApiResource;
import io.ocicat.client.Discovery;
import io.ocicat.client.Documents;
import io.ocicat.client.Documents.Document;
import io.ocicat.model.validation.NearestWord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** {@code -f FILE…}: documents from files, directories and standard input. */
public final class Manifests {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      arity = "1..*",
      description = "YAML or JSON files, directories of them, or - for standard input.")
  private List<String> files = new ArrayList<>();

  /** Whether any file was named. */
  public boolean named() {
    return !files.isEmpty();
  }

  /** Everything that the files hold, and why some of it cannot be read. */
  public Documents.Read read() {
    List<Document> documents = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String name : files) {
      for (Path file : expand(name, problems)) {
        String source = name.equals("-") ? "standard input" : file.toString();
        try {
          String text =
              name.equals("-")
                  ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                  : Files.readString(file);
          Documents.Read read = Documents.read(source, text);
          documents.addAll(read.documents());
          problems.addAll(read.problems());
        } catch (NoSuchFileException e) {
          problems.add("read " + source + ": there is no such file");
        } catch (IOException e) {
          problems.add("read " + source + ": " + e);
        }
      }
    }
    return new Documents.Read(documents, problems);
  }

  private static List<Path> expand(String name, List<String> problems) {
    Path path = Path.of(name);
    if (name.equals("-") || !Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.filter(file -> file.toString().matches(".*\\.(ya?ml|json)")).sorted().toList();
    } catch (IOException e) {
      problems.add(name + ": cannot be listed: " + e);
      return List.of();
    }
  }

  /**
   * The kind of a document.
   *
   * @throws Refusal if it names none, or one that the server does not serve
   */
  static ApiResource resource(Discovery discovery, Document document) {
    String apiVersion = document.content().path("apiVersion").asText("");
    String kind = document.content().path("kind").asText("");
    if (apiVersion.isEmpty() || kind.isEmpty()) {
      throw new Refusal("it needs an apiVersion and a kind");
    }
    if (document.content().path("metadata").path("name").asText("").isEmpty()) {
      throw new Refusal("it needs metadata.name");
    }
    Optional<ApiResource> resource = discovery.of(apiVersion, kind);
    return resource.orElseThrow(
        () -> {
          List<String> served =
              discovery.all().stream().map(each -> each.apiVersion() + " " + each.kind()).toList();
          String wanted = apiVersion + " " + kind;
          return new Refusal(
              "the server has no kind "
                  + wanted
                  + NearestWord.to(wanted, served)
                      .map(word -> "; did you mean " + word + "?")
                      .orElse("; it has " + String.join(", ", served)));
        });
  }

  /** The namespace of a document: its own, else that of the command line, else of the context. */
  static String namespace(Document document, Optional<String> option, String fallback) {
    String own = document.content().path("metadata").path("namespace").asText("");
    if (!own.isEmpty() && option.isPresent() && !option.get().equals(own)) {
      throw new Refusal("it is in namespace " + own + ", but -n says " + option.get());
    }
    return own.isEmpty() ? option.orElse(fallback) : own;
  }
}
