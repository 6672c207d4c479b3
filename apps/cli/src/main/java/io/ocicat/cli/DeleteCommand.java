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
import io.ocicat.client.Documents.Document;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocicat delete -f FILE…} and {@code ocicat delete KIND NAME…}. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = "Delete the objects that files describe, or objects by name.")
final class DeleteCommand implements Callable<Integer> {
  @Mixin private Server server = new Server();
  @Mixin private Manifests manifests = new Manifests();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private WaitOptions waiting = new WaitOptions();

  @Parameters(paramLabel = "KIND NAME…", description = "A kind and the names of its objects.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "The namespace; else the context's.")
  private @Nullable String namespace;

  @Option(names = "--ignore-not-found", description = "What is not there is no failure.")
  private boolean ignoreNotFound;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final ArrayNode items = JsonNodeFactory.instance.arrayNode();

  @Override
  public Integer call() {
    if (manifests.named() ? !words.isEmpty() : words.size() < 2) {
      throw new ParameterException(
          spec.commandLine(), "say what to delete: either -f FILE…, or a kind and names");
    }
    PrintWriter err = spec.commandLine().getErr();
    Documents.Read read = manifests.read();
    read.problems().forEach(problem -> err.println("ocicat: " + problem));
    int failed = read.problems().size();
    Goal goal = new Goal();
    try (ApiClient client = server.connect(err)) {
      Discovery discovery = new Discovery(client);
      ClusterView view = new ClusterView(client);
      // The order opposite to creation: what lives in a namespace before the namespace.
      for (Document document : read.documents().reversed()) {
        try {
          ApiResource resource = Manifests.resource(discovery, document);
          String in =
              Manifests.namespace(
                  document, Optional.ofNullable(namespace), client.kubeconfig().namespace());
          String name = document.content().path("metadata").path("name").asText();
          delete(client, view, resource, in, name, goal);
        } catch (ApiException | Refusal e) {
          failed++;
          ApplyCommand.report(err, document, e);
        }
      }
      if (!words.isEmpty()) {
        ApiResource resource = GetCommand.resource(discovery, words.getFirst());
        String in = namespace == null ? client.kubeconfig().namespace() : namespace;
        for (String name : words.subList(1, words.size())) {
          try {
            delete(client, view, resource, in, name, goal);
          } catch (ApiException e) {
            failed++;
            err.println("ocicat: " + e.headline());
          } catch (Refusal e) {
            failed++;
            err.println("ocicat: " + e.getMessage());
          }
        }
      }
      // Our API's answer to a deletion may carry the revision of the object's last change.
      if ((waiting.wanted() || output.json()) && !view.isKubernetes()) {
        goal.atLeast(view.read().path("policyGeneration").asLong());
      }
      boolean enforced = waiting.wanted() && failed == 0 && waiting.await(view, goal, err);
      if (output.json()) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("policyGeneration", goal.revision());
        if (waiting.wanted()) {
          answer.put("enforced", enforced);
        }
        answer.set("items", items);
        spec.commandLine().getOut().println(Documents.toJson(answer));
        spec.commandLine().getOut().flush();
      }
      return failed > 0 || (waiting.wanted() && !enforced) ? 1 : 0;
    }
  }

  private void delete(
      ApiClient client, ClusterView view, ApiResource resource, String in, String name, Goal goal) {
    PrintWriter out = spec.commandLine().getOut();
    String words = resource.plural() + " " + (resource.namespaced() ? in + "/" : "") + name;
    try {
      Optional<Deletion> deletion =
          waiting.wanted() && view.isKubernetes()
              ? Deletion.expect(client, resource, in, name)
              : Optional.empty();
      JsonNode answer =
          client.delete(new ApiClient.Attempt("delete " + words, resource.objectPath(in, name)));
      if (!output.json()) {
        out.println(resource.printedKind() + "/" + name + " deleted");
        out.flush();
      }
      ObjectNode item = items.addObject();
      item.put("kind", resource.kind());
      item.put("namespace", resource.namespaced() ? in : "");
      item.put("name", name);
      item.put("change", "deleted");
      goal.add(resource, Goal.revision(answer));
      deletion.ifPresent(each -> goal.add(resource, each.await(client, waiting.timeout())));
    } catch (ApiException e) {
      if (e.notFound() && ignoreNotFound) {
        return;
      }
      throw e;
    }
  }
}
