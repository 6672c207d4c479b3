package io.ocicat.model.validation;

import io.ocicat.model.Tier;

/** Rules for Tier: those that exist from the start are as they are. */
final class TierRules {
  private TierRules() {}

  static void check(Place tier) {
    String name = tier.at("metadata").at("name").text();
    for (Tier permanent : Tier.PERMANENT) {
      if (permanent.name().equals(name)) {
        Place order = tier.at("spec").at("order");
        if (order.value().asDouble(Double.NaN) != permanent.order()) {
          order.invalid("must be %d in the tier %s".formatted((long) permanent.order(), name));
        }
        Place action = tier.at("spec").at("defaultAction");
        String wanted = permanent.defaultAction().documentName();
        if (!action.text().equals(wanted)) {
          action.invalid("must be %s in the tier %s".formatted(wanted, name));
        }
      }
    }
  }
}
