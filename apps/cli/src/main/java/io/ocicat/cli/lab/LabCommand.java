package io.ocicat.cli.lab;

import picocli.CommandLine.Command;

/** {@code ocicat lab}. */
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    description = "A cluster on this machine, made of network namespaces. Needs root.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      ListCommand.class,
      DemoCommand.class,
      PodCommand.class,
      ExecCommand.class,
      ProbeCommand.class,
      MatrixCommand.class,
      ServeCommand.class
    })
public final class LabCommand {}
