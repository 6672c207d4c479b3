package io.ocicat.cli.lab;

import io.ocicat.lab.Lab;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ocicat lab serve}: started by {@code lab up}, not by people. */
@Command(
    name = "serve",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Answer for a lab's pods and send its probes; 'lab up' starts this.")
final class ServeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "The lab.")
  private String name = "";

  @Override
  public Integer call() {
    Lab.serve(name);
    return 0;
  }
}
