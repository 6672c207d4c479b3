package io.ocicat.model.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ocicat.model.schema.Schema;
import io.ocicat.model.schema.Schema.Extras;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Flag;
import io.ocicat.model.schema.Schema.Listing;
import io.ocicat.model.schema.Schema.Mapping;
import io.ocicat.model.schema.Schema.Merging;
import io.ocicat.model.schema.Schema.NumberOrName;
import io.ocicat.model.schema.Schema.Struct;
import io.ocicat.model.schema.Schema.Text;
import io.ocicat.model.schema.Schema.Whole;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds a document against its kind's schema. */
final class FormCheck {
  private final Struct root;
  private final Findings findings;

  FormCheck(Struct root, Findings findings) {
    this.root = root;
    this.findings = findings;
  }

  void check(JsonNode document) {
    check(root, document, "");
  }

  private void check(Schema schema, JsonNode value, String path) {
    switch (schema) {
      case Struct struct -> struct(struct, value, path);
      case Mapping mapping -> mapping(mapping, value, path);
      case Listing listing -> listing(listing, value, path);
      case Text text -> text(text, value, path);
      case Whole whole -> whole(whole, value, path);
      case Schema.Real _ -> {
        if (!value.isNumber()) {
          findings.wrongType(path, value, "number");
        }
      }
      case NumberOrName either -> numberOrName(either, value, path);
      case Flag _ -> {
        if (!value.isBoolean()) {
          findings.wrongType(path, value, "boolean");
        }
      }
      case Schema.Anything _ -> {}
    }
  }

  private void struct(Struct struct, JsonNode value, String path) {
    if (!value.isObject()) {
      findings.wrongType(path, value, "object");
      return;
    }
    for (Field field : struct.fields().values()) {
      JsonNode inner = value.get(field.name());
      String innerPath = join(path, field.name());
      boolean absent = inner == null || inner.isNull() || isUnset(field.schema(), inner);
      if (field.isRequired() && absent) {
        findings.missing(innerPath, "");
      } else if (!absent) {
        check(field.schema(), inner, innerPath);
      }
    }
    if (struct.count() == Struct.Count.ONE) {
      long given = struct.fields().keySet().stream().filter(value::hasNonNull).count();
      if (given == 0) {
        findings.missing(path, "must have one of " + String.join(", ", struct.fields().keySet()));
      } else if (given > 1) {
        findings.invalid(
            path, value, "must have only one of " + String.join(", ", struct.fields().keySet()));
      }
    }
    if (struct.extras() == Extras.REFUSED) {
      value
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (struct.field(name).isEmpty()) {
                  findings.unknown(join(path, name), hint(struct, name));
                }
              });
    }
  }

  /** Upstream does not tell an empty text from an absent field. */
  private static boolean isUnset(Schema schema, JsonNode value) {
    return schema instanceof Text text
        && text.allowed().isEmpty()
        && value.isTextual()
        && value.textValue().isEmpty();
  }

  private String hint(Struct struct, String name) {
    List<String> homes = new ArrayList<>();
    collectHomes(root, "", name, homes);
    return NearestWord.to(name, struct.fields().keySet())
        .map(each -> "did you mean \"" + each + "\"?")
        .orElseGet(() -> homes.isEmpty() ? "" : "which belongs in " + String.join(" or ", homes));
  }

  /** Where the schema has a field of this name: wrong indentation is the commonest mistake. */
  private static void collectHomes(Schema schema, String path, String name, List<String> homes) {
    switch (schema) {
      case Struct struct -> {
        if (struct.field(name).isPresent() && !path.startsWith("metadata")) {
          homes.add(path.isEmpty() ? "the document itself" : path);
        }
        struct
            .fields()
            .values()
            .forEach(field -> collectHomes(field.schema(), join(path, field.name()), name, homes));
      }
      case Listing listing -> collectHomes(listing.items(), path + "[]", name, homes);
      case Mapping _,
          Text _,
          Whole _,
          Schema.Real _,
          Flag _,
          NumberOrName _,
          Schema.Anything _ -> {}
    }
  }

  private void mapping(Mapping mapping, JsonNode value, String path) {
    if (!value.isObject()) {
      findings.wrongType(path, value, "object");
      return;
    }
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      mapping
          .keys()
          .problems(entry.getKey())
          .forEach(each -> findings.invalid(path, TextNode.valueOf(entry.getKey()), each));
      check(mapping.values(), entry.getValue(), keyed(path, entry.getKey()));
    }
  }

  private void listing(Listing listing, JsonNode value, String path) {
    if (!value.isArray()) {
      findings.wrongType(path, value, "array");
      return;
    }
    if (value.size() < listing.minItems()) {
      findings.missing(path, "must not be empty");
    }
    if (value.size() > listing.maxItems()) {
      findings.tooMany(path, value.size(), listing.maxItems());
    }
    Set<JsonNode> seen = new HashSet<>();
    for (int i = 0; i < value.size(); i++) {
      String itemPath = path + "[" + i + "]";
      check(listing.items(), value.get(i), itemPath);
      if (listing.merging() instanceof Merging.AsSet && !seen.add(value.get(i))) {
        findings.duplicate(itemPath, value.get(i));
      }
    }
  }

  private void text(Text text, JsonNode value, String path) {
    if (!value.isTextual()) {
      findings.wrongType(path, value, "string");
      return;
    }
    String content = value.textValue();
    if (!text.allowed().isEmpty()) {
      if (!text.allowed().contains(content)) {
        findings.unsupported(path, value, text.allowed());
      }
    } else if (content.length() > text.maxLength()) {
      findings.tooLong(path, text.maxLength());
    } else {
      text.check().problems(content).forEach(each -> findings.invalid(path, value, each));
    }
  }

  private void whole(Whole whole, JsonNode value, String path) {
    if (!value.isIntegralNumber()) {
      findings.wrongType(path, value, "integer");
    } else if (!value.canConvertToLong()
        || value.longValue() < whole.min()
        || value.longValue() > whole.max()) {
      findings.invalid(
          path, value, "must be between %d and %d, inclusive".formatted(whole.min(), whole.max()));
    }
  }

  private void numberOrName(NumberOrName either, JsonNode value, String path) {
    boolean digits = value.isTextual() && value.textValue().matches("[0-9]{1,9}");
    if (!either.names().isEmpty() && value.isTextual()) {
      if (digits) {
        number(either, Integer.parseInt(value.textValue()), value, path);
      } else if (!either.names().contains(value.textValue())) {
        findings.unsupported(path, value, either.names());
      }
    } else if (value.isTextual()) {
      either
          .name()
          .problems(value.textValue())
          .forEach(each -> findings.invalid(path, value, each));
    } else if (value.isIntegralNumber()) {
      number(either, value.canConvertToLong() ? value.longValue() : 0, value, path);
    } else {
      findings.wrongType(path, value, "integer or string");
    }
  }

  private void number(NumberOrName either, long number, JsonNode value, String path) {
    if (number < 1 || number > either.max()) {
      findings.invalid(path, value, "must be between 1 and %d, inclusive".formatted(either.max()));
    }
  }

  private static String join(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private static String keyed(String path, String key) {
    return path + "[" + key + "]";
  }
}
