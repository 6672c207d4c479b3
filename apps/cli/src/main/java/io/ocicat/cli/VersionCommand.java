package io.ocicat.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.Documents;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ocicat version}. */
@Command(
    name = "version",
    mixinStandardHelpOptions = true,
    description = "Print the version of this program and of the JVM that runs it.")
final class VersionCommand implements Callable<Integer>, IVersionProvider {
  @Mixin private OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (output.json()) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("version", version());
      document.put("java", Runtime.version().toString());
      out.println(Documents.toJson(document));
    } else {
      out.println("ocicat " + version() + " on Java " + Runtime.version());
    }
    out.flush();
    return 0;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"ocicat " + version()};
  }

  private static String version() {
    @Nullable String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
