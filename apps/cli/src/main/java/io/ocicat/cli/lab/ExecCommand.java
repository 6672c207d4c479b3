package io.ocicat.cli.lab;

import io.ocicat.lab.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat lab exec}. */
@Command(
    name = "exec",
    mixinStandardHelpOptions = true,
    description = "Run a program inside a pod's or a node's namespace; its exit status is ours.",
    customSynopsis = "ocicat lab exec [--lab NAME] [NS/]POD|node:NODE -- PROGRAM [ARGUMENT…]")
final class ExecCommand implements Callable<Integer> {
  @Mixin private LabOption option = new LabOption();

  @Parameters(index = "0", paramLabel = "[NS/]POD|node:NODE", description = "Where.")
  private String place = "";

  @Parameters(index = "1..*", paramLabel = "PROGRAM", description = "What to run.")
  private List<String> command = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (command.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "say what to run: ocicat lab exec " + place + " -- PROGRAM …");
    }
    Lab lab = option.attach();
    return lab.traffic().exec(place, command);
  }
}
