package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.client.ApiClient;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --wait [--timeout 30s]}: until every ready node enforces a revision. */
final class WaitOptions {
  @Option(names = "--wait", description = "Return when every ready node enforces the change.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "How long to wait at most (default: 30s).")
  private Duration timeout = Duration.ofSeconds(30);

  boolean wanted() {
    return wait;
  }

  /** The store's revision that a written object carries. */
  static long revision(JsonNode object) {
    String version = object.path("metadata").path("resourceVersion").asText("");
    return version.matches("\\d{1,18}") ? Long.parseLong(version) : 0;
  }

  /** Waits; answers whether it came to pass, and if not tells {@code err} which nodes lag. */
  boolean await(ApiClient client, long revision, PrintWriter err) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      List<String> lagging = lagging(StatusCommand.read(client), revision);
      if (lagging.isEmpty()) {
        return true;
      }
      if (System.nanoTime() > deadline) {
        err.println(
            "ocicat: wait for revision "
                + revision
                + " on every node: after "
                + timeout.toSeconds()
                + " s not enforced by "
                + String.join(", ", lagging)
                + "; look at 'ocicat node status' and at the logs of those agents");
        return false;
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  private static List<String> lagging(JsonNode status, long revision) {
    List<String> lagging = new ArrayList<>();
    for (JsonNode node : status.path("nodes")) {
      long reached = node.path("policyGeneration").asLong();
      if (node.path("ready").asBoolean() && reached < revision) {
        lagging.add(node.path("name").asText() + " (at " + reached + ")");
      }
    }
    return lagging;
  }
}
