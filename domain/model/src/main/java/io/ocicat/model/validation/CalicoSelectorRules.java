package io.ocicat.model.validation;

import io.ocicat.selector.Selector;
import java.util.List;
import java.util.Optional;

/** Rules for Calico selectors; their syntax is judged by the schema. */
final class CalicoSelectorRules {
  private CalicoSelectorRules() {}

  /** For all selectors but the namespaceSelector of one end of a rule. */
  static void refuseGlobal(Place selector) {
    if (parsed(selector.text()).filter(CalicoSelectorRules::mentionsGlobal).isPresent()) {
      selector.invalid("must not use global()");
    }
  }

  /** For the namespaceSelector of one end of a rule. */
  static void requireGlobalAlone(Place selector) {
    if (parsed(selector.text())
        .filter(each -> !(each instanceof Selector.Global) && mentionsGlobal(each))
        .isPresent()) {
      selector.invalid("global() cannot be combined with other selectors");
    }
  }

  /** Empty if it is no selector. */
  static Optional<Selector> parsed(String text) {
    try {
      return Optional.of(Selector.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean mentionsGlobal(Selector selector) {
    return switch (selector) {
      case Selector.Global _ -> true;
      case Selector.Not(Selector operand) -> mentionsGlobal(operand);
      case Selector.And(List<Selector> operands) ->
          operands.stream().anyMatch(CalicoSelectorRules::mentionsGlobal);
      case Selector.Or(List<Selector> operands) ->
          operands.stream().anyMatch(CalicoSelectorRules::mentionsGlobal);
      case Selector.All _,
          Selector.Has _,
          Selector.Equal _,
          Selector.NotEqual _,
          Selector.In _,
          Selector.NotIn _,
          Selector.Contains _,
          Selector.StartsWith _,
          Selector.EndsWith _ ->
          false;
    };
  }
}
