package io.ocicat.model.validation;

import java.util.List;

/** Rules for Kubernetes label selectors. */
final class SelectorRules {
  private SelectorRules() {}

  static void check(Place selector) {
    for (Place expression : selector.at("matchExpressions").items()) {
      Place operator = expression.at("operator");
      Place values = expression.at("values");
      switch (operator.text()) {
        case "In", "NotIn" -> {
          if (values.value().isEmpty()) {
            values.missing("must be specified when `operator` is 'In' or 'NotIn'");
          }
        }
        case "Exists", "DoesNotExist" -> {
          if (!values.value().isEmpty()) {
            values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
          }
        }
        case "" -> {}
        default ->
            operator.invalid(
                "not a valid selector operator"
                    + NearestWord.to(
                            operator.text(), List.of("In", "NotIn", "Exists", "DoesNotExist"))
                        .map(each -> "; did you mean \"" + each + "\"?")
                        .orElse(""));
      }
    }
  }
}
