package io.ocicat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class DiagsTest {
  private static final String KEY =
      "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBvsecretsecret\n-----END EC PRIVATE KEY-----\n";
  private static final String TOKEN =
      "eyJhbGciOiJSUzI1NiIsImtpZCI6Im.eyJpc3MiOiJrdWJlcm5ldGVz.c2lnbmF0dXJlLW9mLWl0";
  private static final Duration LONG = Duration.ofSeconds(40);

  @TempDir private Path directory = Path.of("");

  /** An API server of fixed answers; what begins with {@code hang} is answered never. */
  private static final class Answers implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    final Map<String, String> texts = new ConcurrentHashMap<>();
    final List<String> paths = new CopyOnWriteArrayList<>();

    Answers() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/", this::answer);
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      String path = exchange.getRequestURI().getPath();
      paths.add(path);
      String text = texts.get(path);
      byte[] bytes = (text == null ? "403: not you" : text).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(text == null ? 403 : 200, 0);
      exchange.getResponseBody().write(bytes);
      if ("hang".equals(text)) {
        // Headers and some of the body are there, and the rest does not come.
        exchange.getResponseBody().flush();
        try {
          end.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      exchange.close();
    }

    Path kubeconfig(Path directory) throws IOException {
      return Files.writeString(
          directory.resolve("kubeconfig"),
          """
          current-context: c
          contexts: [{name: c, context: {cluster: c, user: u}}]
          clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
          users: [{name: u, user: {token: kubeconfigs-own-token}}]
          """
              .formatted(server.getAddress().getPort()));
    }

    @Override
    public void close() {
      end.countDown();
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private record Ran(int status, String out, String err, Map<String, String> entries) {}

  private Ran run(String... arguments) throws IOException {
    Path file = directory.resolve("d.tar.gz");
    CommandLine line = Main.commandLine("diags");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    List<String> all = new ArrayList<>(List.of("diags", "-o", file.toString()));
    all.addAll(List.of(arguments));
    int status = line.execute(all.toArray(String[]::new));
    return new Ran(
        status,
        out.toString(),
        err.toString(),
        Files.exists(file) ? TarText.read(Files.readAllBytes(file)) : Map.of());
  }

  private static Bundle bundle(ByteArrayOutputStream out) throws IOException {
    return new Bundle(out, "b", Instant.EPOCH, LONG);
  }

  @Test
  void leavesKeysTokensAndPasswordsOut() throws IOException {
    String inBase64 = Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Bundle bundle = bundle(out)) {
      bundle.add("key", () -> "before\n" + KEY + "after\n");
      bundle.add("begun", () -> "-----BEGIN PRIVATE KEY-----\nMHcCAQ");
      bundle.add("ended", () -> "HcCAQEEI\nBvs=\n-----END PRIVATE KEY-----\nafter\n");
      bundle.add("escaped", () -> "{\"k\": \"" + KEY.replace("\n", "\\n") + "\"}");
      bundle.add("base64", () -> "key: " + inBase64 + "\n");
      bundle.add("token", () -> "got " + TOKEN + " and Authorization: Bearer abcdef0123456789");
      bundle.add("fields", () -> "{\"token\": \"join0123456789\", \"name\": \"web\"}");
      bundle.add("inside", () -> "{\"a\": \"{\\\"password\\\":\\\"p%ss!w0rd\\\"}\"}");
      bundle.add("address", () -> "proxy http://user:pa55word@192.0.2.1:3128/");
      bundle.missing("x: Bearer abcdef0123456789");
    }
    assertThat(TarText.read(out.toByteArray()))
        .containsEntry("key", "before\n[left out]\nafter\n")
        .containsEntry("begun", "[left out]")
        .containsEntry("ended", "[left out]\nafter\n")
        .containsEntry("escaped", "{\"k\": \"[left out]\\n\"}")
        .containsEntry("base64", "key: [left out]\n")
        .containsEntry("token", "got [left out] and Authorization: Bearer [left out]")
        .containsEntry("fields", "{\"token\": \"[left out]\", \"name\": \"web\"}")
        .containsEntry("inside", "{\"a\": \"{\\\"password\\\":\\\"[left out]\\\"}\"}")
        .containsEntry("address", "proxy http://user:[left out]@192.0.2.1:3128/")
        .containsEntry("missing.txt", "x: Bearer [left out]\n");
  }

  @Test
  void saysWhatItCouldNotHaveAndKeepsTheEndsOfWhatIsLong() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String longText = "x".repeat(Bundle.MOST_BYTES_OF_ENTRY) + "END";
    try (Bundle bundle = bundle(out)) {
      bundle.add(
          "refused",
          () -> {
            throw new IOException("it is forbidden");
          });
      bundle.add("long", () -> longText);
    }
    Map<String, String> found = TarText.read(out.toByteArray());
    assertThat(found.get("missing.txt"))
        .contains("refused: ", "it is forbidden", "long: only its last");
    assertThat(found.get("long")).hasSize(Bundle.MOST_BYTES_OF_ENTRY).endsWith("END");
  }

  @Test
  void isFullAtSomeSizeAndSaysSo() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String text = "x".repeat(Bundle.MOST_BYTES_OF_ENTRY);
    try (Bundle bundle = bundle(out)) {
      for (int i = 0; i < 17; i++) {
        bundle.put("n" + i, text);
      }
      assertThat(bundle.problems())
          .singleElement()
          .asString()
          .startsWith("n16: the bundle is full");
    }
  }

  @Test
  void isReadByTar() throws IOException, InterruptedException {
    Path file = directory.resolve("b.tar.gz");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String pod = "p".repeat(90);
    try (Bundle bundle = bundle(out)) {
      bundle.add("logs/" + pod + "/agent.log", () -> "said\n");
    }
    Files.write(file, out.toByteArray());
    Process tar =
        new ProcessBuilder("tar", "-xzOf", file.toString(), "b/logs/" + pod + "/agent.log")
            .redirectErrorStream(true)
            .start();
    assertThat(new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("said\n");
    assertThat(tar.waitFor()).isZero();
  }

  @Test
  void showsPodsWithoutTheirInsides() throws IOException {
    JsonNode list =
        new ObjectMapper()
            .readTree(
                """
                {"items": [{"metadata": {"name": "web", "managedFields": [1], "annotations":
                  {"vault.example/key": "hidden", "cni.projectcalico.org/podIP": "10.0.0.1/32"}},
                 "spec": {"nodeName": "n1", "volumes": ["hidden"], "containers": [{"name": "c",
                  "env": [{"name": "A", "value": "hidden"}], "args": ["hidden"]}], "initContainers":
                  [{"name": "i", "command": ["hidden"]}]}, "status": {"containerStatuses": [{"lastState":
                  {"terminated": {"exitCode": 1, "message": "hidden"}}}]}}]}
                """);
    assertThat(ClusterDiags.shown(list).toString())
        .doesNotContain("hidden", "managedFields")
        .contains("podIP", "n1", "\"name\":\"c\"", "\"name\":\"i\"", "exitCode");
  }

  @Test
  void takesTheLogsOfOurPodsAndSaysWhatIsForbidden() throws IOException {
    try (Answers api = new Answers()) {
      api.texts.put("/version", "{\"gitVersion\": \"v1.33.0\"}");
      api.texts.put(
          "/api/v1/pods",
          """
          {"metadata": {"continue": "more"}, "items": [{"metadata": {"name": "a", "namespace": "s"},
           "status": {"containerStatuses": [{"name": "agent", "restartCount": 2}]}}]}
          """);
      api.texts.put("/api/v1/namespaces/s/pods/a/log", "joined with " + TOKEN + "\n");
      Ran ran = run("--only", "cluster", "--kubeconfig", api.kubeconfig(directory).toString());
      assertThat(ran.status()).isZero();
      assertThat(ran.out()).isEqualTo(directory.resolve("d.tar.gz") + "\n");
      assertThat(ran.entries())
          .containsEntry("logs/a/agent.log", "joined with [left out]\n")
          .containsKeys("logs/a/agent.previous.log", "cluster/pods.json", "versions.txt");
      assertThat(ran.entries().get("missing.txt"))
          .contains(
              "cluster/nodes.json: read /api/v1/nodes", "403", "pods.json: only the first 1000");
      assertThat(ran.err()).contains("ocicat: not in it: cluster/nodes.json");
      assertThat(ran.entries().toString()).doesNotContain("kubeconfigs-own-token");
      assertThat(api.paths)
          .noneMatch(path -> path.contains("secrets") || path.contains("configmaps"));
    }
  }

  @Test
  void endsInTimeThoughTheServerDoesNotEndItsAnswer() throws IOException {
    try (Answers api = new Answers()) {
      api.texts.put("/version", "{}");
      api.texts.put("/api/v1/nodes", "hang");
      long beginNs = System.nanoTime();
      Ran ran =
          run(
              "--only",
              "cluster",
              "--timeout",
              "10s",
              "--kubeconfig",
              api.kubeconfig(directory).toString());
      assertThat(Duration.ofNanos(System.nanoTime() - beginNs)).isLessThan(Duration.ofSeconds(30));
      assertThat(ran.status()).isZero();
      assertThat(ran.entries()).containsKey("cluster/version.json");
      assertThat(ran.entries().get("missing.txt"))
          .contains(
              "cluster/nodes.json: not there when the time was over",
              "cluster/events.json: not begun, for the time was over");
    }
  }

  @Test
  void worksWhereThereIsNoCluster() throws IOException {
    Ran ran = run("--only", "cluster", "--kubeconfig", directory.resolve("none").toString());
    assertThat(ran.status()).isZero();
    assertThat(ran.err()).contains("not in it: cluster: read the kubeconfig");
    assertThat(ran.entries().get("versions.txt")).contains("ocicat", "java 25");
    assertThat(ran.entries().get("missing.txt")).contains("cluster: ");
    assertThat(Files.getPosixFilePermissions(directory.resolve("d.tar.gz"))).hasSize(2);
  }

  @Test
  void asksAServerThatIsAwayOnlyOnce() throws IOException {
    Answers api = new Answers();
    String kubeconfig = api.kubeconfig(directory).toString();
    api.close();
    Ran ran = run("--only", "cluster", "--kubeconfig", kubeconfig);
    assertThat(ran.entries().getOrDefault("missing.txt", "").lines())
        .singleElement()
        .asString()
        .contains("cluster: read /version: no answer from http://127.0.0.1");
  }

  @Test
  void writesOverNoFile() throws IOException {
    Files.writeString(directory.resolve("d.tar.gz"), "mine");
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine("diags");
    line.setErr(new PrintWriter(err));
    int status =
        line.execute("diags", "--only", "node", "-o", directory.resolve("d.tar.gz").toString());
    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).contains("write " + directory, "FileAlreadyExists");
    assertThat(directory.resolve("d.tar.gz")).hasContent("mine");
  }
}
