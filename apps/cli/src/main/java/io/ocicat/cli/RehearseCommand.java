package io.ocicat.cli;

import io.ocicat.lab.Rehearsal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code ocicat rehearse}: for the build, not for people. */
@Command(
    name = "rehearse",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Play every role once, for the JVM's start-up cache.")
final class RehearseCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    Rehearsal.run(Main::run);
    return 0;
  }
}
