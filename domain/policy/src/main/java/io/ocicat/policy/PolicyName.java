package io.ocicat.policy;

import java.util.Comparator;

/**
 * Names a policy.
 *
 * @param namespace empty for kinds without one
 */
public record PolicyName(PolicyKind kind, String namespace, String name)
    implements Comparable<PolicyName> {

  /** That of policies of one tier with equal {@code order}. */
  private static final Comparator<PolicyName> ORDER =
      Comparator.comparing(PolicyName::name)
          .thenComparing(PolicyName::namespace)
          .thenComparing(name -> name.kind().documentName());

  /** Of a NetworkPolicy of Kubernetes. */
  public static PolicyName ofKubernetes(String namespace, String name) {
    return new PolicyName(PolicyKind.KUBERNETES_NETWORK_POLICY, namespace, name);
  }

  /** The name of the enforced policy that a staged one stands for; of others their own. */
  public PolicyName enforced() {
    return new PolicyName(kind.enforced(), namespace, name);
  }

  @Override
  public int compareTo(PolicyName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return kind.documentName() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
