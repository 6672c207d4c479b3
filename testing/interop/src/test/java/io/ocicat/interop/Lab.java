package io.ocicat.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.testkit.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** A lab driven through the launcher, as a user would. */
final class Lab implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final JsonNode description;

  private Lab(String name, JsonNode description) {
    this.name = name;
    this.description = description;
  }

  static Lab up(String name, int nodes) throws JsonProcessingException {
    ocicatPlain("lab", "down", name);
    String json =
        ocicatPlain("lab", "up", name, "--nodes", Integer.toString(nodes), "-o", "json").orFail();
    return new Lab(name, JSON.readTree(json));
  }

  List<LabNode> nodes() {
    return StreamSupport.stream(description.path("nodes").spliterator(), false)
        .map(
            n ->
                new LabNode(
                    n.path("name").asText(),
                    Path.of(n.path("netns").asText()),
                    Path.of(n.path("cniBin").asText()),
                    Path.of(n.path("cniConf").asText())))
        .toList();
  }

  Path kubeconfig() {
    return Path.of(description.path("kubeconfig").asText());
  }

  /** {@code ocicat ARGS…} against this lab's API. */
  Shell.Result ocicat(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--kubeconfig");
    all.add(kubeconfig().toString());
    return ocicatPlain(all.toArray(String[]::new));
  }

  Shell.Result lab(String... arguments) {
    List<String> all = new ArrayList<>(List.of("lab"));
    all.addAll(List.of(arguments));
    all.add("--lab");
    all.add(name);
    return ocicatPlain(all.toArray(String[]::new));
  }

  private static Shell.Result ocicatPlain(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program().toString()));
    command.addAll(List.of(arguments));
    return Shell.run(command, Map.of("JAVA_HOME", System.getProperty("java.home")));
  }

  /** What the running Maven build has just put together, else the launcher. */
  private static Path program() {
    Path built = root().resolve("deploy/dist/target/staging/bin/ocicat");
    return Files.isExecutable(built) ? built : root().resolve("ocicat");
  }

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(directory.resolve("ocicat"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new AssertionError("no ./ocicat above " + Path.of("").toAbsolutePath());
      }
    }
    return directory;
  }

  @Override
  public void close() {
    ocicatPlain("lab", "down", name).orFail();
  }
}
