package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiResource;
import io.ocicat.client.Applier;
import io.ocicat.client.Discovery;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat describe KIND NAME…}. */
@Command(
    name = "describe",
    mixinStandardHelpOptions = true,
    description = "Show all of an object, for people.")
final class DescribeCommand implements Callable<Integer> {

  private static final Pattern WORD_WITHIN = Pattern.compile("(?<=[a-z])[A-Z](?=[a-z])");

  @Mixin private Server server = new Server();

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      completionCandidates = KindWords.class,
      description = "pod, netpol, ippool, …")
  private String kind = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "NAME", description = "The names.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "The namespace; else the context's.")
  private @Nullable String namespace;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (ApiClient client = server.connect()) {
      Discovery discovery = new Discovery(client);
      boolean derived = DerivedEndpoints.isCalled(kind) && discovery.named(kind).isEmpty();
      ApiResource resource =
          derived ? DerivedEndpoints.resource() : GetCommand.resource(discovery, kind);
      String in = namespace == null ? client.kubeconfig().namespace() : namespace;
      String separator = "";
      for (String name : names) {
        JsonNode object = derived ? derived(client, in, name) : read(client, resource, in, name);
        out.print(separator);
        describe(out, object);
        if (RuleCounters.areOf(resource)) {
          out.flush();
          RuleCounters.print(out, client, resource, object);
        }
        if (ObjectEvents.areOf(resource)) {
          ObjectEvents.print(out, client, object);
        }
        separator = "\n\n";
      }
      out.flush();
      return 0;
    }
  }

  private static JsonNode read(ApiClient client, ApiResource resource, String in, String name) {
    String where = resource.namespaced() ? in + "/" : "";
    return client.read(
        new ApiClient.Attempt(
            "read " + resource.plural() + " " + where + name, resource.objectPath(in, name)));
  }

  private static JsonNode derived(ApiClient client, String in, String name) {
    return new DerivedEndpoints(client)
        .find(in, name)
        .orElseThrow(
            () ->
                new Refusal(
                    "read workloadendpoints " + in + "/" + name + ": no pod here leads to it"));
  }

  private static void describe(PrintWriter out, JsonNode object) {
    JsonNode metadata = object.path("metadata");
    line(out, "Name", metadata.path("name").asText());
    if (metadata.has("namespace")) {
      line(out, "Namespace", metadata.path("namespace").asText());
    }
    pairs(out, "Labels", metadata.path("labels"));
    pairs(out, "Annotations", metadata.path("annotations"));
    line(out, "Kind", object.path("apiVersion").asText() + " " + object.path("kind").asText());
    line(out, "Created", metadata.path("creationTimestamp").asText("?"));
    line(out, "Revision", metadata.path("resourceVersion").asText("?"));
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!List.of("apiVersion", "kind", "metadata").contains(field.getKey())) {
        tree(out, title(field.getKey()), field.getValue(), 0);
      }
    }
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("%-14s%s%n", name + ":", value);
  }

  private static void pairs(PrintWriter out, String name, JsonNode map) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      if (!entry.getKey().equals(Applier.LAST_APPLIED)) {
        lines.add(entry.getKey() + "=" + entry.getValue().asText());
      }
    }
    line(out, name, lines.isEmpty() ? "<none>" : lines.getFirst());
    lines.stream().skip(1).forEach(text -> out.printf("%-14s%s%n", "", text));
  }

  private static void tree(PrintWriter out, String name, JsonNode value, int depth) {
    String indent = "  ".repeat(depth);
    if (value.isValueNode()) {
      out.println(indent + name + ": " + value.asText());
    } else if (value.isEmpty()) {
      // An empty selector selects everything.
      boolean all = value.isObject() && name.endsWith("elector");
      out.println(indent + name + ": " + (all ? "<all>" : "<none>"));
    } else if (value.isArray() && value.get(0).isValueNode()) {
      List<String> parts = new ArrayList<>();
      value.forEach(part -> parts.add(part.asText()));
      out.println(indent + name + ": " + String.join(", ", parts));
    } else {
      out.println(indent + name + ":");
      if (value.isArray()) {
        int number = 0;
        for (JsonNode each : value) {
          tree(out, "[" + number++ + "]", each, depth + 1);
        }
      } else {
        for (Map.Entry<String, JsonNode> field : value.properties()) {
          tree(out, title(field.getKey()), field.getValue(), depth + 1);
        }
      }
    }
  }

  /** {@code podSelector} as {@code Pod selector}, {@code birdV4} as {@code Bird V4}. */
  static String title(String field) {
    String words =
        WORD_WITHIN
            .matcher(field)
            .replaceAll(start -> " " + start.group().toLowerCase(Locale.ROOT))
            .replaceAll("(?<=[a-z])(?=[A-Z][0-9])", " ");
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
