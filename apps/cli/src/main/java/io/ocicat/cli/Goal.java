package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.client.ApiResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Up to which revision objects are to be enforced. With our own API there is one count for all
 * kinds, which is the policy generation; on Kubernetes an object's resourceVersion says something
 * about objects of its kind alone.
 */
final class Goal {
  private final Map<String, Long> byKind = new TreeMap<>();
  private long revision;

  /** The revision that an object, or a list of objects, carries; 0 if it carries none. */
  static long revision(JsonNode object) {
    String version = object.path("metadata").path("resourceVersion").asText("");
    return version.matches("\\d{1,18}") ? Long.parseLong(version) : 0;
  }

  /** An object of this kind was written, and has this revision. */
  void add(ApiResource resource, long written) {
    revision = Math.max(revision, written);
    String kind =
        resource.group().isEmpty() ? resource.plural() : resource.plural() + "." + resource.group();
    byKind.merge(kind, written, Math::max);
  }

  /** With our own API: this revision was reached. */
  void atLeast(long reached) {
    revision = Math.max(revision, reached);
  }

  /** The highest of all. */
  long revision() {
    return revision;
  }

  /** Who does not enforce this yet, by the controller's report; empty if nobody. */
  List<String> lagging(JsonNode status) {
    return status.has("enforcedVersions") ? laggingByKind(status) : behind(status, revision);
  }

  private List<String> laggingByKind(JsonNode status) {
    JsonNode versions = status.path("enforcedVersions");
    boolean reached =
        !versions.isEmpty()
            && byKind.entrySet().stream()
                // What the controller does not follow has nothing to do with the network.
                .filter(each -> versions.has(each.getKey()))
                .allMatch(each -> versions.path(each.getKey()).asLong() >= each.getValue());
    if (reached) {
      return List.of();
    }
    List<String> behind = behind(status, status.path("policyGeneration").asLong());
    return behind.isEmpty() ? List.of("the controller, which has not heard of it") : behind;
  }

  private static List<String> behind(JsonNode status, long revision) {
    List<String> behind = new ArrayList<>();
    for (JsonNode node : status.path("nodes")) {
      long reached = node.path("policyGeneration").asLong();
      if (node.path("ready").asBoolean() && reached < revision) {
        behind.add(node.path("name").asText() + " (at " + reached + ")");
      }
    }
    return behind;
  }
}
