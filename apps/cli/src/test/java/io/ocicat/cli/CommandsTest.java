package io.ocicat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
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
  void tellsOnceWhatTheServerWarnsOf() throws IOException {
    Path file = Files.writeString(directory.resolve("odd.yaml"), map("odd"));
    Ran ran = run("apply", "-f", file.toString());
    assertThat(ran.status()).isZero();
    assertThat(ran.out()).isEqualTo("configmap/odd created\n");
    assertThat(ran.err()).isEqualTo("Warning: data: \"x\" is odd\n");
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
    assertThat(execute("staus").err())
        .contains("'ocicat' has no command 'staus'")
        .contains("Did you mean: ocicat status?");
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
  void deletionIsOneJsonDocument() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), map("a"));
    assertThat(run("apply", "-f", file.toString()).status()).isZero();
    JsonNode answer = json(run("delete", "-f", file.toString(), "-o", "json").out());
    assertThat(answer.path("policyGeneration").asLong()).isPositive();
    assertThat(answer.path("items").path(0).path("change").asText()).isEqualTo("deleted");
  }

  @Test
  void readsFilesDirectoriesAndStandardInputTogether() throws IOException {
    Path one = Files.writeString(directory.resolve("one.yaml"), map("a"));
    Path more = Files.createDirectory(directory.resolve("more"));
    Path _ = Files.writeString(more.resolve("b.yml"), map("b") + "---\n" + map("c"));
    Path _ = Files.writeString(more.resolve("notes.txt"), "no manifest");
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(map("d").getBytes(StandardCharsets.UTF_8)));
    try {
      Ran ran = run("apply", "-f", one.toString(), more.toString(), "-f", "-");
      assertThat(ran.status()).isZero();
      assertThat(ran.out())
          .isEqualTo(
              "configmap/a created\nconfigmap/b created\nconfigmap/c created\nconfigmap/d created\n");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void asksTheServerToRefuseUnknownFields() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), map("a"));
    assertThat(run("apply", "-f", file.toString()).status()).isZero();
    Files.writeString(file, map("a") + "data: {x: '1'}\n");
    assertThat(run("apply", "-f", file.toString()).status()).isZero();
    assertThat(api.requests)
        .filteredOn(request -> request.startsWith("POST") || request.startsWith("PATCH"))
        .hasSize(2)
        .allMatch(request -> request.endsWith("?fieldValidation=Strict"));
  }

  @Test
  void namesEachProblemOnce() throws IOException {
    Path file = Files.writeString(directory.resolve("bad.yaml"), map("bad"));
    Ran ran = run("apply", "-f", file.toString());
    assertThat(ran.err().lines())
        .containsExactly(
            "ocicat: "
                + file
                + ", document 1 (ConfigMap bad): create configmaps default/bad: ConfigMap \"bad\" is invalid",
            "  data.x: must be text");
  }

  @Test
  void validatesWithoutACluster() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("policies.yaml"),
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: good}
            spec: {podSelector: {}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: bad}
            spec:
              podSelctor: {}
              policyTypes: [Ingres]
              ingress: [{ports: [{port: 70000}]}]
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolcy
            metadata: {name: x}
            ---
            apiVersion: projectcalico.org/v3
            kind: IPPool
            metadata: {name: wide}
            spec: {cidr: 10.0.0.0/8}
            ---
            apiVersion: projectcalico.org/v3
            kind: IPPool
            metadata: {name: narrow}
            spec: {cidr: 10.1.0.0/16}
            """);
    Ran ran = execute("validate", "-f", file.toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).contains("document 1 (NetworkPolicy good): valid");
    assertThat(ran.err())
        .contains("document 2 (NetworkPolicy bad): would be refused")
        .contains("spec.podSelctor: unknown field, did you mean \"podSelector\"?")
        .contains("spec.policyTypes[0]", "did you mean \"Ingress\"?")
        .contains("spec.ingress[0].ports[0].port")
        .contains("kind: there is no kind \"NetworkPolcy\", did you mean \"NetworkPolicy\"?")
        .contains("document 5 (IPPool narrow): would be refused")
        .contains("spec.cidr");
    JsonNode answer = json(execute("validate", "-o", "json", "-f", file.toString()).out());
    assertThat(answer.path("valid").asBoolean()).isFalse();
    assertThat(answer.path("documents")).hasSize(5);
    assertThat(answer.path("documents").path(1).path("problems").size()).isGreaterThan(2);
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

  @Test
  void bashCompletesCommandsOptionsAndValues() throws IOException, InterruptedException {
    Path script = Files.writeString(directory.resolve("ocicat"), execute("completion").out());
    assertThat(completed(script, "ocicat", "sta")).isEqualTo("status");
    assertThat(completed(script, "ocicat", "lab", "ma")).isEqualTo("matrix");
    assertThat(completed(script, "ocicat", "lab", "up", "--no")).isEqualTo("--nodes");
    assertThat(completed(script, "ocicat", "get", "-o", "wi")).isEqualTo("wide");
    assertThat(completed(script, "ocicat", "get", "ippo")).isEqualTo("ippools");
    assertThat(completed(script, "ocicat", "diags", "--only", "cl")).isEqualTo("cluster");
  }

  /** What bash would put in place of the last of the words. */
  private static String completed(Path script, String... words)
      throws IOException, InterruptedException {
    String program =
        """
        source '%s'
        compopt() { :; }
        COMP_WORDS=(%s)
        COMP_CWORD=%d
        _complete_ocicat
        echo "${COMPREPLY[*]}"
        """
            .formatted(script, String.join(" ", words), words.length - 1);
    Process bash = new ProcessBuilder("bash", "-c", program).redirectErrorStream(true).start();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).isZero();
    return answer.strip();
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
