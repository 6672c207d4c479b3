package io.ocicat.model.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.Schemas;

/** Judges whole documents. */
public final class Validator {
  private Validator() {}

  /**
   * Everything that is to be said about a document to which {@link io.ocicat.model.schema.Defaults}
   * have been applied. The document is not changed.
   */
  public static Report check(ResourceKind kind, ObjectNode document, ValidationContext context) {
    Findings findings = new Findings();
    new FormCheck(Schemas.of(kind), findings).check(document);
    findings.formIsJudged();
    Place root = new Place(document, "", findings);
    MetadataRules.check(kind, root.at("metadata"));
    if (kind.equals(Kinds.NETWORK_POLICY)) {
      NetworkPolicyRules.check(root.at("spec"));
    } else if (kind.equals(Kinds.IP_POOL)) {
      IpPoolRules.check(root, context);
    } else if (kind.equals(Kinds.ENDPOINT_SLICE)) {
      EndpointSliceRules.check(root);
    } else if (kind.equals(Kinds.POD)) {
      PodRules.check(root, context);
    } else if (kind.equals(Kinds.NODE)) {
      NodeRules.check(root);
    } else if (kind.equals(Kinds.BLOCK_AFFINITY)) {
      BlockAffinityRules.check(root.at("spec"), context);
    } else if (kind.equals(Kinds.WORKLOAD_ENDPOINT)) {
      WorkloadEndpointRules.check(root.at("spec"));
    } else if (kind.equals(Kinds.CLUSTER_NETWORK_POLICY)) {
      ClusterNetworkPolicyRules.check(root.at("spec"));
    } else {
      checkCalicoKind(kind, root, context);
    }
    return findings.report();
  }

  private static void checkCalicoKind(ResourceKind kind, Place root, ValidationContext context) {
    if (kind.equals(Kinds.CALICO_NETWORK_POLICY) || kind.equals(Kinds.STAGED_NETWORK_POLICY)) {
      CalicoPolicyRules.checkNamespaced(root, context);
    } else if (kind.equals(Kinds.GLOBAL_NETWORK_POLICY)
        || kind.equals(Kinds.STAGED_GLOBAL_NETWORK_POLICY)) {
      CalicoPolicyRules.checkGlobal(root, context);
    } else if (kind.equals(Kinds.STAGED_KUBERNETES_NETWORK_POLICY)) {
      CalicoPolicyRules.checkStagedKubernetes(root);
    } else if (kind.equals(Kinds.TIER)) {
      TierRules.check(root);
    } else if (kind.equals(Kinds.NETWORK_SET) || kind.equals(Kinds.GLOBAL_NETWORK_SET)) {
      NetworkSetRules.check(root);
    } else if (kind.equals(Kinds.HOST_ENDPOINT)) {
      HostEndpointRules.check(root.at("spec"));
    } else if (kind.equals(Kinds.FELIX_CONFIGURATION)) {
      ConfigurationRules.checkFelix(root);
    } else if (kind.equals(Kinds.KUBE_CONTROLLERS_CONFIGURATION)) {
      ConfigurationRules.checkControllers(root);
    } else if (kind.equals(Kinds.PROFILE)) {
      CalicoRuleRules.check(root.at("spec").at("ingress"), Direction.INGRESS, false);
      CalicoRuleRules.check(root.at("spec").at("egress"), Direction.EGRESS, false);
    } else {
      BgpRules.check(kind, root);
    }
  }
}
