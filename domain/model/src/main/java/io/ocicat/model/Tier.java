package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A tier ({@code projectcalico.org/v3} Tier): policies that are evaluated together, tier after
 * tier.
 *
 * @param metadata the name
 * @param order where it comes, low first; infinite where the document says nothing
 * @param defaultAction what becomes of traffic that policies of the tier apply to and that none of
 *     their rules decides on: DENY or PASS
 */
public record Tier(Metadata metadata, double order, CalicoRule.Action defaultAction) {
  /** The tier of policies that name none, and of Kubernetes NetworkPolicies. */
  public static final String DEFAULT = "default";

  /** The tier of ClusterNetworkPolicies of the tier Admin. */
  public static final String KUBE_ADMIN = "kube-admin";

  /** The tier of ClusterNetworkPolicies of the tier Baseline. */
  public static final String KUBE_BASELINE = "kube-baseline";

  /** The tiers that exist from the start and cannot be changed or deleted, in their order. */
  public static final List<Tier> PERMANENT =
      List.of(
          new Tier(Metadata.of("", KUBE_ADMIN), 1_000, CalicoRule.Action.PASS),
          new Tier(Metadata.of("", DEFAULT), 1_000_000, CalicoRule.Action.DENY),
          new Tier(Metadata.of("", KUBE_BASELINE), 10_000_000, CalicoRule.Action.PASS));

  /** Reads a document of kind Tier. What cannot be read has its default: order last, DENY. */
  public static Tier read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    JsonNode order = spec.node().path("order");
    return new Tier(
        Metadata.read(document),
        order.isNumber() ? order.doubleValue() : Double.POSITIVE_INFINITY,
        spec.text("defaultAction").equals("Pass")
            ? CalicoRule.Action.PASS
            : CalicoRule.Action.DENY);
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** Whether a tier of this name exists from the start and for good. */
  public static boolean isPermanent(String name) {
    return PERMANENT.stream().anyMatch(tier -> tier.name().equals(name));
  }

  /** This tier as a document. */
  public ObjectNode document() {
    ObjectNode document = metadata.document(Kinds.TIER);
    ObjectNode spec = document.putObject("spec");
    if (order == Math.rint(order) && Double.isFinite(order)) {
      spec.put("order", (long) order);
    } else if (Double.isFinite(order)) {
      spec.put("order", order);
    }
    spec.put("defaultAction", defaultAction.documentName());
    return document;
  }
}
