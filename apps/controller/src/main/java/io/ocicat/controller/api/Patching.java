package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.patch.JsonPatch;
import io.ocicat.controller.api.patch.MergePatch;
import io.ocicat.controller.api.patch.Patch;
import io.ocicat.controller.api.patch.PatchException;
import io.ocicat.controller.api.patch.StrategicMergePatch;
import io.ocicat.model.schema.Schemas;
import java.util.List;

/** Patches, with refusals as statuses. */
final class Patching {

  private Patching() {}

  /** The object as the patch makes it. */
  static ObjectNode apply(Target target, ObjectNode current, Patch patch) {
    try {
      return switch (patch) {
        case Patch.Merge(var changes) -> MergePatch.apply(current, changes);
        case Patch.Json(var operations) -> JsonPatch.apply(current, operations);
        case Patch.Strategic(var changes) ->
            StrategicMergePatch.apply(current, changes, Schemas.of(target.kind()));
        case Patch.Apply(var configuration) -> throw noServerSideApply();
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

  private static ApiException noServerSideApply() {
    return new ApiException(
        ApiStatus.of(
            StatusReason.UNSUPPORTED_MEDIA_TYPE,
            "server-side apply is not supported; use kubectl apply without --server-side"));
  }
}
