package io.ocicat.cli.lab;

import picocli.CommandLine.Command;

/** {@code ocicat lab pod}. */
@Command(
    name = "pod",
    mixinStandardHelpOptions = true,
    description = "Pods of a lab.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {PodAddCommand.class, PodRmCommand.class, PodListCommand.class})
final class PodCommand {}
