package io.ocicat.model.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
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
    } else if (kind.equals(Kinds.POD)) {
      PodRules.check(root, context);
    } else if (kind.equals(Kinds.NODE)) {
      NodeRules.check(root);
    } else if (kind.equals(Kinds.BLOCK_AFFINITY)) {
      BlockAffinityRules.check(root.at("spec"), context);
    } else if (kind.equals(Kinds.WORKLOAD_ENDPOINT)) {
      WorkloadEndpointRules.check(root.at("spec"));
    }
    return findings.report();
  }
}
