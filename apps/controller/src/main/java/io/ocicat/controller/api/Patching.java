package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.patch.JsonPatch;
import io.ocicat.controller.api.patch.ManagedFields;
import io.ocicat.controller.api.patch.MergePatch;
import io.ocicat.controller.api.patch.Patch;
import io.ocicat.controller.api.patch.PatchException;
import io.ocicat.controller.api.patch.ServerSideApply;
import io.ocicat.controller.api.patch.StrategicMergePatch;
import io.ocicat.model.schema.Schemas;
import java.util.List;
import java.util.stream.Collectors;

/** Patches, with refusals as statuses. */
final class Patching {

  private Patching() {}

  /**
   * The object as the patch makes it. Server-side apply says in it who owns what; after any other
   * patch, that is as it was.
   */
  static ObjectNode apply(
      Target target, ObjectNode current, Patch patch, WriteOptions options, String now) {
    try {
      return switch (patch) {
        case Patch.Merge(var changes) -> MergePatch.apply(current, changes);
        case Patch.Json(var operations) -> JsonPatch.apply(current, operations);
        case Patch.Strategic(var changes) ->
            StrategicMergePatch.apply(current, changes, Schemas.of(target.kind()));
        case Patch.Apply(var configuration) ->
            serverSide(target, current, configuration, options, now);
      };
    } catch (PatchException e) {
      throw new ApiException(
          e.malformed()
              ? ApiStatus.badRequest(e.problem())
              : ApiStatus.invalid(
                  target.invalidSubject(),
                  List.of(new ApiStatus.Cause("FieldValueInvalid", e.problem(), "patch"))));
    }
  }

  private static ObjectNode serverSide(
      Target target,
      ObjectNode current,
      ObjectNode configuration,
      WriteOptions options,
      String now) {
    if (options.fieldManager().isEmpty()) {
      throw new ApiException(
          ApiStatus.badRequest("fieldManager: Required value: is required for apply patch"));
    }
    for (String field : List.of("apiVersion", "kind")) {
      if (configuration.path(field).asText("").isEmpty()) {
        throw new ApiException(ApiStatus.badRequest(field + " must be set in an apply patch"));
      }
    }
    ObjectNode wanted = configuration.deepCopy();
    if (target.status()) {
      wanted.retain("apiVersion", "kind", "status");
    } else if (target.kind().hasStatus()) {
      wanted.remove("status");
    }
    ServerSideApply apply =
        new ServerSideApply(target.kind(), writer(target, options, true), options.force(), now);
    return switch (apply.apply(current, wanted)) {
      case ServerSideApply.Outcome.Applied(ObjectNode document) -> document;
      case ServerSideApply.Outcome.Conflicting(var conflicts) ->
          throw new ApiException(conflict(target, conflicts));
    };
  }

  static ManagedFields.Writer writer(Target target, WriteOptions options, boolean applies) {
    String manager = options.fieldManager().isEmpty() ? "unknown" : options.fieldManager();
    return new ManagedFields.Writer(manager, applies, target.status());
  }

  private static ApiStatus conflict(Target target, List<ServerSideApply.Conflict> conflicts) {
    List<ApiStatus.Cause> causes =
        conflicts.stream()
            .map(
                each ->
                    new ApiStatus.Cause(
                        "FieldManagerConflict",
                        "conflict with \"%s\"".formatted(each.manager()),
                        each.path()))
            .toList();
    String list =
        causes.stream()
            .map(cause -> cause.message() + ": " + cause.field())
            .collect(Collectors.joining("; "));
    return new ApiStatus(
        StatusReason.CONFLICT,
        "Apply failed with %d conflict%s: %s"
            .formatted(causes.size(), causes.size() == 1 ? "" : "s", list),
        target.subject(),
        causes);
  }
}
