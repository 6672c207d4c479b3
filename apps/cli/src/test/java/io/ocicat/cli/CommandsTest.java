package io.ocicat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {
  @TempDir private Path directory = Path.of("");

  private FakeApi api;
  private Path kubeconfig;

  private record Ran(int status, String out, String err) {}

  CommandsTest() throws IOException {
    api = new FakeApi();
    kubeconfig = directory;
  }

  @BeforeEach
  void writeKubeconfig() throws IOException {
    kubeconfig = api.kubeconfig(directory);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void appliesAllThatItCanAndReportsAllThatItCannot() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("all.yaml"),
            map("a") + "---\n" + map("bad") + "---\nkind: Nonsense\n---\n" + map("b"));
    Ran ran = run("apply", "-f", file.toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).isEqualTo("configmap/a created\nconfigmap/b created\n");
    assertThat(ran.err())
        .contains("all.yaml, document 2 (ConfigMap bad)")
        .contains("data.x: must be text")
        .contains("all.yaml, document 3");
  }

  @Test
  void secondApplyOfTheSameChangesNothing() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), map("a"));
    assertThat(run("apply", "-f", file.toString()).out()).contains("created");
    assertThat(run("apply", "-f", file.toString()).out()).isEqualTo("configmap/a unchanged\n");
    Files.writeString(file, map("a") + "data: {x: '1'}\n");
    assertThat(run("apply", "-f", file.toString()).out()).isEqualTo("configmap/a configured\n");
  }

  @Test
  void waitsUntilNodesEnforceAndSaysWhichDoNot() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), map("a"));
    assertThat(run("apply", "--wait", "-f", file.toString()).status()).isZero();
    api.enforced = 3;
    Ran ran = run("apply", "--wait", "--timeout", "100ms", "-f", file.toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("n1 (at 3)");
  }

  @Test
  void getPrintsTablesAndOneJsonDocument() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), map("a"));
    assertThat(run("apply", "-f", file.toString()).status()).isZero();
    assertThat(run("get", "cm").out()).isEqualTo("NAME\na\n");
    assertThat(run("get", "configmap", "-o", "wide").out()).contains("SECRET").contains("wide-a");
    assertThat(
            json(run("get", "cm", "-o", "json").out()).path("items").path(0).path("kind").asText())
        .isEqualTo("ConfigMap");
    assertThat(run("get", "cm", "-o", "name").out()).isEqualTo("configmap/a\n");
    assertThat(run("get", "cm", "a", "-o", "yaml").out()).contains("kind: ConfigMap");
  }

  @Test
  void refusalIsOneAndWrongUsageIsTwo() {
    Ran missing = run("get", "cm", "none");
    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.err()).contains("read configmaps default/none").contains("not found");
    Ran unknown = run("get", "spaceships");
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.err()).contains("it has configmaps");
    assertThat(run("get").status()).isEqualTo(2);
    assertThat(execute("frobnicate").status()).isEqualTo(2);
    assertThat(execute("get", "pods", "--no-such-option").status()).isEqualTo(2);
  }

  @Test
  void deletesWhatAFileDescribes() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), map("a"));
    assertThat(run("apply", "-f", file.toString()).status()).isZero();
    assertThat(run("delete", "-f", file.toString()).out()).isEqualTo("configmap/a deleted\n");
    assertThat(run("delete", "-f", file.toString()).status()).isEqualTo(1);
    assertThat(run("delete", "cm", "a", "--ignore-not-found").status()).isZero();
  }

  @Test
  void statusIsOneJsonDocument() throws IOException {
    Ran ran = run("status", "-o", "json");
    assertThat(ran.status()).isZero();
    assertThat(json(ran.out()).path("nodes").path(0).path("name").asText()).isEqualTo("n1");
  }

  @Test
  void everyCommandHasHelp() {
    List<String> without = new ArrayList<>();
    everyCommand(Main.complete(), new ArrayList<>(), without);
    assertThat(without).isEmpty();
  }

  private static void everyCommand(CommandLine command, List<String> path, List<String> without) {
    List<String> words = new ArrayList<>(path);
    words.add("--help");
    Ran ran = execute(words.toArray(String[]::new));
    if (ran.status() != 0 || !ran.out().contains("Usage:") || !ran.err().isEmpty()) {
      without.add(String.join(" ", words) + ": " + ran);
    }
    command
        .getSubcommands()
        .forEach(
            (name, sub) -> {
              List<String> deeper = new ArrayList<>(path);
              deeper.add(name);
              everyCommand(sub, deeper, without);
            });
  }

  private Ran run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--kubeconfig");
    all.add(kubeconfig.toString());
    return execute(all.toArray(String[]::new));
  }

  private static Ran execute(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine(words);
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int status = command.execute(words);
    return new Ran(status, out.toString(), err.toString());
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private static String map(String name) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n";
  }
}
