package io.ocicat.controller.api.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * OpenAPI 2 in the protobuf form of <a
 * href="https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto">gnostic's
 * openapi.v2</a>, which is the only form of version 2 that kubectl reads. Covers what our own
 * documents use; an unknown key is an error, so that the two forms cannot drift apart.
 */
public final class OpenApiProto {

  /** What the answer is called: as {@link #MEDIA_TYPE}, in letters that a media type may have. */
  public static final String CONTENT_TYPE =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  /** What kubectl asks for. */
  public static final String MEDIA_TYPE =
      "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

  private OpenApiProto() {}

  /** The bytes of an {@code openapi.v2.Document}. */
  public static byte[] encode(JsonNode document) {
    return message(
            document,
            (out, entry) -> {
              JsonNode value = entry.getValue();
              switch (entry.getKey()) {
                case "swagger" -> out.text(1, value.textValue());
                case "info" -> out.message(2, info(value));
                case "paths" -> out.message(8, paths(value));
                case "definitions" -> out.message(9, named(1, value, OpenApiProto::schema));
                default -> throw unknown("document", entry);
              }
            })
        .toByteArray();
  }

  private static ProtoMessage info(JsonNode info) {
    return message(
        info,
        (out, entry) -> {
          switch (entry.getKey()) {
            case "title" -> out.text(1, entry.getValue().textValue());
            case "version" -> out.text(2, entry.getValue().textValue());
            default -> throw unknown("info", entry);
          }
        });
  }

  private static ProtoMessage paths(JsonNode paths) {
    return named(2, paths, OpenApiProto::pathItem);
  }

  private static ProtoMessage pathItem(JsonNode item) {
    return message(
        item,
        (out, entry) -> {
          JsonNode value = entry.getValue();
          switch (entry.getKey()) {
            case "get" -> out.message(2, operation(value));
            case "put" -> out.message(3, operation(value));
            case "post" -> out.message(4, operation(value));
            case "delete" -> out.message(5, operation(value));
            case "patch" -> out.message(8, operation(value));
            case "parameters" -> value.forEach(p -> out.message(9, parameter(p)));
            default -> throw unknown("path", entry);
          }
        });
  }

  private static ProtoMessage operation(JsonNode operation) {
    return message(
        operation,
        (out, entry) -> {
          JsonNode value = entry.getValue();
          switch (entry.getKey()) {
            case "description" -> out.text(3, value.textValue());
            case "operationId" -> out.text(5, value.textValue());
            case "produces" -> value.forEach(type -> out.text(6, type.textValue()));
            case "consumes" -> value.forEach(type -> out.text(7, type.textValue()));
            case "parameters" -> value.forEach(p -> out.message(8, parameter(p)));
            case "responses" -> out.message(9, named(1, value, OpenApiProto::response));
            default -> extension(out, 13, "operation", entry);
          }
        });
  }

  /** A {@code ParametersItem}, three wrappings deep. */
  private static ProtoMessage parameter(JsonNode parameter) {
    String in = parameter.path("in").textValue();
    ProtoMessage wrapped = new ProtoMessage();
    if (in.equals("body")) {
      wrapped.message(1, bodyParameter(parameter));
    } else {
      ProtoMessage nonBody = new ProtoMessage();
      if (in.equals("query")) {
        nonBody.message(3, simpleParameter(parameter, 6));
      } else {
        nonBody.message(4, simpleParameter(parameter, 5));
      }
      wrapped.message(2, nonBody);
    }
    ProtoMessage item = new ProtoMessage();
    item.message(1, wrapped);
    return item;
  }

  private static ProtoMessage bodyParameter(JsonNode parameter) {
    return message(
        parameter,
        (out, entry) -> {
          JsonNode value = entry.getValue();
          switch (entry.getKey()) {
            case "description" -> out.text(1, value.textValue());
            case "name" -> out.text(2, value.textValue());
            case "in" -> out.text(3, value.textValue());
            case "required" -> out.flag(4, value.booleanValue());
            case "schema" -> out.message(5, schema(value));
            default -> throw unknown("parameter", entry);
          }
        });
  }

