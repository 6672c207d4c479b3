package io.ocicat.controller.api.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.ResourceKind;
import java.util.List;

/**
 * The paths of an OpenAPI document: which operations a kind has, and which query parameters they
 * take. Clients look here for whether the server knows {@code dryRun} and {@code fieldValidation},
 * and for the kind behind a path.
 */
final class OpenApiPaths {

  private static final List<String> WRITE =
      List.of("dryRun", "fieldManager", "fieldValidation", "pretty");
  private static final List<String> APPLY =
      List.of("dryRun", "fieldManager", "fieldValidation", "force", "pretty");
  private static final List<String> DELETE =
      List.of("dryRun", "gracePeriodSeconds", "propagationPolicy", "pretty");
  private static final List<String> LIST =
      List.of(
          "allowWatchBookmarks",
          "continue",
          "fieldSelector",
          "labelSelector",
          "limit",
          "pretty",
          "resourceVersion",
          "resourceVersionMatch",
          "sendInitialEvents",
          "timeoutSeconds",
          "watch");

  private final boolean version3;

  OpenApiPaths(boolean version3) {
    this.version3 = version3;
  }

  ObjectNode of(List<ResourceKind> kinds) {
    ObjectNode paths = JsonNodeFactory.instance.objectNode();
    for (ResourceKind kind : kinds) {
      String root =
          kind.group().isEmpty()
              ? "/api/" + kind.version() + "/"
              : "/apis/" + kind.apiVersion() + "/";
      if (kind.namespaced()) {
        ObjectNode all = paths.putObject(root + kind.plural());
        operation(all, "get", kind, "list", "listForAllNamespaces", LIST);
      }
      String scoped = kind.namespaced() ? root + "namespaces/{namespace}/" : root;
      ObjectNode collection = path(paths, scoped + kind.plural(), kind, false);
      operation(collection, "get", kind, "list", "list", LIST);
      operation(collection, "post", kind, "post", "create", WRITE);
      operation(collection, "delete", kind, "deletecollection", "deleteCollection", LIST);
      ObjectNode single = path(paths, scoped + kind.plural() + "/{name}", kind, true);
      operation(single, "get", kind, "get", "read", List.of("pretty"));
      operation(single, "put", kind, "put", "replace", WRITE);
      operation(single, "patch", kind, "patch", "patch", APPLY);
      operation(single, "delete", kind, "delete", "delete", DELETE);
      for (String subresource : kind.subresources()) {
        ObjectNode part =
            path(paths, scoped + kind.plural() + "/{name}/" + subresource, kind, true);
        operation(part, "get", kind, "get", "read" + subresource, List.of("pretty"));
        operation(part, "put", kind, "put", "replace" + subresource, WRITE);
        operation(part, "patch", kind, "patch", "patch" + subresource, APPLY);
      }
    }
    return paths;
  }

  private ObjectNode path(ObjectNode paths, String path, ResourceKind kind, boolean named) {
    ObjectNode item = paths.putObject(path);
    ArrayNode parameters = JsonNodeFactory.instance.arrayNode();
    if (named) {
      parameters.add(parameter("name", "path", true));
    }
    if (kind.namespaced()) {
      parameters.add(parameter("namespace", "path", true));
    }
    if (!parameters.isEmpty()) {
      item.set("parameters", parameters);
    }
    return item;
  }

  private void operation(
      ObjectNode path,
      String method,
      ResourceKind kind,
      String action,
      String operationId,
      List<String> parameters) {
    ObjectNode operation = path.putObject(method);
    operation.put("operationId", operationId + kind.kind());
    ArrayNode list = operation.putArray("parameters");
    parameters.forEach(name -> list.add(parameter(name, "query", false)));
    operation.putObject("responses").putObject("200").put("description", "OK");
    operation.put("x-kubernetes-action", action);
    operation
        .putObject("x-kubernetes-group-version-kind")
        .put("group", kind.group())
        .put("kind", kind.kind())
        .put("version", kind.version());
  }

  private ObjectNode parameter(String name, String in, boolean required) {
    ObjectNode parameter = JsonNodeFactory.instance.objectNode();
    parameter.put("name", name).put("in", in);
    if (required) {
      parameter.put("required", true);
    }
    (version3 ? parameter.putObject("schema") : parameter).put("type", type(name));
    return parameter;
  }

  private static String type(String parameter) {
    return switch (parameter) {
      case "allowWatchBookmarks", "sendInitialEvents", "watch", "force" -> "boolean";
      case "limit", "timeoutSeconds", "gracePeriodSeconds" -> "integer";
      default -> "string";
    };
  }
}
