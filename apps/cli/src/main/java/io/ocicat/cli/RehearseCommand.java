package io.ocicat.cli;

import io.ocicat.lab.Rehearsal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ocicat rehearse}: for the build, not for people. */
@Command(
    name = "rehearse",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Play every role once, for the JVM's start-up cache.")
final class RehearseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIRECTORY", description = "An empty directory to work in.")
  private Path directory = Path.of("");

  @Option(names = "--commands", description = "Play the commands; another process serves.")
  private boolean commands;

  @Option(names = "--bgp", description = "Play a BGP speaker on its own.")
  private boolean bgp;

  @Override
  public Integer call() {
    if (bgp) {
      io.ocicat.bgpd.Rehearsal.play(Main::run, directory);
    } else if (commands) {
      Rehearsal.commands(Main::run, directory);
    } else {
      Rehearsal.servers(Main::run, directory);
    }
    return 0;
  }
}
