package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.flag;
import static io.ocicat.model.schema.SchemaWords.int64;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.listBy;
import static io.ocicat.model.schema.SchemaWords.mapping;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.set;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;
import static io.ocicat.model.schema.SchemaWords.time;

import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.Schema.Anything;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Mapping;
import io.ocicat.model.schema.Schema.Struct;
import io.ocicat.model.schema.Schema.TextCheck;
import java.util.ArrayList;
import java.util.List;

/** What all kinds have in common: metadata, selectors, conditions. */
final class MetaSchemas {
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

  static final Mapping STRING_MAP = mapping(_ -> List.of(), text());
  static final Mapping LABELS = mapping(TextChecks::qualifiedName, text(TextChecks::labelValue));

  private static final Struct OWNER_REFERENCE =
      struct(
          META + "OwnerReference",
          "OwnerReference identifies the object that owns another one.",
          required("apiVersion", text(), "API version of the owner."),
          required("kind", text(), "Kind of the owner."),
          required("name", text(), "Name of the owner."),
          required("uid", text(), "UID of the owner."),
          field("controller", flag(), "Whether the owner is the managing controller."),
          field(
              "blockOwnerDeletion", flag(), "Whether the owner waits for this object's deletion."));

  static final Struct LABEL_SELECTOR =
      struct(
          META + "LabelSelector",
          "A label selector is a query over labels. matchLabels and matchExpressions are ANDed. An empty selector"
              + " matches all objects.",
          field(
              "matchLabels",
              LABELS,
              "Pairs of key and value that must all be there. Each is the same as an expression with the operator In"
                  + " and that one value."),
          field(
              "matchExpressions",
              list(
                  struct(
                      META + "LabelSelectorRequirement",
                      "A requirement on one label.",
                      required("key", text(TextChecks::qualifiedName), "The label's key."),
                      required("operator", text(), "One of In, NotIn, Exists and DoesNotExist."),
                      field(
                          "values",
                          list(text(TextChecks::labelValue)),
                          "The values that In and NotIn are about; must be empty for the others."))),
              "Requirements that must all hold."));

  static final Struct CONDITION =
      struct(
          META + "Condition",
          "One aspect of the current state.",
          required("type", text(), "Which aspect, in CamelCase."),
          required("status", SchemaWords.oneOf("True", "False", "Unknown"), "Whether it holds."),
          field("observedGeneration", int64(), "The generation of the spec that this is about."),
          field("lastTransitionTime", time(), "When the status last changed."),
          field("reason", text(), "Why, in one CamelCase word."),
          field("message", text(), "Why, for people."));

  private MetaSchemas() {}

  /** A kind whose objects have a spec and perhaps a status. */
  static Struct kind(
      String definition, ResourceKind kind, String description, TextCheck names, Field... parts) {
    List<Field> fields = new ArrayList<>();
    fields.add(
        field(
            "apiVersion",
            SchemaWords.oneOf(kind.apiVersion()),
            "The version of the schema of this object: " + kind.apiVersion() + "."));
    fields.add(
        field(
            "kind",
            SchemaWords.oneOf(kind.kind()),
            "The kind of this object: " + kind.kind() + "."));
    fields.add(
        field(
            "metadata",
            metadata(kind, names),
            "Name, namespace, labels and annotations of the object."));
    fields.addAll(List.of(parts));
    return struct(definition, description, fields.toArray(Field[]::new));
  }

  private static Struct metadata(ResourceKind kind, TextCheck names) {
    return struct(
        META + "ObjectMeta",
        "ObjectMeta is what every object has to say about itself.",
        field(
            "name",
            text(names),
            "The name, unique among the kind's objects of a namespace. Cannot be changed."),
        field(
            "generateName",
            text(),
            "A prefix from which the server makes a unique name if none is given."),
        kind.namespaced()
            ? field("namespace", text(TextChecks::dnsLabel), "The namespace. Cannot be changed.")
            : field("namespace", text(), "Empty for objects of this kind."),
        field("labels", LABELS, "Keys and values by which selectors choose objects."),
        field(
            "annotations",
            mapping(TextChecks::annotationKey, text()),
            "Keys and values that nobody selects by."),
        field("uid", text(), "Tells this object from earlier ones of its name. Set by the server."),
        field(
            "resourceVersion",
            text(),
            "The revision of the last write. An update that carries an older one is refused. Set by the server."),
        field("generation", int64(), "Counts changes of the spec. Set by the server."),
        field("creationTimestamp", time(), "When the object was created. Set by the server."),
        field("deletionTimestamp", time(), "When the object is to be gone. Set by the server."),
        field(
            "deletionGracePeriodSeconds",
            int64(),
            "Seconds between the request to delete and deletionTimestamp. Set by the server."),
        field(
            "finalizers",
            set(text(TextChecks::qualifiedName)),
            "Who has to act before the object may go."),
        field("ownerReferences", listBy("uid", OWNER_REFERENCE), "The objects that own this one."),
        field("managedFields", list(new Anything()), "Which client set which field."),
        field("selfLink", text(), "No longer used."));
  }
}
