package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A StagedKubernetesNetworkPolicy of {@code projectcalico.org/v3}: a Kubernetes NetworkPolicy that
 * is evaluated and reported, never enforced.
 *
 * @param action what enforcing it would do
 * @param policy the policy that it would be
 */
public record StagedKubernetesPolicy(StagedAction action, NetworkPolicy policy) {
  /**
   * Reads a document of this kind.
   *
   * @throws UnreadableDocumentException if it cannot be told which pods it selects
   */
  public static StagedKubernetesPolicy read(JsonNode document) {
    return new StagedKubernetesPolicy(
        StagedAction.of(Fields.of(document).at("spec")), NetworkPolicy.read(document));
  }
}
