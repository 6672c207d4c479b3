package io.ocicat.model.crd;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.columns.Column;
import io.ocicat.model.columns.Columns;
import io.ocicat.model.schema.Schemas;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The CustomResourceDefinitions ({@code apiextensions.k8s.io/v1}) of the kinds of ours. */
public final class CustomResourceDefinitions {

  /** Whether the API server is to apply rules between fields. */
  public enum Rules {
    /** It is; needs Kubernetes 1.31. Servers before 1.25 take them and do nothing with them. */
    INCLUDED,
    /** It is not: it judges each field alone, and the controller the rest. */
    LEFT_OUT
  }

  private static final String APPROVAL =
      "https://github.com/kubernetes-sigs/network-policy-api/pull/347";

  private CustomResourceDefinitions() {}

  /**
   * The kinds that need a definition. A WorkloadEndpoint is no object on Kubernetes: it follows
   * from its Pod.
   */
  public static List<ResourceKind> kinds() {
    return Stream.concat(
            Kinds.all().stream()
                .filter(
                    kind -> Set.of(Kinds.CALICO, Kinds.POLICY, Kinds.OCICAT).contains(kind.group()))
                .filter(kind -> !kind.equals(Kinds.WORKLOAD_ENDPOINT)),
            Stream.of(Kinds.OCICAT_STATUS))
        .toList();
  }

  /** The definition of this kind as a document. */
  public static ObjectNode of(ResourceKind kind, Rules rules) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", "apiextensions.k8s.io/v1").put("kind", "CustomResourceDefinition");
    ObjectNode metadata = document.putObject("metadata");
    metadata.put("name", kind.name().toString());
    metadata.putObject("labels").put("app.kubernetes.io/part-of", "ocicat");
    if (kind.group().equals(Kinds.POLICY)) {
      // Servers take no definition in a group of Kubernetes' own without a word of who approved it.
      metadata.putObject("annotations").put("api-approved.kubernetes.io", APPROVAL);
    }
    ObjectNode spec = document.putObject("spec");
    spec.put("group", kind.group()).put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
    names(kind, spec.putObject("names"));
    ObjectNode version = spec.putArray("versions").addObject();
    version.put("name", kind.version()).put("served", true).put("storage", true);
    if (kind.hasStatus()) {
      version.putObject("subresources").putObject("status");
    }
    ArrayNode columns = version.putArray("additionalPrinterColumns");
    // The server itself puts the name before all others.
    Columns.of(kind).stream()
        .filter(column -> !column.name().equals("Name") && !column.jsonPath().isEmpty())
        .forEach(column -> column(column, columns.addObject()));
    ObjectNode schema = StructuralSchema.ofObject(Schemas.of(kind));
    if (rules == Rules.INCLUDED && !CelRules.of(kind).isEmpty()) {
      rules(kind, schema.withObject("/properties/spec"));
    }
    version.putObject("schema").set("openAPIV3Schema", schema);
    return document;
  }

  private static void names(ResourceKind kind, ObjectNode names) {
    names
        .put("plural", kind.plural())
        .put("singular", kind.singular())
        .put("kind", kind.kind())
        .put("listKind", kind.listKind());
    kind.shortNames().forEach(names.withArrayProperty("shortNames")::add);
    kind.categories().forEach(names.withArrayProperty("categories")::add);
  }

  private static void column(Column column, ObjectNode target) {
    boolean isAge = column.jsonPath().equals(".metadata.creationTimestamp");
    target
        .put("name", column.name())
        .put("type", isAge ? "date" : column.type())
        .put("description", column.description())
        .put("jsonPath", column.jsonPath());
    if (column.shown().priority() > 0) {
      target.put("priority", column.shown().priority());
    }
  }

  private static void rules(ResourceKind kind, ObjectNode spec) {
    ArrayNode target = spec.putArray("x-kubernetes-validations");
    for (CelRule rule : CelRules.of(kind)) {
      target
          .addObject()
          .put("rule", rule.expression())
          .put("fieldPath", "." + rule.field())
          .put("message", rule.message());
    }
  }
}
