package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.StoreException;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import io.ocicat.store.kubernetes.Retries;
import java.time.Duration;
import java.util.Optional;

/**
 * Calls whose callers have nothing else to do than to fail with them. What may be done twice is,
 * for as long as the patience lasts.
 */
final class Calls {

  private static final int MOST_ATTEMPTS = 8;

  /**
   * For writers of reports, whose readers can wait: this replica may lead on while the server is
   * away, and nobody reports a second time.
   */
  static final Duration WRITERS_PATIENCE = Duration.ofDays(1);

  private final ApiServer server;
  private final Retries retries;

  Calls(ApiServer server, Retries retries) {
    this.server = server;
    this.retries = retries;
  }

  private <T> T orFail(String operation, Retries.Call<T> call) {
    try {
      return retries.make(ApiException::isPassing, call);
    } catch (ApiException e) {
      throw new StoreException(operation, server.location(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(operation, server.location(), e);
    }
  }

  /** The document under a path, if there is one. */
  Optional<ObjectNode> find(String path) {
    return orFail(
        "reading " + path,
        () -> {
          try {
            return Optional.of(server.get(path));
          } catch (ApiException e) {
            if (e.isNotFound()) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  /**
   * Patches what is under a path.
   *
   * @return {@code false} if it is no more, or a condition in the patch does not hold
   */
  boolean patch(String path, ObjectNode patch) {
    return orFail(
        "changing " + path,
        () -> {
          try {
            ObjectNode _ = server.send(Verb.MERGE_PATCH, path, patch);
            return true;
          } catch (ApiException e) {
            if (e.isNotFound() || e.isConflict()) {
              return false;
            }
            throw e;
          }
        });
  }

  /**
   * Changes lists, which a patch can only replace: reads, and patches on condition that nobody else
   * wrote in between.
   *
   * @param subresource for example {@code /status}; empty for the object itself
   * @param change puts into a patch what shall be different; nothing: nothing is sent
   */
  void change(String path, String subresource, Change change) {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      Optional<ObjectNode> found = find(path);
      if (found.isEmpty()) {
        return;
      }
      ObjectNode patch = found.get().objectNode();
      change.into(found.get(), patch);
      if (patch.isEmpty()) {
        return;
      }
      patch
          .withObject("/metadata")
          .put("resourceVersion", found.get().path("metadata").path("resourceVersion").asText());
      if (patch(path + subresource, patch)) {
        return;
      }
    }
    throw new StoreException(
        "changing " + path,
        server.location(),
        new IllegalStateException("others kept changing it"));
  }

  /** See {@link #change}. */
  interface Change {
    void into(ObjectNode before, ObjectNode patch);
  }
}
