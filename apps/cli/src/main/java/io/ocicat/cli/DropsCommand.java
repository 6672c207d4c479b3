package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.client.Documents;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ocicat drops [--follow]}. */
@Command(
    name = "drops",
    mixinStandardHelpOptions = true,
    description = "Show connections that policy denied, the newest last.",
    footer = {
      "",
      "Seen is what logging is on for, by the annotation ocicat.io/log-denied: \"true\" of a pod,"
          + " of its namespace, or of the policy that denies; and what rules with the action Log"
          + " match. What is alike is one line, counted; nodes report a bounded number a second.",
      "-o json prints one document, with --follow one document a line."
    })
final class DropsCommand implements Callable<Integer> {
  private static final String QUERY = "fieldSelector=reportingComponent%3Docicat-controller";

  /** The forms of an answer. */
  enum Form {
    table,
    wide,
    json
  }

  @Mixin private Server server = new Server();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Of the pods whose policy it was; else the context's.")
  private @Nullable String namespace;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Of all namespaces.")
  private boolean allNamespaces;

  @Option(names = "--pod", paramLabel = "NS/POD", description = "Only from or to this pod.")
  private @Nullable String pod;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on showing them as they come.")
  private boolean follow;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table, wide or json (default: table).")
  private Form form = Form.table;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (pod != null && !pod.matches("[^/]+/[^/]+")) {
      throw new ParameterException(spec.commandLine(), "--pod names a pod as NS/POD");
    }
    try (ApiClient client = server.connect()) {
      String in = in(client);
      JsonNode list = client.read(attempt(in, ""));
      List<DropEvent> drops = new ArrayList<>();
      list.path("items").forEach(item -> read(item, drops::add));
      drops.sort(Comparator.comparing(DropEvent::lastSeen));
      DropTable table = new DropTable(spec.commandLine().getOut(), form == Form.wide);
      show(drops, table);
      if (drops.isEmpty()) {
        spec.commandLine().getErr().println(new LoggedObjects(client).hint(in));
        spec.commandLine().getErr().flush();
      }
      if (follow) {
        follow(client, in, list, table);
      }
      return 0;
    }
  }

  private String in(ApiClient client) {
    if (allNamespaces) {
      return "";
    }
    if (namespace != null) {
      return namespace;
    }
    return pod == null ? client.kubeconfig().namespace() : pod.substring(0, pod.indexOf('/'));
  }

  private static ApiClient.Attempt attempt(String in, String more) {
    String path = in.isEmpty() ? "/api/v1/events" : "/api/v1/namespaces/" + in + "/events";
    return new ApiClient.Attempt(
        "list events" + (in.isEmpty() ? "" : " in " + in), path + "?" + QUERY + more);
  }

  private void read(JsonNode event, Consumer<DropEvent> receiver) {
    DropEvent.read(event).filter(drop -> pod == null || drop.concerns(pod)).ifPresent(receiver);
  }

  private void show(List<DropEvent> drops, DropTable table) {
    PrintWriter out = spec.commandLine().getOut();
    if (form != Form.json) {
      table.print(drops);
    } else if (follow) {
      drops.forEach(drop -> out.println(drop.json()));
    } else {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      ArrayNode items = answer.putArray("drops");
      drops.forEach(drop -> items.add(drop.json()));
      out.println(Documents.toJson(answer));
    }
    out.flush();
  }

  /** Until somebody stops it; begins again where the server ends a watch. */
  private void follow(ApiClient client, String in, JsonNode list, DropTable table) {
    String from = list.at("/metadata/resourceVersion").asText();
    Set<String> shown = new HashSet<>();
    list.path("items").forEach(item -> shown.add(version(item)));
    while (!Thread.currentThread().isInterrupted()) {
      Progress progress = new Progress(from);
      try {
        client.watch(
            attempt(in, "&watch=1&allowWatchBookmarks=true&resourceVersion=" + from),
            false,
            event -> progress.take(event, shown, table));
      } catch (ApiException e) {
        if (e.httpStatus() != 410) {
          throw e;
        }
        progress.isExpired = true;
      }
      from = progress.isExpired ? relist(client, in, shown, table) : progress.at;
    }
  }

  private static String version(JsonNode event) {
    return event.at("/metadata/uid").asText() + event.at("/metadata/resourceVersion").asText();
  }

  /** How far a watch has come. */
  private final class Progress {
    private String at;
    private boolean isExpired;

    Progress(String from) {
      this.at = from;
    }

    private boolean take(JsonNode event, Set<String> shown, DropTable table) {
      String type = event.path("type").asText();
      if (type.equals("ERROR")) {
        isExpired = true;
        return false;
      }
      JsonNode object = event.path("object");
      at = object.at("/metadata/resourceVersion").asText(at);
      if (type.equals("ADDED") || type.equals("MODIFIED")) {
        showNew(object, shown, table);
      }
      return true;
    }
  }

  private void showNew(JsonNode event, Set<String> shown, DropTable table) {
    if (shown.add(version(event))) {
      read(event, drop -> show(List.of(drop), table));
    }
  }

  private String relist(ApiClient client, String in, Set<String> shown, DropTable table) {
    JsonNode list = client.read(attempt(in, ""));
    Set<String> before = Set.copyOf(shown);
    shown.clear();
    for (JsonNode item : list.path("items")) {
      if (before.contains(version(item))) {
        shown.add(version(item));
      } else {
        showNew(item, shown, table);
      }
    }
    return list.at("/metadata/resourceVersion").asText();
  }
}
