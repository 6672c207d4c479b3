package io.ocicat.model.schema;

import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.Schema.Struct;
import java.util.Map;

/** The schema of every kind. */
public final class Schemas {
  private static final Map<ResourceKind, Struct> BY_KIND =
      Map.of(
          Kinds.NAMESPACE, CoreSchemas.NAMESPACE,
          Kinds.NODE, CoreSchemas.NODE,
          Kinds.POD, CoreSchemas.POD,
          Kinds.SERVICE_ACCOUNT, CoreSchemas.SERVICE_ACCOUNT,
          Kinds.NETWORK_POLICY, NetworkPolicySchema.NETWORK_POLICY,
          Kinds.IP_POOL, CalicoSchemas.IP_POOL,
          Kinds.BLOCK_AFFINITY, CalicoSchemas.BLOCK_AFFINITY,
          Kinds.WORKLOAD_ENDPOINT, CalicoSchemas.WORKLOAD_ENDPOINT,
          Kinds.OCICAT_STATUS, OcicatSchemas.OCICAT_STATUS);

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
