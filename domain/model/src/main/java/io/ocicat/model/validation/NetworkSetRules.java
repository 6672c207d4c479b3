package io.ocicat.model.validation;

import io.ocicat.inet.Cidr;
import io.ocicat.model.schema.TextChecks;
import io.ocicat.selector.Selector;

/** Rules for NetworkSet and GlobalNetworkSet. */
final class NetworkSetRules {
  private NetworkSetRules() {}

  static void check(Place set) {
    Place labels = set.at("metadata").at("labels");
    if (labels.at(Selector.NAMESPACE_LABEL).isPresent()) {
      new Place(
              labels.value().path(Selector.NAMESPACE_LABEL),
              labels.path() + "[" + Selector.NAMESPACE_LABEL + "]",
              labels.findings())
          .forbidden("this label is not for sets: what is in a namespace has it by itself");
    }
    for (Place net : set.at("spec").at("nets").items()) {
      if (net.text().indexOf('/') > 0
          && TextChecks.cidr(net.text()).isEmpty()
          && Cidr.tryParse(net.text()).isEmpty()) {
        net.warning(
            "\"%s\" has host bits set and means %s"
                .formatted(net.text(), Cidr.parseLenient(net.text())));
      }
    }
  }
}
