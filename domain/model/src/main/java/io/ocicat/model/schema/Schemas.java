package io.ocicat.model.schema;

import static java.util.Map.entry;

import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.Schema.Struct;
import java.util.Map;

/** The schema of every kind. */
public final class Schemas {
  private static final Map<ResourceKind, Struct> BY_KIND =
      Map.ofEntries(
          entry(Kinds.NAMESPACE, CoreSchemas.NAMESPACE),
          entry(Kinds.NODE, CoreSchemas.NODE),
          entry(Kinds.POD, CoreSchemas.POD),
          entry(Kinds.SERVICE_ACCOUNT, CoreSchemas.SERVICE_ACCOUNT),
          entry(Kinds.SERVICE, ServiceSchemas.SERVICE),
          entry(Kinds.SECRET, ServiceSchemas.SECRET),
          entry(Kinds.ENDPOINT_SLICE, EndpointSliceSchema.ENDPOINT_SLICE),
          entry(Kinds.NETWORK_POLICY, NetworkPolicySchema.NETWORK_POLICY),
          entry(Kinds.IP_POOL, CalicoSchemas.IP_POOL),
          entry(Kinds.BLOCK_AFFINITY, CalicoSchemas.BLOCK_AFFINITY),
          entry(Kinds.WORKLOAD_ENDPOINT, CalicoSchemas.WORKLOAD_ENDPOINT),
          entry(Kinds.OCICAT_STATUS, OcicatSchemas.OCICAT_STATUS),
          entry(Kinds.POLICY_INSPECTION, InspectionSchema.POLICY_INSPECTION),
          entry(Kinds.CLUSTER_NETWORK_POLICY, ClusterNetworkPolicySchema.CLUSTER_NETWORK_POLICY),
          entry(Kinds.TIER, CalicoPolicySchemas.TIER),
          entry(Kinds.CALICO_NETWORK_POLICY, CalicoPolicySchemas.NETWORK_POLICY),
          entry(Kinds.GLOBAL_NETWORK_POLICY, CalicoPolicySchemas.GLOBAL_NETWORK_POLICY),
          entry(Kinds.STAGED_NETWORK_POLICY, CalicoPolicySchemas.STAGED_NETWORK_POLICY),
          entry(
              Kinds.STAGED_GLOBAL_NETWORK_POLICY, CalicoPolicySchemas.STAGED_GLOBAL_NETWORK_POLICY),
          entry(
              Kinds.STAGED_KUBERNETES_NETWORK_POLICY,
              CalicoPolicySchemas.STAGED_KUBERNETES_NETWORK_POLICY),
          entry(Kinds.NETWORK_SET, CalicoPolicySchemas.NETWORK_SET),
          entry(Kinds.GLOBAL_NETWORK_SET, CalicoPolicySchemas.GLOBAL_NETWORK_SET),
          entry(Kinds.HOST_ENDPOINT, CalicoPolicySchemas.HOST_ENDPOINT),
          entry(Kinds.FELIX_CONFIGURATION, FelixSchemas.FELIX_CONFIGURATION),
          entry(Kinds.KUBE_CONTROLLERS_CONFIGURATION, FelixSchemas.KUBE_CONTROLLERS_CONFIGURATION),
          entry(Kinds.BGP_CONFIGURATION, BgpSchemas.BGP_CONFIGURATION),
          entry(Kinds.BGP_FILTER, BgpFilterSchema.BGP_FILTER),
          entry(Kinds.BGP_PEER, BgpSchemas.BGP_PEER),
          entry(Kinds.BGP_PEER_OPTIONS, BgpPeerOptionsSchema.BGP_PEER_OPTIONS),
          entry(Kinds.CALICO_NODE_STATUS, NodeStatusSchema.CALICO_NODE_STATUS),
          entry(Kinds.PROFILE, CalicoPolicySchemas.PROFILE));

  private Schemas() {}

  /** The schema of this kind's documents. */
  public static Struct of(ResourceKind kind) {
    Struct schema = BY_KIND.get(kind);
    if (schema == null) {
      throw new IllegalStateException("no schema for " + kind.name());
    }
    return schema;
  }
}
