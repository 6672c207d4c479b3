package io.ocicat.cli.lab;

import io.ocicat.lab.Lab;
import io.ocicat.lab.LabSpec;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat lab down}. */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Remove all of a lab: processes, namespaces, files. Also one that was killed.")
final class DownCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Its name (default: the only one there is).")
  private @Nullable String name;

  @Option(names = "--lab", hidden = true, paramLabel = "NAME", description = "Its name.")
  private @Nullable String lab;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (name != null && lab != null && !name.equals(lab)) {
      throw new ParameterException(
          spec.commandLine(), "name one lab: not both '" + name + "' and '" + lab + "'");
    }
    LabOption.requireRoot();
    Clock clock = new Clock(spec.commandLine().getErr());
    String chosen = name != null ? name : lab != null ? lab : onlyOne();
    Lab.down(chosen);
    clock.step("lab '" + chosen + "' is gone");
    return 0;
  }

  private static String onlyOne() {
    List<String> labs = Lab.names();
    if (labs.size() > 1) {
      throw new io.ocicat.cli.Refusal(
          "choose a lab to take down: there are " + String.join(", ", labs) + "; name one");
    }
    return labs.isEmpty() ? LabSpec.DEFAULT_NAME : labs.getFirst();
  }
}
