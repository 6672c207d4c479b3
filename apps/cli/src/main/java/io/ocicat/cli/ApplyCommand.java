package io.ocicat.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.client.ApiResource;
import io.ocicat.client.Applier;
import io.ocicat.client.Discovery;
import io.ocicat.client.Documents;
import io.ocicat.client.Documents.Document;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ocicat apply -f FILE…}. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = "Create objects, or bring those that exist to what the files say.",
    footer = {
      "",
      "One document's refusal does not keep the others from being applied; all are reported.",
      "With --wait it returns when every ready node enforces what was applied."
    })
final class ApplyCommand implements Callable<Integer> {
  @Mixin private Server server = new Server();
  @Mixin private Manifests manifests = new Manifests();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private WaitOptions waiting = new WaitOptions();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "For documents that name no namespace.")
  private @Nullable String namespace;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (!manifests.named()) {
      throw new ParameterException(spec.commandLine(), "name the files to apply with -f");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Documents.Read read = manifests.read();
    read.problems().forEach(problem -> err.println("ocicat: " + problem));
    int failed = read.problems().size();
    Goal goal = new Goal();
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    try (ApiClient client = server.connect(err)) {
      Discovery discovery = new Discovery(client);
      Applier applier = new Applier(client);
      for (Document document : read.documents()) {
        try {
          ApiResource resource = Manifests.resource(discovery, document);
          String in =
              Manifests.namespace(
                  document, Optional.ofNullable(namespace), client.kubeconfig().namespace());
          Applier.Applied applied = applier.apply(resource, in, document.content());
          String name = applied.object().path("metadata").path("name").asText();
          if (!output.json()) {
            out.println(resource.printedKind() + "/" + name + " " + applied.change());
            out.flush();
          }
          goal.add(resource, Goal.revision(applied.object()));
          ObjectNode item = items.addObject();
          item.put("kind", resource.kind());
          item.put("namespace", resource.namespaced() ? in : "");
          item.put("name", name);
          item.put("change", applied.change().toString());
        } catch (ApiException | Refusal e) {
          if (e instanceof ApiException unanswered && unanswered.httpStatus() == 0) {
            throw e;
          }
          failed++;
          report(err, document, e);
        }
      }
      boolean enforced =
          waiting.wanted() && failed == 0 && waiting.await(new ClusterView(client), goal, err);
      if (output.json()) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("policyGeneration", goal.revision());
        if (waiting.wanted()) {
          answer.put("enforced", enforced);
        }
        answer.set("items", items);
        out.println(Documents.toJson(answer));
      }
      out.flush();
      return failed > 0 || (waiting.wanted() && !enforced) ? 1 : 0;
    }
  }

  static void report(PrintWriter err, Document document, RuntimeException refusal) {
    String said =
        refusal instanceof ApiException answered ? answered.headline() : refusal.getMessage();
    err.println("ocicat: " + document.source() + " (" + document.title() + "): " + said);
    if (refusal instanceof ApiException answered) {
      answered.causes().forEach(cause -> err.println("  " + cause));
    }
  }
}
