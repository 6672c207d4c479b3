package io.ocicat.cli.lab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ocicat.cli.OutputOption;
import io.ocicat.cli.TablePrinter;
import io.ocicat.client.Documents;
import io.ocicat.lab.LabPods;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ocicat lab pod list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List the lab's pods with their nodes, addresses and namespaces.")
final class PodListCommand implements Callable<Integer> {
  @Mixin private LabOption lab = new LabOption();
  @Mixin private OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<LabPods.Added> pods = lab.attach().pods().list();
    if (output.json()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      pods.forEach(pod -> array.add(PodAddCommand.describe(pod)));
      out.println(Documents.toJson(array));
    } else {
      TablePrinter.onTerminal(out)
          .print(
              List.of("namespace", "name", "node", "addresses", "netns"),
              pods.stream()
                  .map(
                      pod ->
                          List.of(
                              pod.namespace(),
                              pod.name(),
                              pod.node(),
                              String.join(
                                  ",", pod.addresses().stream().map(Object::toString).toList()),
                              pod.netns().toString()))
                  .toList());
    }
    out.flush();
    return 0;
  }
}
