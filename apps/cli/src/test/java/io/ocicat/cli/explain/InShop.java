package io.ocicat.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.cli.TestCommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A small cluster behind our own API, of which flows are explained. */
abstract class InShop {

  @TempDir private Path directory = Path.of("");
  private final List<OwnApi> open = new ArrayList<>();

  @BeforeEach
  void start() {
    OwnApi api = new OwnApi(directory);
    open.add(api);
    for (String namespace : List.of("shop", "other")) {
      api.create("{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(namespace));
    }
    api.create(
        "{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 172.16.0.1}]}}");
    pod("shop", "client", "10.0.0.1", "app: client");
    pod("shop", "web", "10.0.0.2", "app: web");
    pod("shop", "db", "10.0.0.3", "app: db");
    pod("other", "guest", "10.0.1.1", "app: guest");
  }

  @AfterEach
  void stop() {
    open.forEach(OwnApi::close);
  }

  final OwnApi api() {
    return open.getFirst();
  }

  final void pod(String namespace, String name, String address, String labels) {
    api()
        .create(
            """
            apiVersion: v1
            kind: Pod
            metadata: {namespace: %s, name: %s, labels: {%s}}
            spec: {nodeName: n1, containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
            status: {phase: Running, podIP: %s, podIPs: [{ip: %s}]}
            """
                .formatted(namespace, name, labels, address, address));
  }

  final void networkPolicy(String name, String spec) {
    api()
        .create(
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name: %s}, spec: %s}"
                .formatted(name, spec));
  }

  final TestCommandLine.Ran explain(String from, String to, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "explain",
                "--kubeconfig",
                api().kubeconfig().toString(),
                "--from",
                from,
                "--to",
                to));
    words.addAll(List.of(more));
    return TestCommandLine.run(words);
  }

  final JsonNode json(String from, String to, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of(more));
    words.addAll(List.of("-o", "json"));
    TestCommandLine.Ran ran = explain(from, to, words.toArray(String[]::new));
    assertThat(ran.status()).as(ran.err()).isZero();
    return new ObjectMapper().readTree(ran.out());
  }

  static List<String> decidedBy(JsonNode answer) {
    JsonNode decided = answer.path("decidedBy");
    return List.of(
        decided.path("direction").asText(),
        decided.path("tier").asText(),
        decided.path("kind").asText(),
        decided.path("namespace").asText(),
        decided.path("name").asText(),
        decided.path("rule").asText());
  }

  final Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
