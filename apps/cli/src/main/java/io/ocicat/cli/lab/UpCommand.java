package io.ocicat.cli.lab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.cli.OutputOption;
import io.ocicat.client.Documents;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabSpec;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat lab up}. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Bring a lab up; return when every node is ready.",
    footer = {
      "",
      "Nodes and pods have IPv4 and IPv6 addresses; with --ipv6 they have IPv6 alone.",
      "Most of the time goes to the start of JVMs: a controller, an agent for each node, and the responder of the pods.",
      "In the JSON document \"ui\" is empty: the controller serves no pages for people yet."
    })
final class UpCommand implements Callable<Integer> {
  /** Where objects are kept. */
  enum Store {
    sqlite
  }

  /** How nodes learn routes. */
  enum Routes {
    direct(LabSpec.Routes.DIRECT),
    bgp(LabSpec.Routes.BGP);

    private final LabSpec.Routes meaning;

    Routes(LabSpec.Routes meaning) {
      this.meaning = meaning;
    }
  }

  @Mixin private OutputOption output = new OutputOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      defaultValue = LabSpec.DEFAULT_NAME,
      description = "Its name (default: ${DEFAULT-VALUE}).")
  private String name = LabSpec.DEFAULT_NAME;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many nodes (default: 3).")
  private int nodes = 3;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      defaultValue = "sqlite",
      description = "Where objects are kept: ${COMPLETION-CANDIDATES}.")
  private Store store = Store.sqlite;

  @Option(
      names = "--routes",
      paramLabel = "HOW",
      defaultValue = "direct",
      description = "How nodes learn routes: ${COMPLETION-CANDIDATES}.")
  private Routes routes = Routes.direct;

  @Option(names = "--ipv6", description = "IPv6 alone, for nodes and pods.")
  private boolean ipv6;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (nodes < 1) {
      throw new ParameterException(spec.commandLine(), "--nodes must be at least 1");
    }
    LabOption.requireRoot();
    PrintWriter out = spec.commandLine().getOut();
    Clock clock = new Clock(spec.commandLine().getErr());
    LabSpec.Families families = ipv6 ? LabSpec.Families.IPV6 : LabSpec.Families.DUAL_STACK;
    Lab lab = Lab.up(new LabSpec(name, nodes, families, routes.meaning), clock::step);
    if (output.json()) {
      ObjectNode document = lab.describe();
      document.put("store", store.name());
      document.put("routes", routes.name());
      out.println(Documents.toJson(document));
    } else {
      boolean only = Lab.names().size() == 1;
      String option = only ? "" : " --lab " + name;
      out.printf(
          "Lab '%s' is up with %d node%s, after %.1f s.%n",
          name, lab.nodes().size(), lab.nodes().size() == 1 ? "" : "s", clock.seconds());
      line(out, "ocicat lab pod add web" + option, "a pod that answers on port 80");
      line(out, "ocicat lab matrix" + option, "who reaches whom");
      line(out, "ocicat node status" + option, "how the nodes are");
      line(out, "ocicat lab down" + (only ? "" : " " + name), "remove every trace of it");
      out.println("  kubectl --kubeconfig " + lab.kubeconfig() + " get nodes");
    }
    out.flush();
    return 0;
  }

  private static void line(PrintWriter out, String command, String what) {
    out.printf("  %-45s %s%n", command, what);
  }
}
