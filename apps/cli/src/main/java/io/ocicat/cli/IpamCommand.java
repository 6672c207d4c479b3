package io.ocicat.cli;

import picocli.CommandLine.Command;

/** {@code ocicat ipam show}. */
@Command(
    name = "ipam",
    mixinStandardHelpOptions = true,
    description = "Addresses: pools, blocks, and who holds them.",
    subcommands = IpamShowCommand.class,
    synopsisSubcommandLabel = "show")
final class IpamCommand {}
