package io.ocicat.controller.api.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.ApiException;
import io.ocicat.controller.api.ApiStatus;
import io.ocicat.controller.api.ResourceService;
import io.ocicat.controller.api.StatusReason;
import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Which path is answered by what. */
public final class ApiRoutes {

  /** The upstream version whose API this is like; kubectl compares its own with it. */
  private static final String MAJOR = "1";

  private static final String MINOR = "32";

  /** How far the cluster has come; what {@code ocicat status} asks for. */
  private static final List<String> STATUS_PATH = List.of("ocicat", "v1", "status");

  private static final Set<String> OPEN_PATHS = Set.of("/healthz", "/livez", "/readyz", "/version");

  private final Discovery discovery = new Discovery();
  private final OpenApiDocuments openApi;
  private final ResourceHandler resources;
  private final ResourceHandler events;
  private final String version;
  private final Supplier<ObjectNode> clusterStatus;

  /**
   * What is served.
   *
   * @param events has Events alone, and is only read
   */
  public record Served(ResourceService resources, ResourceService events) {}

  /**
   * @param version of the program, for {@code /version}
   * @param clusterStatus what {@code /ocicat/v1/status} answers
   * @param clock for the end of watches
   */
  public ApiRoutes(
      Served served, String version, Supplier<ObjectNode> clusterStatus, InstantSource clock) {
    this.resources = new ResourceHandler(served.resources(), clock);
    this.events = new ResourceHandler(served.events(), clock);
    this.version = version;
    this.clusterStatus = clusterStatus;
    this.openApi = new OpenApiDocuments(discovery.groupVersions(), version);
  }

  /** Whether anybody may ask. */
  static boolean isOpen(String path) {
    return OPEN_PATHS.contains(path);
  }

  Response answer(Request request) {
    List<String> path = request.path();
    String first = path.isEmpty() ? "" : path.getFirst();
    return switch (first) {
      case "" -> reading(request, paths());
      case "version" -> reading(request, version());
      case "healthz", "livez", "readyz" -> reading(request, Response.text(200, "ok"));
      case "ocicat" -> own(request);
      case "openapi" -> openApi.answer(request);
      case "api", "apis" -> api(request);
      default -> throw new ApiException(ApiStatus.noSuchPath());
    };
  }

  /** What no Kubernetes has. */
  private Response own(Request request) {
    if (!request.path().equals(STATUS_PATH)) {
      throw new ApiException(ApiStatus.noSuchPath());
    }
    return reading(request, Response.json(200, clusterStatus.get()));
  }

  private Response api(Request request) {
    List<String> path = request.path();
    boolean core = path.getFirst().equals("api");
    if (path.size() == 1) {
      return reading(
          request, core ? discovery.core(request.accept()) : discovery.groups(request.accept()));
    }
    if (!core && path.size() == 2) {
      return reading(request, found(discovery.group(path.get(1))));
    }
    if (path.size() == (core ? 2 : 3)) {
      return reading(request, found(discovery.resources(core ? "" : path.get(1), path.getLast())));
    }
    RequestPath resource =
        RequestPath.parse(path).orElseThrow(() -> new ApiException(ApiStatus.noSuchPath()));
    return Reviews.answer(resource, request)
        .orElseGet(
            () ->
                isOfEvents(resource)
                    ? reading(request, () -> events.answer(Kinds.EVENT, resource, request))
                    : resources.answer(kind(resource), resource, request));
  }

  private static boolean isOfEvents(RequestPath path) {
    return path.group().isEmpty()
        && path.version().equals(Kinds.EVENT.version())
        && path.resource().equals(Kinds.EVENT.plural())
        && path.subresource().isEmpty();
  }

  private static ResourceKind kind(RequestPath path) {
    return Kinds.named(new KindName(path.group(), path.resource()))
        .filter(kind -> kind.version().equals(path.version()))
        .filter(
            kind ->
                path.subresource().isEmpty() || kind.subresources().contains(path.subresource()))
        .filter(kind -> kind.namespaced() || path.namespace().isEmpty())
        .filter(kind -> !kind.namespaced() || path.name().isEmpty() || !path.namespace().isEmpty())
        .orElseThrow(() -> new ApiException(ApiStatus.noSuchPath()));
  }

  private static Response found(Optional<Response> response) {
    return response.orElseThrow(() -> new ApiException(ApiStatus.noSuchPath()));
  }

  private static Response reading(Request request, Response response) {
    return reading(request, () -> response);
  }

  private static Response reading(Request request, Supplier<Response> response) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      throw new ApiException(
          ApiStatus.of(
              StatusReason.METHOD_NOT_ALLOWED,
              "the server does not allow this method on the requested resource"));
    }
    return response.get();
  }

  private Response version() {
    ObjectNode info = JsonNodeFactory.instance.objectNode();
    info.put("major", MAJOR).put("minor", MINOR);
    info.put("gitVersion", "v%s.%s.0+ocicat-%s".formatted(MAJOR, MINOR, version));
    info.put("gitCommit", "").put("gitTreeState", "").put("buildDate", "1970-01-01T00:00:00Z");
    info.put("goVersion", "").put("compiler", "java").put("platform", "java/25");
    return Response.json(200, info);
  }

  private Response paths() {
    TreeSet<String> paths =
        new TreeSet<>(
            List.of(
                "/api",
                "/apis",
                "/healthz",
                "/livez",
                "/openapi/v2",
                "/openapi/v3",
                "/readyz",
                "/version"));
    discovery.groupVersions().forEach(each -> paths.add("/" + each.path()));
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    paths.forEach(index.putArray("paths")::add);
    return Response.json(200, index);
  }
}
