package io.ocicat.cli.lab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ocicat.cli.OutputOption;
import io.ocicat.client.Documents;
import io.ocicat.lab.Lab;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ocicat lab list}. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Name the labs there are.")
final class ListCommand implements Callable<Integer> {
  @Mixin private OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (output.json()) {
      ArrayNode names = JsonNodeFactory.instance.arrayNode();
      Lab.names().forEach(names::add);
      out.println(Documents.toJson(names));
    } else {
      Lab.names().forEach(out::println);
    }
    out.flush();
    return 0;
  }
}
