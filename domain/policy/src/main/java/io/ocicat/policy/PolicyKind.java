package io.ocicat.policy;

/** The kinds of document that say what traffic may pass. */
public enum PolicyKind {
  /** NetworkPolicy of {@code networking.k8s.io}. */
  KUBERNETES_NETWORK_POLICY("NetworkPolicy"),
  /** ClusterNetworkPolicy of {@code policy.networking.k8s.io}. */
  CLUSTER_NETWORK_POLICY("ClusterNetworkPolicy"),
  /** NetworkPolicy of {@code projectcalico.org}. */
  NETWORK_POLICY("NetworkPolicy.projectcalico.org"),
  /** GlobalNetworkPolicy of {@code projectcalico.org}. */
  GLOBAL_NETWORK_POLICY("GlobalNetworkPolicy"),
  /** What would be a {@link #NETWORK_POLICY}. */
  STAGED_NETWORK_POLICY("StagedNetworkPolicy"),
  /** What would be a {@link #GLOBAL_NETWORK_POLICY}. */
  STAGED_GLOBAL_NETWORK_POLICY("StagedGlobalNetworkPolicy"),
  /** What would be a {@link #KUBERNETES_NETWORK_POLICY}. */
  STAGED_KUBERNETES_NETWORK_POLICY("StagedKubernetesNetworkPolicy");

  private final String documentName;

  PolicyKind(String documentName) {
    this.documentName = documentName;
  }

  /** The kind, with its group where the name alone could be another's. */
  public String documentName() {
    return documentName;
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
          GLOBAL_NETWORK_POLICY ->
          this;
    };
  }

  public boolean isStaged() {
    return enforced() != this;
  }
}
