package io.ocicat.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ocicat.controller.kubernetes.ClusterCleanup;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ClusterAccess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocicat controller cleanup}: what {@code helm uninstall} runs. */
@Command(
    name = "cleanup",
    mixinStandardHelpOptions = true,
    description = {
      "Have every node of the cluster cleaned up once there are no agents any more, by a DaemonSet",
      "that runs 'ocicat agent cleanup'. 'helm uninstall' does this."
    })
final class CleanupCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--daemonset",
      paramLabel = "FILE",
      required = true,
      description = "The DaemonSet to make; a pod of it is ready when its node is clean.")
  private Path daemonSet = Path.of("");

  @Option(
      names = "--agents",
      paramLabel = "NAME",
      defaultValue = "ocicat-agent",
      description = "The agents' DaemonSet, which has to be gone (${DEFAULT-VALUE}).")
  private String agents = "";

  @Option(
      names = "--wait-seconds",
      defaultValue = "240",
      description = "How long all nodes together may take (${DEFAULT-VALUE}).")
  private int waitSeconds;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, String> environment = System.getenv();
    ClusterCleanup.Owner owner =
        new ClusterCleanup.Owner(
            environment.getOrDefault("OCICAT_POD_NAME", ""),
            environment.getOrDefault("OCICAT_POD_UID", ""));
    try (ApiServer server = ClusterAccess.fromEnvironment()) {
      ClusterCleanup.Outcome outcome =
          new ClusterCleanup(server, agents)
              .run(
                  read(),
                  owner,
                  Duration.ofSeconds(waitSeconds),
                  words -> {
                    out.println(words);
                    out.flush();
                  });
      String words =
          switch (outcome) {
            case ClusterCleanup.Outcome.Cleaned(long nodes) -> nodes + " nodes are clean";
            case ClusterCleanup.Outcome.AgentsRun(String name) ->
                "nothing was cleaned up: there is still the DaemonSet "
                    + name
                    + "; delete it first";
            case ClusterCleanup.Outcome.Unfinished(String state) ->
                "not every node was cleaned up: "
                    + state
                    + "; once the others are back, run 'ocicat agent cleanup' on them or apply deploy/manifests/cleanup.yaml";
          };
      out.println(words);
      out.flush();
      return outcome instanceof ClusterCleanup.Outcome.Cleaned ? 0 : 1;
    }
  }

  private ObjectNode read() {
    try {
      JsonNode document = new YAMLMapper().readTree(daemonSet.toFile());
      if (document instanceof ObjectNode object) {
        return object;
      }
      throw new IOException("it has no document");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + daemonSet, e);
    }
  }
}