  /** Query and path parameters differ only in where the type stands. */
  private static ProtoMessage simpleParameter(JsonNode parameter, int typeField) {
    return message(
        parameter,
        (out, entry) -> {
          JsonNode value = entry.getValue();
          switch (entry.getKey()) {
            case "required" -> out.flag(1, value.booleanValue());
            case "in" -> out.text(2, value.textValue());
            case "description" -> out.text(3, value.textValue());
            case "name" -> out.text(4, value.textValue());
            case "type" -> out.text(typeField, value.textValue());
            case "uniqueItems" -> {}
            default -> throw unknown("parameter", entry);
          }
        });
  }

  /** A {@code ResponseValue}. */
  private static ProtoMessage response(JsonNode response) {
    ProtoMessage plain =
        message(
            response,
            (out, entry) -> {
              switch (entry.getKey()) {
                case "description" -> out.text(1, entry.getValue().textValue());
                case "schema" -> {
                  ProtoMessage item = new ProtoMessage();
                  item.message(1, schema(entry.getValue()));
                  out.message(2, item);
                }
                default -> throw unknown("response", entry);
              }
            });
    ProtoMessage value = new ProtoMessage();
    value.message(1, plain);
    return value;
  }

  private static ProtoMessage schema(JsonNode schema) {
    return message(
        schema,
        (out, entry) -> {
          JsonNode value = entry.getValue();
          switch (entry.getKey()) {
            case "$ref" -> out.text(1, value.textValue());
            case "format" -> out.text(2, value.textValue());
            case "title" -> out.text(3, value.textValue());
            case "description" -> out.text(4, value.textValue());
            case "default" -> out.message(5, any(value));
            // Bounds are doubles on the wire and nothing that kubectl looks at.
            case "maximum", "minimum" -> {}
            case "maxLength" -> out.integer(11, value.longValue());
            case "minLength" -> out.integer(12, value.longValue());
            case "pattern" -> out.text(13, value.textValue());
            case "maxItems" -> out.integer(14, value.longValue());
            case "minItems" -> out.integer(15, value.longValue());
            case "required" -> value.forEach(name -> out.text(19, name.textValue()));
            case "enum" -> value.forEach(allowed -> out.message(20, any(allowed)));
            case "additionalProperties" -> out.message(21, additionalProperties(value));
            case "type" -> {
              ProtoMessage type = new ProtoMessage();
              type.text(1, value.textValue());
              out.message(22, type);
            }
            case "items" -> {
              ProtoMessage items = new ProtoMessage();
              items.message(1, schema(value));
              out.message(23, items);
            }
            case "allOf" -> value.forEach(part -> out.message(24, schema(part)));
            case "properties" -> out.message(25, named(1, value, OpenApiProto::schema));
            default -> extension(out, 31, "schema", entry);
          }
        });
  }

  private static ProtoMessage additionalProperties(JsonNode value) {
    ProtoMessage item = new ProtoMessage();
    if (value.isBoolean()) {
      item.flag(2, value.booleanValue());
    } else {
      item.message(1, schema(value));
    }
    return item;
  }

  private static void extension(
      ProtoMessage out, int field, String where, Map.Entry<String, JsonNode> entry) {
    if (!entry.getKey().startsWith("x-")) {
      throw unknown(where, entry);
    }
    ProtoMessage named = new ProtoMessage();
    named.text(1, entry.getKey());
    named.message(2, any(entry.getValue()));
    out.message(field, named);
  }

  /** An {@code Any} in its YAML form; JSON is YAML. */
  private static ProtoMessage any(JsonNode value) {
    ProtoMessage any = new ProtoMessage();
    any.text(2, value.toString());
    return any;
  }

  private static ProtoMessage named(
      int field, JsonNode map, Function<JsonNode, ProtoMessage> encoder) {
    return message(
        map,
        (out, entry) -> {
          ProtoMessage named = new ProtoMessage();
          named.text(1, entry.getKey());
          named.message(2, encoder.apply(entry.getValue()));
          out.message(field, named);
        });
  }

  private static ProtoMessage message(
      JsonNode node, BiConsumer<ProtoMessage, Map.Entry<String, JsonNode>> field) {
    if (!(node instanceof ObjectNode object)) {
      throw new IllegalStateException(
          "an OpenAPI document has " + node + " where it needs an object");
    }
    ProtoMessage out = new ProtoMessage();
    object.properties().forEach(entry -> field.accept(out, entry));
    return out;
  }

  private static IllegalStateException unknown(String where, Map.Entry<String, JsonNode> entry) {
    return new IllegalStateException(
        "no protobuf form for '%s' of an OpenAPI %s".formatted(entry.getKey(), where));
  }
}
