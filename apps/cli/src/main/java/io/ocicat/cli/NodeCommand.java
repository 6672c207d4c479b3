package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.Documents;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat node status}. */
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    description = "The nodes.",
    synopsisSubcommandLabel = "status")
final class NodeCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Tell how each node is; exit status 1 if one is not ready.",
      footer = {
        "",
        "DRIFT REPAIRED, shown once there was any, counts what others changed in the node's kernel and the agent put right again, by kind."
      })
  int status(
      @Mixin Server server,
      @Mixin OutputOption output,
      @Parameters(arity = "0..*", paramLabel = "NODE", description = "Only these.")
          List<String> only) {
    PrintWriter out = spec.commandLine().getOut();
    try (ApiClient client = server.connect()) {
      JsonNode status = new ClusterView(client).read();
      List<JsonNode> nodes = new ArrayList<>();
      for (JsonNode node : status.path("nodes")) {
        if (only == null || only.isEmpty() || only.contains(node.path("name").asText())) {
          nodes.add(node);
        }
      }
      if (only != null && nodes.size() < only.size()) {
        throw new Refusal(
            "find the nodes "
                + String.join(", ", only)
                + ": not all are known; 'ocicat get nodes' lists them");
      }
      if (output.json()) {
        com.fasterxml.jackson.databind.node.ArrayNode array =
            com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
        array.addAll(nodes);
        out.println(Documents.toJson(array));
      } else {
        TablePrinter.onTerminal(out)
            .print(header(nodes).stream().map(NodeCommand::title).toList(), rows(nodes));
        int unlisted = status.path("nodeCount").asInt() - status.path("nodes").size();
        if (unlisted > 0 && (only == null || only.isEmpty())) {
          out.println("and " + unlisted + " more, with which less is wrong");
        }
      }
      out.flush();
      return nodes.stream().allMatch(node -> node.path("ready").asBoolean()) ? 0 : 1;
    }
  }

  /** Every field that any node has something in, in the order reported. */
  private static List<String> header(List<JsonNode> nodes) {
    List<String> names = new ArrayList<>(List.of("name", "ready", "policyGeneration"));
    for (JsonNode node : nodes) {
      node.properties().stream()
          .filter(field -> !names.contains(field.getKey()) && !cell(field.getValue()).isEmpty())
          .forEach(field -> names.add(field.getKey()));
    }
    return names;
  }

  /** {@code policyGeneration} as {@code policy Generation}; the counters are those of repairs. */
  private static String title(String field) {
    return field.equals("counters")
        ? "drift repaired"
        : field.replaceAll("([a-z])([A-Z])", "$1 $2");
  }

  private static List<List<String>> rows(List<JsonNode> nodes) {
    List<String> names = header(nodes);
    return nodes.stream()
        .map(node -> names.stream().map(name -> cell(node.path(name))).toList())
        .toList();
  }

  /** Counters as {@code nft=1, route=2}, problems as a list. */
  private static String cell(JsonNode value) {
    List<String> parts = new ArrayList<>();
    if (value.isObject()) {
      value.properties().forEach(each -> parts.add(each.getKey() + "=" + cell(each.getValue())));
    } else if (value.isArray()) {
      value.forEach(each -> parts.add(cell(each)));
    } else {
      return value.asText("");
    }
    return String.join(", ", parts);
  }
}
