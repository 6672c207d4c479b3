package io.ocicat.bench;

import io.ocicat.cli.CommandSource;
import picocli.CommandLine.Command;

/** Adds {@code ocicat bench}. */
public final class BenchCommands implements CommandSource {

  /** {@code ocicat bench}: a name for what is below it. */
  @Command(
      name = "bench",
      description = "Measure Ocicat against its peers and the bare kernel.",
      mixinStandardHelpOptions = true,
      subcommands = {
        CniBenchCommand.class,
        PolicyBenchCommand.class,
        ExplainBenchCommand.class,
        BgpBenchCommand.class
      })
  static final class Bench {}

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public Object command() {
    return new Bench();
  }
}
