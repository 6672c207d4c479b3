package io.ocicat.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Format;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi30;
import io.ocicat.inet.Cidr;
import io.ocicat.model.ResourceKind;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A kind as an API server sees it that knows nothing but its CustomResourceDefinition. */
final class DefinedKind {
  private final ObjectNode schema;
  private final JsonSchema structure;
  private final CelEvaluator rules;

  /** The kind whose definition is in the chart. */
  DefinedKind(ResourceKind kind) {
    ObjectNode definition = Yaml.read(Repository.definition(kind));
    this.schema = (ObjectNode) definition.at("/spec/versions/0/schema/openAPIV3Schema");
    JsonMetaSchema words =
        JsonMetaSchema.builder(OpenApi30.getInstance()).format(new CidrFormat()).build();
    this.structure =
        JsonSchemaFactory.builder()
            .metaSchema(words)
            .defaultMetaSchemaIri(words.getIri())
            .build()
            .getSchema(
                schema, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    this.rules = new CelEvaluator(schema.at("/properties/spec"));
  }

  ObjectNode schema() {
    return schema;
  }

  int ruleCount() {
    return rules.size();
  }

  /** Why the server refuses a new object; empty if it takes it. */
  List<String> creating(ObjectNode document) {
    return judged(document, spec -> rules.creating(spec));
  }

  /** Why the server refuses that an object takes another's place. */
  List<String> updating(ObjectNode previous, ObjectNode document) {
    ObjectNode before = (ObjectNode) defaulted(previous).path("spec");
    return judged(document, spec -> rules.updating(before, spec));
  }

  private interface RuleCheck {
    List<String> of(ObjectNode spec);
  }

  /** Rules are applied only to what has the right form. */
  private List<String> judged(ObjectNode document, RuleCheck check) {
    ObjectNode filled = defaulted(document);
    List<String> problems =
        structure.validate(filled).stream().map(ValidationMessage::getMessage).toList();
    return problems.isEmpty() ? check.of((ObjectNode) filled.path("spec")) : problems;
  }

  private ObjectNode defaulted(ObjectNode document) {
    ObjectNode filled = document.deepCopy();
    fill(schema, filled);
    return filled;
  }

  /** Drops what is unknown and adds defaults. */
  private static void fill(JsonNode schema, JsonNode value) {
    if (value instanceof ObjectNode object) {
      if (schema.has("properties")) {
        object.retain(schema.path("properties").propertyStream().map(Map.Entry::getKey).toList());
      }
      schema
          .path("properties")
          .properties()
          .forEach(
              each -> {
                if (!object.has(each.getKey()) && each.getValue().has("default")) {
                  object.set(each.getKey(), each.getValue().get("default").deepCopy());
                }
                fill(each.getValue(), object.path(each.getKey()));
              });
    } else if (value instanceof ArrayNode array) {
      Stream.iterate(0, i -> i < array.size(), i -> i + 1)
          .forEach(i -> fill(schema.path("items"), array.get(i)));
    }
  }

  /** Kubernetes' own word; as Go's net.ParseCIDR reads it. */
  private static final class CidrFormat implements Format {
    @Override
    public String getName() {
      return "cidr";
    }

    @Override
    public boolean matches(ExecutionContext context, String value) {
      try {
        return Cidr.parseLenient(value) != null;
      } catch (IllegalArgumentException _) {
        return false;
      }
    }
  }
}
