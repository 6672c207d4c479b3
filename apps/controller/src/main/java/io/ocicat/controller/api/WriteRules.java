package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.ApiStatus.Cause;
import io.ocicat.model.Kinds;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What a write may set and what the server sets itself: identity, times, generation, status. The
 * documents handed in are the caller's own and are changed.
 */
final class WriteRules {

  /** Upstream's alphabet for generated names: nothing that spells or looks like a word. */
  private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX_LENGTH = 5;
  private static final int GENERATED_BASE_MAX_LENGTH = 58;
  private static final List<String> NOT_SPEC = List.of("apiVersion", "kind", "metadata", "status");

  private final InstantSource clock;
  private final RandomGenerator random;

  WriteRules(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** Now, as metadata spells times. */
  String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * Checks that the document is what the request's path says, and fills in what the path knows.
   *
   * @throws ApiException 400
   */
  void matchPath(Target target, ObjectNode document) {
    String apiVersion = document.path("apiVersion").asText("");
    String kind = document.path("kind").asText("");
    if (!kind.isEmpty() && !kind.equals(target.kind().kind())) {
      throw badRequest(
          "the kind in the data (%s) does not match the expected kind (%s)"
              .formatted(kind, target.kind().kind()));
    }
    if (!apiVersion.isEmpty() && !apiVersion.equals(target.kind().apiVersion())) {
      throw badRequest(
          "the API version in the data (%s) does not match the expected API version (%s)"
              .formatted(apiVersion, target.kind().apiVersion()));
    }
    JsonNode metadata = document.get("metadata");
    if (metadata != null && !metadata.isObject() && !metadata.isNull()) {
      throw badRequest("metadata must be an object");
    }
    document.put("apiVersion", target.kind().apiVersion()).put("kind", target.kind().kind());
    Metadata meta = Metadata.of(document);
    if (!meta.namespace().isEmpty() && !meta.namespace().equals(target.namespace())) {
      throw badRequest(
          "the namespace of the provided object (%s) does not match the namespace sent on the request (%s)"
              .formatted(meta.namespace(), target.namespace()));
    }
    meta.set("namespace", target.namespace());
    if (!target.name().isEmpty()) {
      if (!meta.name().isEmpty() && !meta.name().equals(target.name())) {
        throw badRequest(
            "the name of the object (%s) does not match the name on the URL (%s)"
                .formatted(meta.name(), target.name()));
      }
      meta.set("name", target.name());
    }
  }

  /** Makes a document new: whatever only the server may set is the server's. */
  void prepareCreate(Target target, ObjectNode document) {
    Metadata meta = Metadata.of(document);
    if (!meta.resourceVersion().isEmpty()) {
      throw badRequest("resourceVersion should not be set on objects to be created");
    }
    if (meta.name().isEmpty() && !meta.generateName().isEmpty()) {
      meta.set("name", generatedName(meta.generateName()));
    }
    for (String field : List.of("selfLink", "deletionTimestamp", "deletionGracePeriodSeconds")) {
      meta.set(field, "");
    }
    meta.set("uid", randomUuid().toString());
    meta.set("creationTimestamp", now());
    if (document.has("spec")) {
      meta.node().put("generation", 1);
    }
    if (target.kind().hasStatus()) {
      document.remove("status");
    }
    if (target.kind().equals(Kinds.NAMESPACE)) {
      document.putObject("status").put("phase", "Active");
    } else if (target.kind().equals(Kinds.POD)) {
      document.putObject("status").put("phase", "Pending");
    }
  }

  /** Makes a document the next state of {@code current}. */
  void prepareUpdate(Target target, ObjectNode current, ObjectNode next) {
    Metadata before = Metadata.of(current);
    Metadata meta = Metadata.of(next);
    if (!meta.resourceVersion().isEmpty()
        && !meta.resourceVersion().equals(before.resourceVersion())) {
      throw new ApiException(
          ApiStatus.conflict(
              target.subject(),
              "the object has been modified; please apply your changes to the latest version and"
                  + " try again"));
    }
    if (!meta.uid().isEmpty() && !meta.uid().equals(before.uid())) {
      throw new ApiException(
          ApiStatus.conflict(
              target.subject(),
              "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                  .formatted(meta.uid(), before.uid())));
    }
    for (String field :
        List.of(
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "generation",
            "generateName",
            "selfLink",
            "deletionTimestamp",
            "deletionGracePeriodSeconds")) {
      meta.takeOver(field, before);
    }
    if (target.status()) {
      Metadata ownership = new Metadata(meta.node().deepCopy());
      keepAllBut("status", current, next);
      Metadata.of(next).takeOver("managedFields", ownership);
    } else if (target.kind().hasStatus()) {
      takeOver("status", current, next);
    }
    if (before.isBeingDeleted() && !before.finalizers().containsAll(meta.finalizers())) {
      throw new ApiException(
          ApiStatus.invalid(
              target.invalidSubject(),
              List.of(
                  new Cause(
                      "FieldValueForbidden",
                      "Forbidden: no new finalizers can be added if the object is being deleted",
                      "metadata.finalizers"))));
    }
  }

  /** Counts a change of anything but metadata and status, once defaults are filled in. */
  void countGeneration(ObjectNode current, ObjectNode next) {
    if (specChanged(current, next)) {
      Metadata.of(next).node().put("generation", Metadata.of(current).generation() + 1);
    }
  }

  private static boolean specChanged(ObjectNode current, ObjectNode next) {
    ObjectNode before = current.deepCopy().remove(NOT_SPEC);
    ObjectNode after = next.deepCopy().remove(NOT_SPEC);
    return !before.equals(after);
  }

  private static void keepAllBut(String field, ObjectNode current, ObjectNode next) {
    JsonNode kept = next.get(field);
    next.removeAll();
    next.setAll(current.deepCopy());
    if (kept == null) {
      next.remove(field);
    } else {
      next.set(field, kept);
    }
  }

  private static void takeOver(String field, ObjectNode current, ObjectNode next) {
    JsonNode value = current.get(field);
    if (value == null) {
      next.remove(field);
    } else {
      next.set(field, value.deepCopy());
    }
  }

  private String generatedName(String base) {
    StringBuilder name =
        new StringBuilder(base.substring(0, Math.min(base.length(), GENERATED_BASE_MAX_LENGTH)));
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      name.append(SUFFIX_ALPHABET.charAt(random.nextInt(SUFFIX_ALPHABET.length())));
    }
    return name.toString();
  }

  /** Version 4 (RFC 9562), from the randomness handed in. */
  private UUID randomUuid() {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  private static ApiException badRequest(String message) {
    return new ApiException(ApiStatus.badRequest(message));
  }
}
