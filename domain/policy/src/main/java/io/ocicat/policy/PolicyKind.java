package io.ocicat.policy;

import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of document that say what traffic may pass. */
public enum PolicyKind {
  /** NetworkPolicy of {@code networking.k8s.io}. */
  KUBERNETES_NETWORK_POLICY(Kinds.NETWORK_POLICY),
  /** ClusterNetworkPolicy of {@code policy.networking.k8s.io}. */
  CLUSTER_NETWORK_POLICY(Kinds.CLUSTER_NETWORK_POLICY),
  /** NetworkPolicy of {@code projectcalico.org}. */
  NETWORK_POLICY(Kinds.CALICO_NETWORK_POLICY),
  /** GlobalNetworkPolicy of {@code projectcalico.org}. */
  GLOBAL_NETWORK_POLICY(Kinds.GLOBAL_NETWORK_POLICY),
  /** What would be a {@link #NETWORK_POLICY}. */
  STAGED_NETWORK_POLICY(Kinds.STAGED_NETWORK_POLICY),
  /** What would be a {@link #GLOBAL_NETWORK_POLICY}. */
  STAGED_GLOBAL_NETWORK_POLICY(Kinds.STAGED_GLOBAL_NETWORK_POLICY),
  /** What would be a {@link #KUBERNETES_NETWORK_POLICY}. */
  STAGED_KUBERNETES_NETWORK_POLICY(Kinds.STAGED_KUBERNETES_NETWORK_POLICY),
  /** Profile: no policy selects by it; host endpoints name it. */
  PROFILE(Kinds.PROFILE);

  private final String group;
  private final String plural;
  private final String kind;

  PolicyKind(ResourceKind resource) {
    group = resource.group();
    plural = resource.name().plural();
    kind = resource.kind();
  }

  /** The kind, with its group where the name alone is another's. */
  public String documentName() {
    return this == NETWORK_POLICY ? kind + "." + group : kind;
  }

  /** The kind with that {@link #documentName}. */
  public static Optional<PolicyKind> named(String documentName) {
    return Arrays.stream(values())
        .filter(each -> each.documentName().equals(documentName))
        .findFirst();
  }

  /** The kind of that resource's documents. */
  public static Optional<PolicyKind> of(KindName resource) {
    return Arrays.stream(values()).filter(each -> each.resource().equals(resource)).findFirst();
  }

  /** The resource under which the API serves it. */
  public KindName resource() {
    return new KindName(group, plural);
  }

  /** Of a staged kind the one that is enforced; of others themselves. */
  public PolicyKind enforced() {
    return switch (this) {
      case STAGED_NETWORK_POLICY -> NETWORK_POLICY;
      case STAGED_GLOBAL_NETWORK_POLICY -> GLOBAL_NETWORK_POLICY;
      case STAGED_KUBERNETES_NETWORK_POLICY -> KUBERNETES_NETWORK_POLICY;
      case KUBERNETES_NETWORK_POLICY,
          CLUSTER_NETWORK_POLICY,
          NETWORK_POLICY,
          GLOBAL_NETWORK_POLICY,
          PROFILE ->
          this;
    };
  }

  public boolean isStaged() {
    return enforced() != this;
  }
}
