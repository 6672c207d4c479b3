package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.Documents;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat policy verify}. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = "Policy on the nodes.",
    synopsisSubcommandLabel = "verify")
final class PolicyCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description =
          "Have every node read nftables back and compare it with what policy asks for; exit status 1 if one"
              + " differs or does not answer.",
      footer = {
        "",
        "A node that finds a difference tells of it and then puts it right, so that the next verify is clean."
            + " REPAIRED counts differences put right since its agent began, those found by itself included."
      })
  int verify(
      @Mixin Server server,
      @Mixin OutputOption output,
      @Option(
              names = "--timeout",
              paramLabel = "TIME",
              defaultValue = "10s",
              converter = DurationConverter.class,
              description = "How long to wait for the nodes at most (default: 10s).")
          Duration timeout,
      @Parameters(arity = "0..*", paramLabel = "NODE", description = "Only these.")
          @Nullable List<String> only) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (ApiClient client = server.connect()) {
      PolicyInspector inspector =
          new PolicyInspector(
              client,
              sentence -> {
                err.println("ocicat: " + sentence);
                err.flush();
              });
      JsonNode status = inspector.ask(List.of(), only == null ? List.of() : only, timeout);
      List<ObjectNode> nodes = nodes(status);
      boolean verified =
          !nodes.isEmpty() && nodes.stream().allMatch(node -> node.path("verified").asBoolean());
      if (output.json()) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("verified", verified);
        ArrayNode list = answer.putArray("nodes");
        nodes.forEach(list::add);
        out.println(Documents.toJson(answer));
      } else if (nodes.isEmpty()) {
        err.println("ocicat: verify policy: no node is known, or no controller answers");
      } else {
        print(out, nodes);
      }
      out.flush();
      err.flush();
      return verified ? 0 : 1;
    }
  }

  private static List<ObjectNode> nodes(JsonNode status) {
    List<ObjectNode> nodes = new ArrayList<>();
    for (JsonNode answer : status.path("nodes")) {
      ObjectNode node = answer.deepCopy();
      node.remove("counters");
      nodes.add(node.put("answered", true));
    }
    for (JsonNode name : status.path("waitingFor")) {
      nodes.add(
          JsonNodeFactory.instance
              .objectNode()
              .put("name", name.asText())
              .put("verified", false)
              .put("answered", false));
    }
    return nodes;
  }

  private static void print(PrintWriter out, List<ObjectNode> nodes) {
    List<List<String>> rows = new ArrayList<>();
    for (ObjectNode node : nodes) {
      rows.add(
          List.of(
              node.path("name").asText(),
              verdict(node),
              node.path("generation").asText("-"),
              node.path("repaired").asText("-")));
    }
    TablePrinter.onTerminal(out).print(List.of("node", "nftables", "generation", "repaired"), rows);
    for (ObjectNode node : nodes) {
      list(out, node, "differences", "is not what policy asks for");
      list(out, node, "lastRepaired", "had been changed by others, and was put right");
    }
  }

  private static String verdict(ObjectNode node) {
    if (!node.path("answered").asBoolean()) {
      return "no answer";
    }
    long differences = node.path("differenceCount").asLong();
    return node.path("verified").asBoolean()
        ? "as it should be"
        : differences == 1 ? "1 difference" : differences + " differences";
  }

  private static void list(PrintWriter out, ObjectNode node, String field, String what) {
    if (node.path(field).isEmpty()) {
      return;
    }
    out.println();
    out.println(node.path("name").asText() + " " + what + ":");
    node.path(field).forEach(each -> out.println("  " + each.asText()));
  }
}
