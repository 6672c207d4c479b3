package io.ocicat.cli;

import io.ocicat.agent.AgentMain;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ocicat agent}. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description = "Run a node's agent: wire pods, enforce policy, until it is told to end.")
final class AgentCommand implements Callable<Integer> {
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
}
