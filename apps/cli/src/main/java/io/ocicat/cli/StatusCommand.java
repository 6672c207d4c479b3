package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.Documents;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ocicat status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Tell whether the cluster is ready and how far each node enforces policy.",
    footer = {"", "Exit status 1 if a node is not ready."})
final class StatusCommand implements Callable<Integer> {
  @Mixin private Server server = new Server();
  @Mixin private OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (ApiClient client = server.connect()) {
      JsonNode status = new ClusterView(client).read();
      boolean ready = status.path("ready").asBoolean();
      if (output.json()) {
        out.println(Documents.toJson(status));
      } else {
        List<String> behind = new ArrayList<>();
        List<String> away = new ArrayList<>();
        long generation = status.path("policyGeneration").asLong();
        for (JsonNode node : status.path("nodes")) {
          String name = node.path("name").asText();
          if (!node.path("ready").asBoolean()) {
            away.add(name);
          } else if (node.path("policyGeneration").asLong() < generation) {
            behind.add(name);
          }
        }
        // Of very many nodes an object of Kubernetes lists only some.
        int nodes = status.path("nodeCount").asInt(status.path("nodes").size());
        int readyNodes = status.path("readyNodeCount").asInt(nodes - away.size());
        Duration silence = ClusterView.silence(status);
        out.println(ready ? "ready" : "not ready");
        if (!silence.isZero()) {
          out.println(
              "controller: none has said anything for "
                  + silence.toSeconds()
                  + " s; what follows is older than that");
        } else if (status.has("controller")) {
          out.println(
              "controller: "
                  + status.path("controller").asText()
                  + ", version "
                  + status.path("version").asText());
        }
        out.println("nodes: " + readyNodes + " of " + nodes + " ready" + named(away, "away"));
        out.println(
            "policy: generation "
                + generation
                + (behind.isEmpty()
                    ? ", enforced on every ready node"
                    : named(behind, "on the way to")));
      }
      out.flush();
      return ready ? 0 : 1;
    }
  }

  private static String named(List<String> nodes, String what) {
    return nodes.isEmpty() ? "" : ", " + what + ": " + String.join(", ", nodes);
  }
}
