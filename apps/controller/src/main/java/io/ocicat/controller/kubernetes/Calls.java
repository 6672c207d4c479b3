package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.StoreException;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import java.util.Optional;

/** Calls whose callers have nothing else to do than to fail with them. */
final class Calls {

  private static final int MOST_ATTEMPTS = 8;

  private final ApiServer server;

  Calls(ApiServer server) {
    this.server = server;
  }

  private interface Call<T> {
    T make() throws ApiException, InterruptedException;
  }

  private <T> T orFail(String operation, Call<T> call) {
    try {
      return call.make();
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
