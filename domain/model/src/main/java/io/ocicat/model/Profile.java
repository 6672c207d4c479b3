package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.selector.Labels;
import java.util.List;

/**
 * A profile ({@code projectcalico.org/v3} Profile): rules that are asked after all tiers, and
 * labels that its endpoints inherit.
 *
 * @param metadata the name
 * @param ingress the rules for traffic to its endpoints
 * @param egress the rules for traffic from them
 * @param labelsToApply what endpoints inherit; their own labels are stronger
 */
public record Profile(
    Metadata metadata, List<CalicoRule> ingress, List<CalicoRule> egress, Labels labelsToApply) {
  /** The name of the profile that is always there, and allows everything. */
  public static final String DEFAULT_ALLOW = "projectcalico-default-allow";

  /** What names of Profiles begin with that are derived from namespaces. */
  public static final String OF_NAMESPACE = "kns.";

  /** What names of Profiles begin with that are derived from service accounts. */
  public static final String OF_ACCOUNT = "ksa.";

  /** The annotation of derived Profiles: what they are derived from. */
  public static final String DERIVED_FROM = "ocicat.io/derived-from";

  /** Copies the lists. */
  public Profile {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /** Reads a document of kind Profile. */
  public static Profile read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    return new Profile(
        Metadata.read(document),
        CalicoRules.read(spec, "ingress", ""),
        CalicoRules.read(spec, "egress", ""),
        spec.labels("labelsToApply"));
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The rules for one direction. */
  public List<CalicoRule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }
}
