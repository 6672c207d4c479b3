package io.ocicat.cli;

import io.ocicat.agent.AgentConfig;
import io.ocicat.agent.AgentConfigReader;
import io.ocicat.agent.AgentMain;
import io.ocicat.agent.NodeCleanup;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ocicat agent}. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description = "Run a node's agent: wire pods, enforce policy, until it is told to end.")
final class AgentCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(200);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "/etc/ocicat/agent.yaml",
      description = "The configuration (${DEFAULT-VALUE}).")
  private Path config = AgentMain.DEFAULT_CONFIG;

  @Override
  public Integer call() {
    return AgentMain.run(config, System.err);
  }

  /** {@code ocicat agent cleanup}. */
  @Command(
      name = "cleanup",
      mixinStandardHelpOptions = true,
      description = {
        "Give this node back as it was before it had an agent: remove links of pods, routes, rules,",
        "the nftables table, the CNI plugin and its configuration, and the agent's state; put kernel",
        "parameters back. Pods that still run here lose their network."
      })
  int cleanup(
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description =
                  "The agent's configuration, for its folders (/etc/ocicat/agent.yaml; if there is none, the usual folders).")
          @Nullable Path file,
      @Option(
              names = "--cni-bin-dir",
              paramLabel = "DIRECTORY",
              description = "Where the CNI plugin is, instead of what the configuration says.")
          @Nullable Path cniBin,
      @Option(
              names = "--cni-conf-dir",
              paramLabel = "DIRECTORY",
              description = "Where its configuration is, likewise.")
          @Nullable Path cniConf,
      @Option(
              names = "--wait",
              paramLabel = "TIME",
              defaultValue = "0s",
              converter = DurationConverter.class,
              description =
                  "How long an agent that runs may take to end (${DEFAULT-VALUE}: refuse at once).")
          Duration patience)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    AgentConfig.Folders configured = folders(file);
    AgentConfig.Folders folders =
        new AgentConfig.Folders(
            configured.state(),
            configured.run(),
            Optional.ofNullable(cniBin).orElse(configured.cniBin()),
            Optional.ofNullable(cniConf).orElse(configured.cniConf()));
    return switch (cleanup(folders, patience)) {
      case NodeCleanup.Outcome.AgentRuns(String reason) ->
          throw new Refusal(
              "clean this node up: "
                  + reason
                  + "; end it first, by 'systemctl stop ocicat-agent' or by deleting the DaemonSet");
      case NodeCleanup.Outcome.Cleaned(var removed, var problems) -> {
        removed.forEach(each -> out.println("removed: " + each));
        if (problems.isEmpty()) {
          out.println(
              removed.isEmpty()
                  ? "there is nothing of Ocicat on this node"
                  : "nothing of Ocicat is left on this node");
        } else {
          problems.forEach(each -> out.println("not removed: " + each));
          out.println("something is left; 'ocicat agent cleanup' tries again");
        }
        out.flush();
        yield problems.isEmpty() ? 0 : 1;
      }
    };
  }

  private static AgentConfig.Folders folders(@Nullable Path file) {
    if (file != null) {
      return AgentConfigReader.readFolders(file);
    }
    return Files.exists(AgentMain.DEFAULT_CONFIG)
        ? AgentConfigReader.readFolders(AgentMain.DEFAULT_CONFIG)
        : AgentConfig.Folders.DEFAULT;
  }

  private static NodeCleanup.Outcome cleanup(AgentConfig.Folders folders, Duration patience)
      throws InterruptedException {
    long endNs = System.nanoTime() + patience.toNanos();
    while (true) {
      NodeCleanup.Outcome outcome = NodeCleanup.run(folders);
      if (outcome instanceof NodeCleanup.Outcome.Cleaned || System.nanoTime() - endNs >= 0) {
        return outcome;
      }
      Thread.sleep(POLL);
    }
  }
}
