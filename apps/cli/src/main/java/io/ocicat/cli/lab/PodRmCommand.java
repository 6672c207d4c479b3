package io.ocicat.cli.lab;

import io.ocicat.cli.Refusal;
import io.ocicat.lab.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat lab pod rm}. */
@Command(
    name = "rm",
    mixinStandardHelpOptions = true,
    description = "Remove pods: a CNI DEL, their namespaces, their API objects.")
final class PodRmCommand implements Callable<Integer> {
  @Mixin private LabOption option = new LabOption();

  @Parameters(arity = "1..*", paramLabel = "[NS/]NAME", description = "Their names.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      defaultValue = "",
      description = "Their namespace (default: default).")
  private String namespace = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Lab lab = option.attach();
    for (String each : names) {
      PodName pod = PodName.of(each, namespace);
      if (!lab.pods().remove(pod.namespace(), pod.name())) {
        throw new Refusal(
            "remove pod %s/%s: lab '%s' has none of that name"
                .formatted(pod.namespace(), pod.name(), lab.name()));
      }
      spec.commandLine().getOut().println("pod/" + pod.name() + " removed");
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
