package io.ocicat.model;

import static io.ocicat.model.Scope.CLUSTER;
import static io.ocicat.model.Scope.NAMESPACED;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every kind that the API serves. */
public final class Kinds {
  /** Core group. */
  public static final String CORE = "";

  /** Group of the endpoints of services. */
  public static final String DISCOVERY = "discovery.k8s.io";

  /** Group of the Kubernetes NetworkPolicy. */
  public static final String NETWORKING = "networking.k8s.io";

  /** Group of the ClusterNetworkPolicy. */
  public static final String POLICY = "policy.networking.k8s.io";

  /** Group of the Calico kinds. */
  public static final String CALICO = "projectcalico.org";

  /** Group of what neither Kubernetes nor Calico has. */
  public static final String OCICAT = "ocicat.io";

  /** Calico's kinds with a status of their own. */
  private static final Set<String> STATED = Set.of("IPPool", "Tier", "CalicoNodeStatus");

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

  /** A service. */
  public static final ResourceKind SERVICE =
      core("services", "Service", "service", List.of("svc"), NAMESPACED, List.of("all"));

  /** What is not for everybody's eyes: of it, the network uses passwords of BGP sessions. */
  public static final ResourceKind SECRET =
      new ResourceKind(
          new KindName(CORE, "secrets"),
          "v1",
          "Secret",
          "secret",
          List.of(),
          NAMESPACED,
          List.of(),
          List.of());

