package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiResource;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds the revision at which an object goes. The answer to a deletion does not say it, and an
 * object with finalizers or a grace period goes later: only a watch from before knows.
 */
record Deletion(String path, String words, long before, String uid) {

  /** Takes note of where things stand before the deletion; empty if there is nothing to delete. */
  static Optional<Deletion> expect(ApiClient client, ApiResource resource, String in, String name) {
    String words = resource.plural() + " " + name;
    String selected =
        resource.collectionPath(in)
            + "?fieldSelector="
            + URLEncoder.encode("metadata.name=" + name, StandardCharsets.UTF_8);
    JsonNode list = client.read(new ApiClient.Attempt("look at " + words, selected));
    String uid = list.path("items").path(0).path("metadata").path("uid").asText();
    return uid.isEmpty()
        ? Optional.empty()
        : Optional.of(new Deletion(selected, words, Goal.revision(list), uid));
  }

  /**
   * Waits until it is gone; tells the revision of that.
   *
   * @throws Refusal if it is still there after that time
   */
  long await(ApiClient client, Duration deadline) {
    AtomicLong gone = new AtomicLong();
    String watch =
        "%s&watch=1&resourceVersion=%d&timeoutSeconds=%d"
            .formatted(path, before, Math.max(1, deadline.toSeconds()));
    client.watch(
        new ApiClient.Attempt("watch " + words + " go", watch),
        false,
        event -> {
          JsonNode object = event.path("object");
          boolean isIt =
              event.path("type").asText().equals("DELETED")
                  && object.path("metadata").path("uid").asText().equals(uid);
          if (isIt) {
            gone.set(Goal.revision(object));
          }
          return !isIt;
        });
    if (gone.get() == 0) {
      throw new Refusal(
          "wait until %s is gone: it is marked for deletion and still there after %d s; look at its"
                  .formatted(words, deadline.toSeconds())
              + " finalizers with 'ocicat describe'");
    }
    return gone.get();
  }
}
