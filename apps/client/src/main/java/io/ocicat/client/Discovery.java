package io.ocicat.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds that a server serves, asked of it group by group and only as far as needed. */
public final class Discovery {
  private final ApiClient client;
  private final List<ApiResource> known = new ArrayList<>();
  private final List<String> unread = new ArrayList<>();
  private boolean groupsRead;

  /** Asks nothing yet. */
  public Discovery(ApiClient client) {
    this.client = client;
    unread.add("/api/v1");
  }

  /**
   * The kind that a person calls {@code name}: plural, singular, kind, short name, or any of the
   * first two with the group appended.
   */
  public Optional<ApiResource> named(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    while (true) {
      Optional<ApiResource> found =
          known.stream().filter(resource -> resource.isCalled(wanted)).findFirst();
      if (found.isPresent() || !readMore()) {
        return found;
      }
    }
  }

  /** The kind that a document of {@code apiVersion} and {@code kind} has. */
  public Optional<ApiResource> of(String apiVersion, String kind) {
    String path = apiVersion.contains("/") ? "/apis/" + apiVersion : "/api/" + apiVersion;
    if (known.stream().noneMatch(resource -> resource.apiVersion().equals(apiVersion))) {
      unread.remove(path);
      try {
        readGroup(path);
      } catch (ApiException e) {
        if (e.notFound()) {
          return Optional.empty();
        }
        throw e;
      }
    }
    return known.stream()
        .filter(
            resource -> resource.apiVersion().equals(apiVersion) && resource.kind().equals(kind))
        .findFirst();
  }

  /** Every kind. */
  public List<ApiResource> all() {
    boolean more = true;
    while (more) {
      more = readMore();
    }
    return List.copyOf(known);
  }

  private boolean readMore() {
    if (unread.isEmpty() && !groupsRead) {
      groupsRead = true;
      JsonNode groups = client.read(new ApiClient.Attempt("list the API's groups", "/apis"));
      for (JsonNode group : groups.path("groups")) {
        String path = "/apis/" + group.path("preferredVersion").path("groupVersion").asText();
        if (known.stream().noneMatch(resource -> path.equals("/apis/" + resource.apiVersion()))) {
          unread.add(path);
        }
      }
    }
    if (unread.isEmpty()) {
      return false;
    }
    readGroup(unread.removeFirst());
    return true;
  }

  private void readGroup(String path) {
    JsonNode list = client.read(new ApiClient.Attempt("ask which kinds the API has", path));
    String groupVersion = list.path("groupVersion").asText();
    int slash = groupVersion.indexOf('/');
    for (JsonNode resource : list.path("resources")) {
      String plural = resource.path("name").asText();
      if (plural.contains("/")) {
        continue;
      }
      List<String> shortNames = new ArrayList<>();
      resource.path("shortNames").forEach(node -> shortNames.add(node.asText()));
      String kind = resource.path("kind").asText();
      String singular = resource.path("singularName").asText("");
      known.add(
          new ApiResource(
              slash < 0 ? "" : groupVersion.substring(0, slash),
              groupVersion.substring(slash + 1),
              plural,
              singular.isEmpty() ? kind.toLowerCase(Locale.ROOT) : singular,
              kind,
              resource.path("namespaced").asBoolean(),
              shortNames));
    }
  }
}
