package io.ocicat.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.Documents;
import io.ocicat.client.Documents.Document;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.model.schema.Defaults;
import io.ocicat.model.validation.NearestWord;
import io.ocicat.model.validation.Report;
import io.ocicat.model.validation.ValidationContext;
import io.ocicat.model.validation.Validator;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ocicat validate -f FILE…}. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Judge files as the API would, without a cluster: every problem, with its field.",
    footer = {"", "Exit status 1 if anything would be refused; warnings alone are none."})
public final class ValidateCommand implements Callable<Integer> {
  @Mixin private Manifests manifests = new Manifests();
  @Mixin private OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  /** A problem or warning, and the field that it is about; no field for the whole document. */
  record Finding(String field, String message) {
    @Override
    public String toString() {
      return field.isEmpty() ? message : field + ": " + message;
    }
  }

  record Judged(Document document, List<Finding> problems, List<String> warnings) {}

  @Override
  public Integer call() {
    if (!manifests.named()) {
      throw new ParameterException(spec.commandLine(), "name the files to validate with -f");
    }
    Documents.Read read = manifests.read();
    List<IpPool> pools = pools(read.documents());
    List<Judged> judged = read.documents().stream().map(each -> judge(each, pools)).toList();
    long refused =
        read.problems().size() + judged.stream().filter(each -> !each.problems().isEmpty()).count();
    if (output.json()) {
      printJson(refused == 0, read.problems(), judged);
    } else {
      print(read.problems(), judged);
    }
    return refused == 0 ? 0 : 1;
  }

  static Judged judge(Document document, List<IpPool> pools) {
    ObjectNode content = document.content().deepCopy();
    String apiVersion = content.path("apiVersion").asText("");
    String kind = content.path("kind").asText("");
    Optional<ResourceKind> known = Kinds.of(apiVersion, kind);
    if (known.isEmpty()) {
      return new Judged(document, List.of(unknownKind(apiVersion, kind)), List.of());
    }
    Defaults.fill(known.get(), content);
    Report report = Validator.check(known.get(), content, ValidationContext.creating().with(pools));
    List<Finding> problems = new ArrayList<>();
    report.problems().forEach(each -> problems.add(new Finding(each.path(), each.message())));
    report
        .unknownFields()
        .forEach(
            each ->
                problems.add(
                    new Finding(
                        each.path(),
                        "unknown field" + (each.hint().isEmpty() ? "" : ", " + each.hint()))));
    return new Judged(document, problems, report.warnings());
  }

  private static Finding unknownKind(String apiVersion, String kind) {
    if (apiVersion.isEmpty() || kind.isEmpty()) {
      return new Finding("", "it needs an apiVersion and a kind");
    }
    for (ResourceKind each : Kinds.all()) {
      if (each.kind().equals(kind)) {
        return new Finding(
            "apiVersion",
            "there is no %s in \"%s\", did you mean \"%s\"?"
                .formatted(kind, apiVersion, each.apiVersion()));
      }
    }
    List<String> kinds = Kinds.all().stream().map(ResourceKind::kind).toList();
    return new Finding(
        "kind",
        "there is no kind \"%s\"%s"
            .formatted(
                kind,
                NearestWord.to(kind, kinds)
                    .map(word -> ", did you mean \"" + word + "\"?")
                    .orElse("; there are " + String.join(", ", kinds))));
  }

  /** Pools are judged next to each other. */
  private static List<IpPool> pools(List<Document> documents) {
    return documents.stream()
        .filter(each -> each.content().path("kind").asText().equals(Kinds.IP_POOL.kind()))
        .map(ValidateCommand::pool)
        .flatMap(Optional::stream)
        .toList();
  }

  /** Why a pool cannot be read, its own judgement tells. */
  private static Optional<IpPool> pool(Document document) {
    ObjectNode content = document.content().deepCopy();
    Defaults.fill(Kinds.IP_POOL, content);
    try {
      return Optional.of(IpPool.read(content));
    } catch (UnreadableDocumentException e) {
      return Optional.empty();
    }
  }

  private void print(List<String> unreadable, List<Judged> judged) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    unreadable.forEach(problem -> err.println("ocicat: " + problem));
    for (Judged each : judged) {
      String title = each.document().source() + " (" + each.document().title() + ")";
      if (each.problems().isEmpty()) {
        out.println(title + ": valid");
      } else {
        err.println("ocicat: " + title + ": would be refused");
        each.problems().forEach(problem -> err.println("  " + problem));
      }
      each.warnings().forEach(warning -> err.println("  warning: " + warning));
    }
    out.flush();
    err.flush();
  }

  private void printJson(boolean valid, List<String> unreadable, List<Judged> judged) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("valid", valid);
    ArrayNode texts = answer.putArray("unreadable");
    unreadable.forEach(texts::add);
    ArrayNode documents = answer.putArray("documents");
    for (Judged each : judged) {
      ObjectNode document = documents.addObject();
      document.put("source", each.document().source());
      document.put("document", each.document().title());
      document.put("valid", each.problems().isEmpty());
      ArrayNode problems = document.putArray("problems");
      for (Finding problem : each.problems()) {
        problems.addObject().put("field", problem.field()).put("message", problem.message());
      }
      ArrayNode warnings = document.putArray("warnings");
      each.warnings().forEach(warnings::add);
    }
    spec.commandLine().getOut().println(Documents.toJson(answer));
    spec.commandLine().getOut().flush();
  }

  /** Every problem of a document, each with its field; for those who do more than judge. */
  public static List<String> problems(Document document) {
    return judge(document, List.of()).problems().stream().map(Finding::toString).toList();
  }
}
