package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A StagedNetworkPolicy or StagedGlobalNetworkPolicy of {@code projectcalico.org/v3}: evaluated and
 * reported, never enforced.
 *
 * @param action what enforcing it would do
 * @param policy the policy that it would be
 */
public record StagedPolicy(StagedAction action, CalicoPolicy policy) {
  /** Reads a document of either kind. Never fails, as {@link CalicoPolicy#read} does not. */
  public static StagedPolicy read(JsonNode document) {
    return new StagedPolicy(
        StagedAction.of(Fields.of(document).at("spec")), CalicoPolicy.read(document));
  }
}
