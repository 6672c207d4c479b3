package io.ocicat.model.validation;

/** Rules for BlockAffinity. */
final class BlockAffinityRules {
  private BlockAffinityRules() {}

  static void check(Place spec, ValidationContext context) {
    if (spec.at("deleted").value().asBoolean()) {
      spec.at("deleted").invalid("must be false; a lease is given back by deleting it");
    }
    if (context.isUpdate()) {
      spec.at("cidr").mustStay(context.previous().path("spec").path("cidr"));
      spec.at("node").mustStay(context.previous().path("spec").path("node"));
    }
  }
}
