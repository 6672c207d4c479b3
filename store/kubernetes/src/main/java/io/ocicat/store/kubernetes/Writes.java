package io.ocicat.store.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.AlreadyExists;
import io.ocicat.store.Conflict;
import io.ocicat.store.CreateResult;
import io.ocicat.store.DeleteResult;
import io.ocicat.store.Expected;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.StoreException;
import io.ocicat.store.StoredObject;
import io.ocicat.store.UpdateResult;
import io.ocicat.store.Written;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes to the server, one call or two each, and takes its answers into the mirror. Safe for use
 * by many threads.
 *
 * <p>Every change is made on condition that the server has the state that the mirror has, so what a
 * write overwrites has always been seen here before.
 */
final class Writes {
  /** A write that loses this many races in a row gives up. */
  private static final int MOST_ATTEMPTS = 32;

  /** What only the server decides, in metadata. */
  private static final List<String> SERVER_OWNED =
      List.of(
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "managedFields",
          "selfLink");

  /** What of it the mirror keeps. */
  private static final Set<String> MIRRORED_OF_SERVER =
      Set.of(
          "uid",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds");

  private final ApiServer server;
  private final Mirror mirror;
  private final Retries retries;

  Writes(ApiServer server, Mirror mirror, Retries retries) {
    this.server = server;
    this.mirror = mirror;
    this.retries = retries;
  }

  /** Sends once more what the server turned away unread, and nothing else. */
  private ObjectNode ask(Verb verb, String path, ObjectNode body)
      throws ApiException, InterruptedException {
    return retries.make(ApiException::isOverloaded, () -> server.send(verb, path, body));
  }

  private interface Step<T> {
    /** The result, or empty if somebody else wrote in between. */
    Optional<T> attempt() throws ApiException, InterruptedException;
  }

  private <T> T until(String what, ResourceKey key, Step<T> step) {
    String operation = what + " " + key;
    try {
      for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        Optional<T> result = step.attempt();
        if (result.isPresent()) {
          return result.get();
        }
      }
      throw new StoreException(
          operation,
          server.location(),
          new IllegalStateException("others kept changing it; try again later"));
    } catch (ApiException e) {
      throw new StoreException(operation, server.location(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(operation, server.location(), e);
    }
  }

  CreateResult create(MirroredKind kind, ResourceKey key, ObjectNode document) {
    ObjectNode wanted = identified(kind, key, document);
    wanted.withObject("/metadata").remove(SERVER_OWNED);
    return until("creating", key, () -> attemptCreate(kind, key, wanted));
  }

  private Optional<CreateResult> attemptCreate(
      MirroredKind kind, ResourceKey key, ObjectNode wanted)
      throws ApiException, InterruptedException {
    ObjectNode answer;
    try {
      answer = ask(Verb.POST, kind.collection(key), wanted);
    } catch (ApiException e) {
      if (e.isConflict() && e.reason().equals("AlreadyExists")) {
        return refresh(kind, key).map(held -> new AlreadyExists(held.object()));
      }
      throw e;
    }
    ObjectNode status = statusPatch(kind, answer, wanted);
    StoredObject created = enter(kind, key, answer);
    if (!status.isEmpty()) {
      created = patchStatus(kind, key, status);
    }
    return Optional.of(new Written(created));
  }

  /** What the server did not take of the status, since a create does not set it. */
  private static ObjectNode statusPatch(MirroredKind kind, ObjectNode answer, ObjectNode wanted) {
    if (kind.hasStatus() && wanted.get("status") instanceof ObjectNode status) {
      return Trees.difference(answer.deepCopy().withObject("/status"), status);
    }
    return wanted.objectNode();
  }

  private StoredObject patchStatus(MirroredKind kind, ResourceKey key, ObjectNode status)
      throws ApiException, InterruptedException {
    ObjectNode patch = status.objectNode();
    patch.set("status", status);
    return enter(kind, key, ask(Verb.MERGE_PATCH, kind.path(key) + "/status", patch));
  }

  UpdateResult update(MirroredKind kind, ResourceKey key, ObjectNode document, Expected expected) {
    ObjectNode given = identified(kind, key, document);
    return until("changing", key, () -> attemptUpdate(kind, key, given, expected));
  }

  private Optional<UpdateResult> attemptUpdate(
      MirroredKind kind, ResourceKey key, ObjectNode given, Expected expected)
      throws ApiException, InterruptedException {
    Optional<Mirror.Held> found = current(kind, key);
    if (found.isEmpty()) {
      return Optional.of(new NotFound(key));
    }
    Mirror.Held held = found.get();
    if (!expected.isMetBy(held.object().revision())) {
      return Optional.of(new Conflict(held.object()));
    }
    ObjectNode before = held.object().tree();
    ObjectNode patch = Trees.difference(before, owned(before, given));
    if (patch.isEmpty()) {
      return Optional.of(new Written(held.object()));
    }
    kind.projection().requireWritable(patch);
    try {
      return Optional.of(new Written(send(kind, key, patch, held.version())));
    } catch (ApiException e) {
      if (e.isConflict() || e.isNotFound()) {
        return refresh(kind, key).isPresent() ? Optional.empty() : Optional.of(new NotFound(key));
      }
      throw e;
    }
  }

  /**
   * Sends the parts of a patch. Once the first is written, so is the second, whatever others do in
   * between: they are one write that must not be left half done.
   */
  private StoredObject send(MirroredKind kind, ResourceKey key, ObjectNode patch, long version)
      throws ApiException, InterruptedException {
    if (!kind.hasStatus() || !(patch.get("status") instanceof ObjectNode status)) {
      return enter(kind, key, patchAt(kind.path(key), patch, version));
    }
    patch.remove("status");
    if (!patch.isEmpty()) {
      enter(kind, key, patchAt(kind.path(key), patch, version));
      return patchStatus(kind, key, status);
    }
    ObjectNode statusAlone = patch.objectNode();
    statusAlone.set("status", status);
    return enter(kind, key, patchAt(kind.path(key) + "/status", statusAlone, version));
  }

  private ObjectNode patchAt(String path, ObjectNode patch, long version)
      throws ApiException, InterruptedException {
    patch.withObject("/metadata").put("resourceVersion", Long.toString(version));
    return ask(Verb.MERGE_PATCH, path, patch);
  }

  DeleteResult delete(MirroredKind kind, ResourceKey key, Expected expected) {
    return until("deleting", key, () -> attemptDelete(kind, key, expected));
  }

  private Optional<DeleteResult> attemptDelete(
      MirroredKind kind, ResourceKey key, Expected expected)
      throws ApiException, InterruptedException {
    Optional<Mirror.Held> found = current(kind, key);
    if (found.isEmpty()) {
      return Optional.of(new NotFound(key));
    }
    Mirror.Held held = found.get();
    if (!expected.isMetBy(held.object().revision())) {
      return Optional.of(new Conflict(held.object()));
    }
    ObjectNode options = held.object().tree().objectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options
        .withObject("/preconditions")
        .put("uid", held.uid())
        .put("resourceVersion", Long.toString(held.version()));
    try {
      ObjectNode answer = ask(Verb.DELETE, kind.path(key), options);
      StoredObject last =
          isStillThere(answer)
              ? enter(kind, key, answer)
              : mirror.leave(key, held.uid()).orElse(held.object());
      return Optional.of(new Written(last));
    } catch (ApiException e) {
      if (e.isConflict() || e.isNotFound()) {
        return refresh(kind, key).isPresent() ? Optional.empty() : Optional.of(new NotFound(key));
      }
      throw e;
    }
  }

  /**
   * Whether a deleted object waits for finalizers (a namespace's are in its spec), or for its grace
   * period to pass.
   */
  private static boolean isStillThere(ObjectNode answer) {
    if (answer.path("kind").asText().equals("Status")) {
      return false;
    }
    var metadata = answer.path("metadata");
    return metadata.has("deletionTimestamp")
        && (!metadata.path("finalizers").isEmpty()
            || !answer.at("/spec/finalizers").isEmpty()
            || metadata.path("deletionGracePeriodSeconds").asLong() > 0);
  }

  /** The object as the mirror has it or, since it may be behind, the server. */
  private Optional<Mirror.Held> current(MirroredKind kind, ResourceKey key)
      throws ApiException, InterruptedException {
    Optional<Mirror.Held> held = mirror.held(key);
    return held.isPresent() ? held : refresh(kind, key);
  }

  /** Asks the server and takes its answer into the mirror. */
  private Optional<Mirror.Held> refresh(MirroredKind kind, ResourceKey key)
      throws ApiException, InterruptedException {
    Optional<Mirror.Held> before = mirror.held(key);
    try {
      enter(kind, key, retries.make(ApiException::isPassing, () -> server.get(kind.path(key))));
    } catch (ApiException e) {
      if (!e.isNotFound()) {
        throw e;
      }
      before.ifPresent(held -> mirror.leave(key, held.uid()));
    }
    return mirror.held(key);
  }

  private StoredObject enter(MirroredKind kind, ResourceKey key, ObjectNode answer) {
    ServerObject state = ServerObject.of(kind, kind.versions().getFirst(), answer);
    return mirror
        .enter(state)
        // Gone again already, and so long ago that the history does not have it any more.
        .orElseGet(() -> new StoredObject(key, mirror.currentRevision(), 0, state.json()));
  }

  /** A copy of a document that says which object it is. */
  private static ObjectNode identified(MirroredKind kind, ResourceKey key, ObjectNode document) {
    ObjectNode identified = Trees.normal(document);
    identified
        .put("apiVersion", kind.apiVersion(kind.versions().getFirst()))
        .put("kind", kind.kind());
    ObjectNode metadata = identified.withObject("/metadata");
    metadata.put("name", key.name());
    if (kind.namespaced()) {
      metadata.put("namespace", key.namespace());
    }
    return identified;
  }

  /** The document with the server's fields as the server has them. */
  private static ObjectNode owned(ObjectNode before, ObjectNode given) {
    ObjectNode owned = given.deepCopy();
    ObjectNode metadata = owned.withObject("/metadata");
    metadata.remove(SERVER_OWNED);
    before
        .path("metadata")
        .properties()
        .forEach(
            field -> {
              if (MIRRORED_OF_SERVER.contains(field.getKey())) {
                metadata.set(field.getKey(), field.getValue());
              }
            });
    return owned;
  }
}
