package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.client.ApiResource;
import io.ocicat.client.Discovery;
import io.ocicat.client.Documents;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat get KIND [NAME…]}. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "List objects of a kind, or show those named.")
final class GetCommand implements Callable<Integer> {
  /** The forms of an answer. */
  enum Form {
    table,
    wide,
    yaml,
    json,
    name
  }

  @Mixin private Server server = new Server();

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      completionCandidates = KindWords.class,
      description = "pods, netpol, ippools, …")
  private String kind = "";

  @Parameters(index = "1..*", paramLabel = "NAME", description = "The names; none for all.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "The namespace; else the context's.")
  private @Nullable String namespace;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "In all namespaces.")
  private boolean allNamespaces;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table, wide, yaml, json or name (default: table).")
  private Form form = Form.table;

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "SELECTOR",
      defaultValue = "",
      description = "Only objects whose labels this selects: app=web,tier!=db.")
  private String selector = "";

  @Option(
      names = "--field-selector",
      paramLabel = "SELECTOR",
      defaultValue = "",
      description = "Only objects whose fields this selects: spec.nodeName=node-1.")
  private String fieldSelector = "";

  @Option(
      names = {"-w", "--watch"},
      description = "Then go on and print changes.")
  private boolean watch;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try (ApiClient client = server.connect()) {
      Discovery discovery = new Discovery(client);
      boolean derived = DerivedEndpoints.isCalled(kind) && discovery.named(kind).isEmpty();
      ApiResource resource = derived ? DerivedEndpoints.resource() : resource(discovery, kind);
      String in =
          allNamespaces ? "" : namespace == null ? client.kubeconfig().namespace() : namespace;
      if (resource.namespaced() && allNamespaces && !names.isEmpty()) {
        throw new Refusal(
            "get "
                + kind
                + " by name: a name is looked for in one namespace; give -n instead of -A");
      }
      boolean table = form == Form.table || form == Form.wide;
      int failed = 0;
      List<JsonNode> answers = new ArrayList<>();
      if (derived) {
        answers.addAll(derived(new DerivedEndpoints(client), in, table));
      }
      for (ApiClient.Attempt attempt :
          derived ? List.<ApiClient.Attempt>of() : attempts(resource, in)) {
        try {
          answers.add(table ? client.readTable(attempt) : client.read(attempt));
        } catch (ApiException e) {
          if (!e.notFound() || names.isEmpty()) {
            throw e;
          }
          failed++;
          spec.commandLine().getErr().println("ocicat: " + e.headline());
        }
      }
      ObjectTables tables =
          new ObjectTables(
              new TablePrinter(spec.commandLine().getOut(), Terminal.widthColumns()),
              form == Form.wide,
              resource.namespaced() && allNamespaces);
      if (!answers.isEmpty()) {
        show(resource, answers, tables);
      }
      if (watch && derived) {
        throw new Refusal(
            "watch " + kind + ": they follow from pods here; watch those: 'ocicat get pods -w'");
      }
      if (watch) {
        follow(client, resource, in, answers, tables);
      }
      return failed > 0 ? 1 : 0;
    }
  }

  /** One table, or one list, of what follows from pods. */
  private List<JsonNode> derived(DerivedEndpoints endpoints, String in, boolean table) {
    List<JsonNode> found = new ArrayList<>(endpoints.list(in, queryParts()));
    for (String name : names) {
      if (found.stream().noneMatch(each -> isNamed(each, name))) {
        throw new Refusal("read " + kind + " " + in + "/" + name + ": no pod here leads to it");
      }
    }
    found.removeIf(each -> !names.isEmpty() && names.stream().noneMatch(n -> isNamed(each, n)));
    if (table) {
      return List.of(DerivedEndpoints.table(found));
    }
    return names.isEmpty() ? List.of(DerivedEndpoints.list(found)) : found;
  }

  private static boolean isNamed(JsonNode object, String name) {
    return object.path("metadata").path("name").asText().equals(name);
  }

  /** The kind that a person calls {@code name}. */
  static ApiResource resource(Discovery discovery, String name) {
    return discovery
        .named(name)
        .orElseThrow(
            () ->
                new Refusal(
                    "get "
                        + name
                        + ": the server has no such kind; it has "
                        + discovery.all().stream()
                            .map(ApiResource::plural)
                            .distinct()
                            .collect(Collectors.joining(", "))));
  }

  private List<ApiClient.Attempt> attempts(ApiResource resource, String in) {
    String where = in.isEmpty() || !resource.namespaced() ? "" : in + "/";
    if (names.isEmpty()) {
      return List.of(
          new ApiClient.Attempt(
              "list " + resource.plural() + (where.isEmpty() ? "" : " in " + in),
              resource.collectionPath(in) + query("")));
    }
    return names.stream()
        .map(
            name ->
                new ApiClient.Attempt(
                    "read " + resource.plural() + " " + where + name,
                    resource.objectPath(in, name)))
        .toList();
  }

  private List<String> queryParts() {
    List<String> parts = new ArrayList<>();
    if (!selector.isEmpty()) {
      parts.add("labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8));
    }
    if (!fieldSelector.isEmpty()) {
      parts.add("fieldSelector=" + URLEncoder.encode(fieldSelector, StandardCharsets.UTF_8));
    }
    return parts;
  }

  private String query(String more) {
    List<String> parts = new ArrayList<>(queryParts());
    if (!more.isEmpty()) {
      parts.add(more);
    }
    return parts.isEmpty() ? "" : "?" + String.join("&", parts);
  }

  private void show(ApiResource resource, List<JsonNode> answers, ObjectTables tables) {
    PrintWriter out = spec.commandLine().getOut();
    switch (form) {
      case table, wide -> {
        if (!tables.print(answers)) {
          String where =
              resource.namespaced() && !allNamespaces ? " in this namespace (-A for all)" : "";
          spec.commandLine().getErr().println("ocicat: no " + resource.plural() + where);
        }
      }
      case yaml -> out.print(Documents.toYaml(single(answers)));
      case json -> out.println(Documents.toJson(single(answers)));
      case name -> objects(answers).forEach(object -> printName(resource, object));
    }
    out.flush();
  }

  /** One document out of several objects, as kubectl makes it. */
  private static JsonNode single(List<JsonNode> answers) {
    if (answers.size() == 1 && !answers.getFirst().has("items")) {
      return answers.getFirst();
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("apiVersion", "v1");
    list.put("kind", "List");
    ArrayNode items = list.putArray("items");
    items.addAll(objects(answers));
    String version =
        answers.size() == 1
            ? answers.getFirst().path("metadata").path("resourceVersion").asText("")
            : "";
    list.putObject("metadata").put("resourceVersion", version);
    return list;
  }

  /** The objects of lists; a list's items say no kind, so it is added. */
  private static List<JsonNode> objects(List<JsonNode> answers) {
    List<JsonNode> objects = new ArrayList<>();
    for (JsonNode answer : answers) {
      if (!answer.has("items")) {
        objects.add(answer);
        continue;
      }
      String kind = answer.path("kind").asText();
      for (JsonNode item : answer.path("items")) {
        if (item.has("kind")) {
          objects.add(item);
          continue;
        }
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.set("apiVersion", answer.path("apiVersion"));
        whole.put("kind", kind.substring(0, kind.length() - "List".length()));
        whole.setAll((ObjectNode) item);
        objects.add(whole);
      }
    }
    return objects;
  }

  private void printName(ApiResource resource, JsonNode object) {
    spec.commandLine()
        .getOut()
        .println(resource.printedKind() + "/" + object.path("metadata").path("name").asText());
  }

  private void follow(
      ApiClient client, ApiResource resource, String in, List<JsonNode> seen, ObjectTables tables) {
    boolean table = form == Form.table || form == Form.wide;
    String from =
        seen.isEmpty() ? "" : seen.getFirst().path("metadata").path("resourceVersion").asText("");
    String more = "watch=1&allowWatchBookmarks=true";
    if (names.size() == 1) {
      more +=
          "&fieldSelector="
              + URLEncoder.encode("metadata.name=" + names.getFirst(), StandardCharsets.UTF_8);
    } else if (names.size() > 1) {
      throw new Refusal("watch " + kind + ": give one name or none");
    }
    if (!from.isEmpty()) {
      more += "&resourceVersion=" + from;
    }
    ApiClient.Attempt attempt =
        new ApiClient.Attempt(
            "watch " + resource.plural(), resource.collectionPath(in) + query(more));
    client.watch(
        attempt,
        table,
        event -> {
          JsonNode object = event.path("object");
          switch (event.path("type").asText()) {
            case "BOOKMARK" -> {}
            case "ERROR" ->
                throw new Refusal(
                    "watch "
                        + resource.plural()
                        + ": "
                        + object.path("message").asText("the server ended it")
                        + "; run the command again");
            default -> {
              if (table) {
                tables.append(object);
              } else if (form == Form.name) {
                printName(resource, object);
              } else {
                PrintWriter out = spec.commandLine().getOut();
                out.println(
                    form == Form.yaml ? "---\n" + Documents.toYaml(object) : object.toString());
              }
              spec.commandLine().getOut().flush();
            }
          }
          return true;
        });
  }
}
