package io.ocicat.controller.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.ApiException;
import io.ocicat.controller.api.ApiStatus;
import io.ocicat.controller.api.Change;
import io.ocicat.controller.api.DeleteOptions;
import io.ocicat.controller.api.Deletion;
import io.ocicat.controller.api.FieldValidation;
import io.ocicat.controller.api.ListOptions;
import io.ocicat.controller.api.Query;
import io.ocicat.controller.api.ResourceList;
import io.ocicat.controller.api.ResourceService;
import io.ocicat.controller.api.StatusReason;
import io.ocicat.controller.api.Target;
import io.ocicat.controller.api.WriteOptions;
import io.ocicat.controller.api.http.MediaTypes.MediaType;
import io.ocicat.controller.api.http.MediaTypes.Representation;
import io.ocicat.controller.api.patch.Patch;
import io.ocicat.controller.api.select.FieldSelector;
import io.ocicat.model.ResourceKind;
import io.ocicat.selector.LabelSelector;
import java.time.InstantSource;
import java.util.List;

/** The API's verbs over HTTP: reads the request, has the service do it, shows the result. */
final class ResourceHandler {

  private final ResourceService resources;
  private final InstantSource clock;

  ResourceHandler(ResourceService resources, InstantSource clock) {
    this.resources = resources;
    this.clock = clock;
  }

  Response answer(ResourceKind kind, RequestPath path, Request request) {
    boolean collection = path.name().isEmpty();
    return switch (request.method()) {
      case "GET", "HEAD" -> {
        if (!collection) {
          yield request.flag("watch") ? watch(kind, path, request) : get(kind, path, request);
        }
        yield request.flag("watch") ? watch(kind, path, request) : list(kind, path, request);
      }
      case "POST" -> {
        require(collection);
        requireNamespace(kind, path);
        Change change =
            resources.create(
                kind,
                path.namespace(),
                document(request),
                writeOptions(request, FieldValidation.WARN));
        yield show(kind, request, 201, change.object(), change.warnings());
      }
      case "PUT" -> {
        require(!collection);
        Change change =
            resources.update(
                target(kind, path), document(request), writeOptions(request, FieldValidation.WARN));
        yield show(kind, request, 200, change.object(), change.warnings());
      }
      case "PATCH" -> {
        require(!collection);
        Patch patch = patch(request);
        Change change =
            resources.patch(target(kind, path), patch, writeOptions(request, FieldValidation.WARN));
        yield show(kind, request, change.created() ? 201 : 200, change.object(), change.warnings());
      }
      case "DELETE" -> {
        require(path.subresource().isEmpty());
        yield collection ? deleteAll(kind, path, request) : delete(kind, path, request);
      }
      default -> throw notAllowed();
    };
  }

  private Response get(ResourceKind kind, RequestPath path, Request request) {
    return show(kind, request, 200, resources.get(target(kind, path)), List.of());
  }

  private Response list(ResourceKind kind, RequestPath path, Request request) {
    Representation representation = MediaTypes.negotiate(request.accept());
    ResourceList list =
        resources.list(
            query(kind, path, request),
            new ListOptions(
                (int) Math.min(request.number("limit"), Integer.MAX_VALUE),
                request.parameter("continue"),
                request.parameter("resourceVersion"),
                request.parameter("resourceVersionMatch").equals("Exact")));
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata.put("resourceVersion", Long.toString(list.revision()));
    if (!list.continueToken().isEmpty()) {
      metadata.put("continue", list.continueToken());
      if (list.remaining() > 0) {
        metadata.put("remainingItemCount", list.remaining());
      }
    }
    ObjectNode shown =
        new Presentation(kind, representation, request.parameter("includeObject"), clock)
            .list(list.items(), metadata);
    return body(representation, 200, shown, List.of());
  }

  private Response watch(ResourceKind kind, RequestPath path, Request request) {
    Representation representation = MediaTypes.negotiate(request.accept());
    return new WatchStream(
            resources,
            query(kind, path, request),
            new Presentation(kind, representation, request.parameter("includeObject"), clock),
            clock)
        .answer(request);
  }

  private Response show(
      ResourceKind kind, Request request, int status, ObjectNode object, List<String> warnings) {
    Representation representation = MediaTypes.negotiate(request.accept());
    ObjectNode shown =
        new Presentation(kind, representation, request.parameter("includeObject"), clock)
            .one(object);
    return body(representation, status, shown, warnings);
  }

  private static Response body(
      Representation representation, int status, ObjectNode shown, List<String> warnings) {
    return representation.yaml()
        ? new Response.Whole(status, MediaTypes.YAML, Bodies.yaml(shown), warnings)
        : new Response.Whole(status, MediaTypes.JSON, Bodies.json(shown), warnings);
  }

  private Response delete(ResourceKind kind, RequestPath path, Request request) {
    Deletion deletion = resources.delete(target(kind, path), deleteOptions(request));
    if (!deletion.gone()) {
      return show(kind, request, 200, deletion.object(), List.of());
    }
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    ObjectNode details = status.putObject("details").put("name", path.name());
    if (!kind.group().isEmpty()) {
      details.put("group", kind.group());
    }
    details.put("kind", kind.plural());
    details.put("uid", deletion.object().path("metadata").path("uid").asText());
    return Response.json(200, status);
  }

