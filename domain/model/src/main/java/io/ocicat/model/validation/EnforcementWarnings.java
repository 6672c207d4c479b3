package io.ocicat.model.validation;

import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.util.Set;

/** Tells the authors of what is stored and has no effect that it has none. */
final class EnforcementWarnings {
  private static final Set<ResourceKind> WITHOUT_EFFECT =
      Set.of(
          Kinds.CLUSTER_NETWORK_POLICY,
          Kinds.TIER,
          Kinds.CALICO_NETWORK_POLICY,
          Kinds.GLOBAL_NETWORK_POLICY,
          Kinds.STAGED_NETWORK_POLICY,
          Kinds.STAGED_GLOBAL_NETWORK_POLICY,
          Kinds.STAGED_KUBERNETES_NETWORK_POLICY,
          Kinds.NETWORK_SET,
          Kinds.GLOBAL_NETWORK_SET);

  private EnforcementWarnings() {}

  static void check(ResourceKind kind, Place root) {
    if (WITHOUT_EFFECT.contains(kind)) {
      root.at("spec")
          .warning("accepted, not enforced yet: this version only stores " + kind.plural());
    }
  }
}
