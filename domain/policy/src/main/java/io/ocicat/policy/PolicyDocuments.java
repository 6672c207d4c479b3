package io.ocicat.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.model.CalicoPolicy;
import io.ocicat.model.ClusterNetworkPolicy;
import io.ocicat.model.DenialLogging;
import io.ocicat.model.Metadata;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.Profile;
import io.ocicat.model.StagedKubernetesPolicy;
import io.ocicat.model.StagedPolicy;

/** Reads documents of every kind of policy. */
public final class PolicyDocuments {

  private PolicyDocuments() {}

  /**
   * What a document of that kind means.
   *
   * @throws io.ocicat.model.UnreadableDocumentException if it cannot be told for whom it is; {@link
   *     #unreadable} then takes its place
   */
  public static PolicySpec read(PolicyKind kind, JsonNode document) {
    boolean logDenied = DenialLogging.of(Metadata.read(document).annotations()) == DenialLogging.ON;
    return spec(kind, document).withLogDenied(logDenied);
  }

  private static PolicySpec spec(PolicyKind kind, JsonNode document) {
    return switch (kind) {
      case KUBERNETES_NETWORK_POLICY -> PolicySpecs.from(NetworkPolicy.read(document));
      case CLUSTER_NETWORK_POLICY -> ClusterPolicySpecs.from(ClusterNetworkPolicy.read(document));
      case NETWORK_POLICY, GLOBAL_NETWORK_POLICY ->
          CalicoSpecs.from(kind, CalicoPolicy.read(document));
      case PROFILE -> CalicoSpecs.from(Profile.read(document));
      case STAGED_NETWORK_POLICY, STAGED_GLOBAL_NETWORK_POLICY ->
          CalicoSpecs.from(kind, StagedPolicy.read(document));
      case STAGED_KUBERNETES_NETWORK_POLICY -> {
        StagedKubernetesPolicy staged = StagedKubernetesPolicy.read(document);
        PolicySpec spec = PolicySpecs.from(staged.policy());
        yield spec.staged(
            new PolicyName(kind, spec.name().namespace(), spec.name().name()),
            CalicoSpecs.standing(staged.action()));
      }
    };
  }

  /**
   * In place of a policy that cannot be read at all: since nobody knows which pods it protects, one
   * in a namespace isolates every pod of it until it is corrected or deleted. One that is staged,
   * or in no namespace, does nothing.
   */
  public static PolicySpec unreadable(PolicyName name, String reason) {
    PolicySpec spec = PolicySpecs.unreadable(name, reason);
    return name.kind().isStaged() || name.namespace().isEmpty()
        ? spec.staged(name, PolicySpec.Standing.IGNORED)
        : spec;
  }
}
