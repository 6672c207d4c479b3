package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.client.ApiResource;
import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What nodes do not do of what an object says about BGP, in the words of its Events. */
final class ObjectEvents {
  private static final Set<KindName> KINDS =
      Set.of(
          Kinds.BGP_CONFIGURATION.name(),
          Kinds.BGP_PEER.name(),
          Kinds.BGP_FILTER.name(),
          Kinds.BGP_PEER_OPTIONS.name());

  private ObjectEvents() {}

  /** Whether Events of objects of this kind are shown with them. */
  static boolean areOf(ApiResource resource) {
    return KINDS.contains(new KindName(resource.group(), resource.plural()));
  }

  /** Prints them, if there are any. */
  static void print(PrintWriter out, ApiClient client, JsonNode object) {
    String name = object.at("/metadata/name").asText();
    String query =
        "involvedObject.kind=%s,involvedObject.name=%s"
            .formatted(object.path("kind").asText(), name);
    String path =
        "/api/v1/events?fieldSelector=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    try {
      JsonNode events = client.read(new ApiClient.Attempt("list events of " + name, path));
      String title = "Events:";
      for (JsonNode event : events.path("items")) {
        out.printf(
            "%-14s%s %s %s: %s%n",
            title,
            event.path("lastTimestamp").asText(),
            event.path("type").asText(),
            event.path("reason").asText(),
            event.path("message").asText());
        title = "";
      }
    } catch (ApiException e) {
      if (e.httpStatus() == 0) {
        throw e;
      }
      out.println("Events:       not known: " + e.headline());
    }
  }
}
