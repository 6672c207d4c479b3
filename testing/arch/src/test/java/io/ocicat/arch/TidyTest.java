package io.ocicat.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads every file of the repository and checks what a compiler does not. */
class TidyTest {

  private static final Path ROOT = root();
  private static final Pattern MARKDOWN_LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern BARE_TODO =
      Pattern.compile("\\b(TODO|FIXME|XXX)\\b(?!\\([^)]+\\): \\S)");

  /** Spelled in halves so that this file is not its own finding. */
  private static final List<String> MACHINE_PATHS = List.of("/work" + "/", "/tmp" + "/w/");

  @Test
  void everyPackageSaysWhatItIsForAndIsNullMarked() {
    List<Path> bare = new ArrayList<>();
    for (Path source : javaSources("src/main/java")) {
      Path info = source.resolveSibling("package-info.java");
      if (!Files.exists(info) || !read(info).contains("@NullMarked")) {
        bare.add(ROOT.relativize(source.getParent()));
      }
    }
    assertThat(bare).isEmpty();
  }

  @Test
  void noUnreasonedTodoAndNoPathOfOneMachine() {
    List<String> findings = new ArrayList<>();
    for (Path file : textFiles()) {
      String text = read(file);
      if (!file.endsWith("TidyTest.java")) {
        if (BARE_TODO.matcher(text).find() && file.toString().endsWith(".java")) {
          findings.add(ROOT.relativize(file) + ": a TODO without (who): reason");
        }
        for (String path : MACHINE_PATHS) {
          if (text.contains(path)) {
            findings.add(ROOT.relativize(file) + ": a path of one machine, " + path);
          }
        }
      }
    }
    assertThat(findings).isEmpty();
  }

  @Test
  void linksInDocumentsResolve() {
    List<String> broken = new ArrayList<>();
    for (Path file : textFiles()) {
      if (file.toString().endsWith(".md")) {
        Matcher link = MARKDOWN_LINK.matcher(read(file));
        while (link.find()) {
          if (!Files.exists(file.resolveSibling(link.group(1)))) {
            broken.add(ROOT.relativize(file) + " → " + link.group(1));
          }
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void noBinaryIsCommitted() {
    assertThat(allFiles())
        .noneMatch(p -> p.toString().matches(".*\\.(class|jar|so|o|a|exe|zip|tar|gz)"));
  }

  @Test
  void printsTheLargestSources() {
    List<Path> sources =
        javaSources("src/main/java").stream()
            .sorted(Comparator.comparingLong((Path p) -> read(p).lines().count()).reversed())
            .toList();
    System.out.println("largest sources, in lines:");
    sources.stream()
        .limit(10)
        .forEach(p -> System.out.printf("%6d  %s%n", read(p).lines().count(), ROOT.relativize(p)));
    assertThat(sources).isNotEmpty();
  }

  private static List<Path> javaSources(String under) {
    return textFiles().stream()
        .filter(p -> p.toString().endsWith(".java") && p.toString().contains(under))
        .toList();
  }

  private static List<Path> textFiles() {
    return allFiles().stream()
        .filter(p -> p.toString().matches(".*\\.(java|md|xml|proto|c|h|yaml|json|conf|txt)"))
        .toList();
  }

  private static List<Path> allFiles() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(Files::isRegularFile)
          .filter(p -> !ROOT.relativize(p).toString().matches("(.*/)?(target|\\.git)/.*"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mvnw"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new IllegalStateException("no mvnw above " + Path.of("").toAbsolutePath());
      }
    }
    return directory;
  }
}
