package io.ocicat.model;

import static io.ocicat.model.Scope.CLUSTER;
import static io.ocicat.model.Scope.NAMESPACED;

import java.util.List;
import java.util.Optional;

/** Every kind that the API serves. */
public final class Kinds {
  /** Core group. */
  public static final String CORE = "";

  /** Group of the Kubernetes NetworkPolicy. */
  public static final String NETWORKING = "networking.k8s.io";

  /** Group of the Calico kinds. */
  public static final String CALICO = "projectcalico.org";

  /** Group of what neither Kubernetes nor Calico has. */
  public static final String OCICAT = "ocicat.io";

  /** A namespace. */
  public static final ResourceKind NAMESPACE =
      core("namespaces", "Namespace", "namespace", List.of("ns"), CLUSTER, List.of());

  /** A pod. */
  public static final ResourceKind POD =
      core("pods", "Pod", "pod", List.of("po"), NAMESPACED, List.of("all"));

  /** A node. */
  public static final ResourceKind NODE =
      core("nodes", "Node", "node", List.of("no"), CLUSTER, List.of());

  /** A service account. */
  public static final ResourceKind SERVICE_ACCOUNT =
      new ResourceKind(
          new KindName(CORE, "serviceaccounts"),
          "v1",
          "ServiceAccount",
          "serviceaccount",
          List.of("sa"),
          NAMESPACED,
          List.of(),
          List.of());

  /** A Kubernetes network policy. */
  public static final ResourceKind NETWORK_POLICY =
      new ResourceKind(
          new KindName(NETWORKING, "networkpolicies"),
          "v1",
          "NetworkPolicy",
          "networkpolicy",
          List.of("netpol"),
          NAMESPACED,
          List.of(),
          List.of());

  /** A range of addresses for pods. */
  public static final ResourceKind IP_POOL =
      calico("ippools", "IPPool", "ippool", List.of("ipp", "ipps", "pool", "pools"), CLUSTER);

  /** What an agent reports of a pod's interface. */
  public static final ResourceKind WORKLOAD_ENDPOINT =
      calico(
          "workloadendpoints",
          "WorkloadEndpoint",
          "workloadendpoint",
          List.of("wep", "weps"),
          NAMESPACED);

  /** The lease of a block of addresses to a node. */
  public static final ResourceKind BLOCK_AFFINITY =
      calico(
          "blockaffinities",
          "BlockAffinity",
          "blockaffinity",
          List.of("affinity", "affinities"),
          CLUSTER);

  /**
   * How the cluster is, as the controller says; for Kubernetes alone, where our own API with its
   * {@code /ocicat/v1/status} is not. It is in none of the lists below.
   */
  public static final ResourceKind OCICAT_STATUS =
      new ResourceKind(
          new KindName(OCICAT, "ocicatstatuses"),
          "v1",
          "OcicatStatus",
          "ocicatstatus",
          List.of("ocicat"),
          CLUSTER,
          List.of(),
          List.of("status"));

  private static final List<ResourceKind> ALL =
      List.of(
          NAMESPACE,
          NODE,
          POD,
          SERVICE_ACCOUNT,
          NETWORK_POLICY,
          BLOCK_AFFINITY,
          IP_POOL,
          WORKLOAD_ENDPOINT);

  private Kinds() {}

  /** All kinds, by group and then by plural name. */
  public static List<ResourceKind> all() {
    return ALL;
  }

  /** The kind with this group and plural name. */
  public static Optional<ResourceKind> named(KindName name) {
    return ALL.stream().filter(kind -> kind.name().equals(name)).findFirst();
  }

  /** The kind that a document's {@code apiVersion} and {@code kind} mean. */
  public static Optional<ResourceKind> of(String apiVersion, String kind) {
    return ALL.stream()
        .filter(each -> each.apiVersion().equals(apiVersion) && each.kind().equals(kind))
        .findFirst();
  }

  /** The kind that a user means by a plural, singular, short or qualified name. */
  public static Optional<ResourceKind> called(String word) {
    return ALL.stream().filter(kind -> kind.isCalled(word)).findFirst();
  }

  private static ResourceKind core(
      String plural,
      String kind,
      String singular,
      List<String> shortNames,
      Scope scope,
      List<String> categories) {
    return new ResourceKind(
        new KindName(CORE, plural),
        "v1",
        kind,
        singular,
        shortNames,
        scope,
        categories,
        List.of("status"));
  }

  private static ResourceKind calico(
      String plural, String kind, String singular, List<String> shortNames, Scope scope) {
    return new ResourceKind(
        new KindName(CALICO, plural),
        "v3",
        kind,
        singular,
        shortNames,
        scope,
        List.of("calico"),
        kind.equals("IPPool") ? List.of("status") : List.of());
  }
}
