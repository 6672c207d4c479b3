package io.ocicat.model.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.model.NetworkPolicy.Direction;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules for Calico policies, as Calico's validator has them. */
final class CalicoPolicyRules {
  private static final Set<String> LEFT_BY_DELETE = Set.of("stagedAction", "tier");

  private CalicoPolicyRules() {}

  static void checkNamespaced(Place policy, ValidationContext context) {
    check(policy, context, true);
  }

  static void checkGlobal(Place policy, ValidationContext context) {
    if (check(policy, context, false)) {
      untracked(policy.at("spec"));
    }
  }

  static void checkStagedKubernetes(Place policy) {
    Place spec = policy.at("spec");
    if (isDelete(spec)) {
      requireEmpty(spec);
    } else {
      NetworkPolicyRules.check(spec);
    }
  }

  /** Whether there is a policy to judge, and not only the wish to delete one. */
  private static boolean check(Place policy, ValidationContext context, boolean namespaced) {
    Place spec = policy.at("spec");
    tier(spec.at("tier"), context);
    if (isDelete(spec)) {
      requireEmpty(spec);
      return false;
    }
    for (String field : List.of("selector", "serviceAccountSelector", "namespaceSelector")) {
      CalicoSelectorRules.refuseGlobal(spec.at(field));
    }
    CalicoRuleRules.check(spec.at("ingress"), Direction.INGRESS, namespaced);
    CalicoRuleRules.check(spec.at("egress"), Direction.EGRESS, namespaced);
    warnOfRulesWithoutType(spec, "ingress", "Ingress");
    warnOfRulesWithoutType(spec, "egress", "Egress");
    return true;
  }

  private static void tier(Place tier, ValidationContext context) {
    if (!context.tiers().isEmpty()
        && !tier.text().isEmpty()
        && !context.tiers().contains(tier.text())) {
      tier.invalid(
          "there is no such tier; create it first"
              + NearestWord.to(tier.text(), context.tiers())
                  .map(each -> ", or did you mean \"" + each + "\"?")
                  .orElse(""));
    }
  }

  private static void untracked(Place spec) {
    Place preDnat = spec.at("preDNAT");
    Place doNotTrack = spec.at("doNotTrack");
    boolean isPreDnat = preDnat.value().asBoolean();
    boolean isUntracked = doNotTrack.value().asBoolean();
    if (isPreDnat && isUntracked) {
      preDnat.invalid("cannot be true together with doNotTrack");
    }
    if (isPreDnat && !spec.at("egress").items().isEmpty()) {
      spec.at("egress").invalid("a policy with preDNAT has no egress rules");
    }
    if (isPreDnat
        && spec.at("types").items().stream().anyMatch(type -> type.text().equals("Egress"))) {
      spec.at("types").invalid("a policy with preDNAT does not apply to Egress");
    }
    if ((isPreDnat || isUntracked) && !spec.at("applyOnForward").value().asBoolean()) {
      String why = isPreDnat ? "preDNAT" : "doNotTrack";
      spec.at("applyOnForward").invalid("must be true if " + why + " is");
    }
  }

  private static boolean isDelete(Place spec) {
    return spec.at("stagedAction").text().equals("Delete");
  }

  private static void requireEmpty(Place spec) {
    for (Map.Entry<String, JsonNode> field : spec.value().properties()) {
      JsonNode value = field.getValue();
      boolean isEmpty =
          value.isNull()
              || (value.isContainerNode() && value.isEmpty())
              || (value.isTextual() && value.asText().isEmpty())
              || (value.isBoolean() && !value.booleanValue());
      if (!isEmpty && !LEFT_BY_DELETE.contains(field.getKey())) {
        spec.at(field.getKey()).forbidden("must be empty if stagedAction is Delete");
      }
    }
  }

  private static void warnOfRulesWithoutType(Place spec, String rules, String type) {
    Place types = spec.at("types");
    boolean listed = types.items().stream().anyMatch(each -> each.text().equals(type));
    if (!spec.at(rules).items().isEmpty() && !types.items().isEmpty() && !listed) {
      spec.at(rules).warning("has no effect, because types does not list " + type);
    }
  }
}