  /** A part of a service's endpoints. */
  public static final ResourceKind ENDPOINT_SLICE =
      new ResourceKind(
          new KindName(DISCOVERY, "endpointslices"),
          "v1",
          "EndpointSlice",
          "endpointslice",
          List.of(),
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

  /**
   * A question put to the nodes: whether their kernels hold what policy asks for, and its counts.
   */
  public static final ResourceKind POLICY_INSPECTION =
      new ResourceKind(
          new KindName(OCICAT, "policyinspections"),
          "v1",
          "PolicyInspection",
          "policyinspection",
          List.of(),
          CLUSTER,
          List.of(),
          List.of("status"));

  /**
   * What happened to an object, for people. Kubernetes' own kind; our own API has those of the last
   * hour, which nobody else can write. It is in none of the lists below.
   */
  public static final ResourceKind EVENT =
      new ResourceKind(
          new KindName(CORE, "events"),
          "v1",
          "Event",
          "event",
          List.of("ev"),
          NAMESPACED,
          List.of(),
          List.of());

  /** A policy of the cluster's administrators, before or after NetworkPolicies. */
  public static final ResourceKind CLUSTER_NETWORK_POLICY =
      new ResourceKind(
          new KindName(POLICY, "clusternetworkpolicies"),
          "v1alpha2",
          "ClusterNetworkPolicy",
          "clusternetworkpolicy",
          // Upstream's "cnp" is Calico's word for its NetworkPolicy.
          List.of(),
          CLUSTER,
          List.of(),
          List.of("status"));

  /** Calico policies that are evaluated together. */
  public static final ResourceKind TIER = calico("tiers", "Tier", "tier", List.of(), CLUSTER);

  /** A Calico policy of a namespace. */
  public static final ResourceKind CALICO_NETWORK_POLICY =
      calico(
          "networkpolicies",
          "NetworkPolicy",
          "networkpolicy",
          List.of("caliconetworkpolicy", "cnp"),
          NAMESPACED);

  /** A Calico policy of the whole cluster. */
  public static final ResourceKind GLOBAL_NETWORK_POLICY =
      calico(
          "globalnetworkpolicies",
          "GlobalNetworkPolicy",
          "globalnetworkpolicy",
          List.of("gnp", "cgnp"),
          CLUSTER);

  /** A Calico policy of a namespace that is reported and not enforced. */
  public static final ResourceKind STAGED_NETWORK_POLICY =
      calico(
          "stagednetworkpolicies",
          "StagedNetworkPolicy",
          "stagednetworkpolicy",
          List.of("scnp", "snp"),
          NAMESPACED);

  /** A Calico policy of the whole cluster that is reported and not enforced. */
  public static final ResourceKind STAGED_GLOBAL_NETWORK_POLICY =
      calico(
          "stagedglobalnetworkpolicies",
          "StagedGlobalNetworkPolicy",
          "stagedglobalnetworkpolicy",
          List.of("sgnp"),
          CLUSTER);

  /** A Kubernetes network policy that is reported and not enforced. */
  public static final ResourceKind STAGED_KUBERNETES_NETWORK_POLICY =
      calico(
          "stagedkubernetesnetworkpolicies",
          "StagedKubernetesNetworkPolicy",
          "stagedkubernetesnetworkpolicy",
          List.of("sknp"),
          NAMESPACED);

  /** Addresses that the policies of a namespace choose by labels. */
  public static final ResourceKind NETWORK_SET =
      calico("networksets", "NetworkSet", "networkset", List.of("netset", "netsets"), NAMESPACED);

  /** Addresses that all policies choose by labels. */
  public static final ResourceKind GLOBAL_NETWORK_SET =
      calico("globalnetworksets", "GlobalNetworkSet", "globalnetworkset", List.of("gns"), CLUSTER);

  /** An interface of a node, for policies to select. */
  public static final ResourceKind HOST_ENDPOINT =
      calico("hostendpoints", "HostEndpoint", "hostendpoint", List.of("hep", "heps"), CLUSTER);

  /** Rules after all policies, and labels that endpoints inherit. */
  public static final ResourceKind PROFILE =
      calico("profiles", "Profile", "profile", List.of(), CLUSTER);

  /** What holds at nodes whatever policies say. */
  public static final ResourceKind FELIX_CONFIGURATION =
      calico(
          "felixconfigurations",
          "FelixConfiguration",
          "felixconfiguration",
          List.of("felixconfig", "felixconfigs"),
          CLUSTER);

  /** What the controller does for the cluster. */
  public static final ResourceKind KUBE_CONTROLLERS_CONFIGURATION =
      calico(
          "kubecontrollersconfigurations",
          "KubeControllersConfiguration",
          "kubecontrollersconfiguration",
          List.of("kcconfig", "kcc"),
          CLUSTER);

  /** How nodes speak BGP: {@code default} for all, {@code node.NAME} for one. */
  public static final ResourceKind BGP_CONFIGURATION =
      calico(
          "bgpconfigurations",
          "BGPConfiguration",
          "bgpconfiguration",
          List.of("bgpconfig", "bgpconfigs"),
          CLUSTER);

  /** Which routes neighbours are told and believed. */
  public static final ResourceKind BGP_FILTER =
      calico("bgpfilters", "BGPFilter", "bgpfilter", List.of(), CLUSTER);

  /** Neighbours of nodes. */
  public static final ResourceKind BGP_PEER =
      calico("bgppeers", "BGPPeer", "bgppeer", List.of(), CLUSTER);

  /** A question put to a node: how it speaks BGP, and which routes it has. */
  public static final ResourceKind CALICO_NODE_STATUS =
      calico("caliconodestatuses", "CalicoNodeStatus", "caliconodestatus", List.of(), CLUSTER);

  /** What a BGPPeer has no field for. */
  public static final ResourceKind BGP_PEER_OPTIONS =
      new ResourceKind(
          new KindName(OCICAT, "bgppeeroptions"),
          "v1",
          "BGPPeerOptions",
          "bgppeeroption",
          List.of("bgpoptions"),
          CLUSTER,
          List.of(),
          List.of());

  private static final List<ResourceKind> ALL =
      List.of(
          NAMESPACE,
          NODE,
          POD,
          SECRET,
          SERVICE_ACCOUNT,
          SERVICE,
          ENDPOINT_SLICE,
          NETWORK_POLICY,
          BGP_PEER_OPTIONS,
          POLICY_INSPECTION,
          CLUSTER_NETWORK_POLICY,
          BGP_CONFIGURATION,
          BGP_FILTER,
          BGP_PEER,
          BLOCK_AFFINITY,
          CALICO_NODE_STATUS,
          FELIX_CONFIGURATION,
          GLOBAL_NETWORK_POLICY,
          GLOBAL_NETWORK_SET,
          HOST_ENDPOINT,
          IP_POOL,
          KUBE_CONTROLLERS_CONFIGURATION,
          CALICO_NETWORK_POLICY,
          NETWORK_SET,
          PROFILE,
          STAGED_GLOBAL_NETWORK_POLICY,
          STAGED_KUBERNETES_NETWORK_POLICY,
          STAGED_NETWORK_POLICY,
          TIER,
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

  /**
   * The kind that a user means by a plural, singular, short or qualified name. Of two kinds of one
   * name it is the one whose group comes first: {@code networkpolicies} are those of Kubernetes,
   * Calico's are {@code networkpolicies.projectcalico.org}.
   */
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
        STATED.contains(kind) ? List.of("status") : List.of());
  }
}