  private Response deleteAll(ResourceKind kind, RequestPath path, Request request) {
    requireNamespace(kind, path);
    List<ObjectNode> deleted =
        resources.deleteAll(query(kind, path, request), deleteOptions(request));
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    Presentation plain = new Presentation(kind, Representation.PLAIN, "", clock);
    return Response.json(200, plain.list(deleted, metadata));
  }

  private static Target target(ResourceKind kind, RequestPath path) {
    return new Target(kind, path.namespace(), path.name(), path.subresource().equals("status"));
  }

  private static Query query(ResourceKind kind, RequestPath path, Request request) {
    try {
      FieldSelector fields = FieldSelector.parse(request.parameter("fieldSelector"));
      return new Query(
          kind,
          path.namespace(),
          LabelSelector.parse(request.parameter("labelSelector")),
          path.name().isEmpty() ? fields : fields.and("metadata.name", path.name()));
    } catch (IllegalArgumentException e) {
      throw new ApiException(ApiStatus.badRequest("" + e.getMessage()));
    }
  }

  private static ObjectNode document(Request request) {
    MediaType type = MediaType.parse(request.contentType().orElse(MediaTypes.JSON));
    JsonNode body =
        switch (type.type()) {
          case MediaTypes.JSON -> Bodies.parseJson(request.body());
          case MediaTypes.YAML, "application/x-yaml", "text/yaml" ->
              Bodies.parseYaml(request.body());
          case ProtobufBody.MEDIA_TYPE ->
              ProtobufBody.parse(request.body()).orElseThrow(() -> unsupportedBody(type));
          default -> throw unsupportedBody(type);
        };
    return object(body);
  }

  private static ObjectNode object(JsonNode body) {
    if (body instanceof ObjectNode object) {
      return object;
    }
    throw new ApiException(ApiStatus.badRequest("the body of the request is not an object"));
  }

  private static Patch patch(Request request) {
    MediaType type = MediaType.parse(request.contentType().orElse(""));
    return switch (type.type()) {
      case "application/json-patch+json" -> new Patch.Json(Bodies.parseJson(request.body()));
      case "application/merge-patch+json" -> new Patch.Merge(Bodies.parseJson(request.body()));
      case "application/strategic-merge-patch+json" ->
          new Patch.Strategic(object(Bodies.parseJson(request.body())));
      case "application/apply-patch+yaml" ->
          new Patch.Apply(object(Bodies.parseYaml(request.body())));
      default ->
          throw unsupported(
              type.type(),
              List.of(
                  "application/json-patch+json",
                  "application/merge-patch+json",
                  "application/strategic-merge-patch+json",
                  "application/apply-patch+yaml"));
    };
  }

  private static ApiException unsupportedBody(MediaType type) {
    return unsupported(type.type(), List.of(MediaTypes.JSON, MediaTypes.YAML));
  }

  private static ApiException unsupported(String type, List<String> supported) {
    return new ApiException(
        ApiStatus.of(
            StatusReason.UNSUPPORTED_MEDIA_TYPE,
            "the body of the request was in an unknown format - accepted media types include: %s (it was '%s')"
                .formatted(String.join(", ", supported), type)));
  }

  private static WriteOptions writeOptions(Request request, FieldValidation otherwise) {
    FieldValidation validation =
        switch (request.parameter("fieldValidation")) {
          case "" -> otherwise;
          case "Strict" -> FieldValidation.STRICT;
          case "Warn" -> FieldValidation.WARN;
          case "Ignore" -> FieldValidation.IGNORE;
          default ->
              throw new ApiException(
                  ApiStatus.badRequest(
                      "fieldValidation: Unsupported value: \"%s\": supported values: \"Ignore\", \"Strict\", \"Warn\""
                          .formatted(request.parameter("fieldValidation"))));
        };
    return new WriteOptions(
        dryRun(request.parameter("dryRun")),
        validation,
        fieldManager(request),
        request.flag("force"));
  }

  /** A client that does not say who it is goes by the name of its program. */
  private static String fieldManager(Request request) {
    String manager = request.parameter("fieldManager");
    return manager.isEmpty() && !request.method().equals("PATCH")
        ? request.userAgent().replaceFirst("/.*", "")
        : manager;
  }

  private static boolean dryRun(String value) {
    if (!value.isEmpty() && !value.equals("All")) {
      throw new ApiException(
          ApiStatus.badRequest(
              "dryRun: Unsupported value: \"%s\": supported values: \"All\"".formatted(value)));
    }
    return !value.isEmpty();
  }

  private static DeleteOptions deleteOptions(Request request) {
    boolean dryRun = dryRun(request.parameter("dryRun"));
    if (request.body().isEmpty()) {
      return new DeleteOptions("", "", dryRun);
    }
    ObjectNode options = document(request);
    JsonNode preconditions = options.path("preconditions");
    return new DeleteOptions(
        preconditions.path("uid").asText(""),
        preconditions.path("resourceVersion").asText(""),
        dryRun || dryRun(options.path("dryRun").path(0).asText("")));
  }

  private static void requireNamespace(ResourceKind kind, RequestPath path) {
    require(!kind.namespaced() || !path.namespace().isEmpty());
  }

  private static void require(boolean allowed) {
    if (!allowed) {
      throw notAllowed();
    }
  }

  private static ApiException notAllowed() {
    return new ApiException(
        ApiStatus.of(
            StatusReason.METHOD_NOT_ALLOWED,
            "the server does not allow this method on the requested resource"));
  }
}
