package io.ocicat.controller.api.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.ApiException;
import io.ocicat.controller.api.ApiStatus;
import io.ocicat.controller.api.http.Discovery.GroupVersion;
import io.ocicat.controller.api.http.MediaTypes.MediaType;
import io.ocicat.controller.api.openapi.OpenApi;
import io.ocicat.controller.api.openapi.OpenApiProto;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Serves the OpenAPI documents. Each is built when somebody first asks, and kept. */
final class OpenApiDocuments {

  private static final String ROOT_3 = "/openapi/v3";

  private final Map<String, Bytes> built = new ConcurrentHashMap<>();
  private final List<GroupVersion> groupVersions;
  private final String programVersion;

  OpenApiDocuments(List<GroupVersion> groupVersions, String programVersion) {
    this.groupVersions = groupVersions.stream().filter(each -> !kinds(each).isEmpty()).toList();
    this.programVersion = programVersion;
  }

  Response answer(Request request) {
    List<String> path = request.path();
    if (path.size() == 2 && path.getLast().equals("v2")) {
      return version2(request.accept());
    }
    if (path.size() >= 2 && path.get(1).equals("v3")) {
      return path.size() == 2
          ? Response.json(200, index())
          : version3(String.join("/", path.subList(2, path.size())));
    }
    throw new ApiException(ApiStatus.noSuchPath());
  }

  private Response version2(Optional<String> accept) {
    for (MediaType type : MediaTypes.accepted(accept)) {
      if (type.type().equals(OpenApiProto.MEDIA_TYPE.toLowerCase(Locale.ROOT))) {
        Bytes proto =
            once(
                "v2.pb",
                () -> Bytes.of(OpenApiProto.encode(OpenApi.version2(Kinds.all(), programVersion))));
        return new Response.Whole(200, OpenApiProto.CONTENT_TYPE, proto, List.of());
      }
      if (List.of(MediaTypes.JSON, "*/*", "application/*").contains(type.type())) {
        break;
      }
    }
    Bytes json = once("v2.json", () -> Bodies.json(OpenApi.version2(Kinds.all(), programVersion)));
    return new Response.Whole(200, MediaTypes.JSON, json, List.of());
  }

  private ObjectNode index() {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    ObjectNode paths = index.putObject("paths");
    for (GroupVersion each : groupVersions) {
      paths
          .putObject(each.path())
          .put(
              "serverRelativeURL",
              "%s/%s?hash=%s".formatted(ROOT_3, each.path(), hash(document(each))));
    }
    return index;
  }

  private Response version3(String path) {
    return groupVersions.stream()
        .filter(each -> each.path().equals(path))
        .findFirst()
        .<Response>map(each -> new Response.Whole(200, MediaTypes.JSON, document(each), List.of()))
        .orElseThrow(() -> new ApiException(ApiStatus.noSuchPath()));
  }

  private Bytes document(GroupVersion groupVersion) {
    return once(
        groupVersion.path(),
        () -> Bodies.json(OpenApi.version3(kinds(groupVersion), programVersion)));
  }

  private static List<ResourceKind> kinds(GroupVersion groupVersion) {
    return Kinds.all().stream()
        .filter(kind -> kind.apiVersion().equals(groupVersion.apiVersion()))
        .toList();
  }

  private Bytes once(String name, Supplier<Bytes> builder) {
    return built.computeIfAbsent(name, _ -> builder.get());
  }

  private static String hash(Bytes document) {
    try {
      return HexFormat.of()
          .withUpperCase()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(document.content()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
