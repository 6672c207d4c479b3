package io.ocicat.policy;

import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a selector will say of all that share something, as far as that alone decides. */
enum Foresight {
  SELECTED,
  NOT_SELECTED,
  DEPENDS;

  /** What is the same for all of a parent's children. */
  interface Shared {

    /** Whether the label's value, or its lack, is the same for all. */
    boolean decides(String key);

    Optional<String> value(String key);
  }

  /**
   * Of everything in a namespace.
   *
   * @param labels empty if it is not known
   */
  static Shared ofNamespace(String namespace, Optional<Labels> labels) {
    return shared(
        Selector.NAMESPACE_PREFIX, Selector.NAMESPACE_LABEL, namespace, namespace, labels);
  }

  /** Of every pod of a service account. */
  static Shared ofAccount(AccountName account, Optional<Labels> labels) {
    return shared(
        Selector.SERVICE_ACCOUNT_PREFIX,
        Selector.NAMESPACE_LABEL,
        account.namespace(),
        account.name(),
        account.name().isEmpty() ? labels : labels.or(() -> Optional.of(Labels.EMPTY)));
  }

  private static Shared shared(
      String prefix, String key, String value, String name, Optional<Labels> labels) {
    return new Shared() {
      @Override
      public boolean decides(String asked) {
        return asked.equals(key) || asked.startsWith(prefix);
      }

      @Override
      public Optional<String> value(String asked) {
        if (asked.equals(key)) {
          return Optional.of(value);
        }
        String inner = asked.substring(prefix.length());
        return labels.flatMap(
            known -> inner.equals(Selector.NAME_KEY) ? Optional.of(name) : known.value(inner));
      }
    };
  }

  /** Whether a selector can select network sets: what they never have may exclude it. */
  static boolean maySelectSets(Selector selector) {
    Shared sets =
        new Shared() {
          @Override
          public boolean decides(String key) {
            return key.equals(Selector.ORCHESTRATOR_LABEL)
                || key.equals(Selector.SERVICE_ACCOUNT_LABEL)
                || key.startsWith(Selector.SERVICE_ACCOUNT_PREFIX);
          }

          @Override
          public Optional<String> value(String key) {
            return Optional.empty();
          }
        };
    return of(selector, sets) != NOT_SELECTED;
  }

  static Foresight of(Selector selector, Shared shared) {
    return switch (selector) {
      case Selector.All _ -> SELECTED;
      case Selector.Global _ -> ask(selector, Selector.NAMESPACE_LABEL, shared);
      case Selector.Has(var label) -> ask(selector, label, shared);
      case Selector.Equal(var label, _) -> ask(selector, label, shared);
      case Selector.NotEqual(var label, _) -> ask(selector, label, shared);
      case Selector.In(var label, _) -> ask(selector, label, shared);
      case Selector.NotIn(var label, _) -> ask(selector, label, shared);
      case Selector.Contains(var label, _) -> ask(selector, label, shared);
      case Selector.StartsWith(var label, _) -> ask(selector, label, shared);
      case Selector.EndsWith(var label, _) -> ask(selector, label, shared);
      case Selector.Not(var operand) -> of(operand, shared).opposite();
      case Selector.And(var operands) -> combined(operands, shared, NOT_SELECTED);
      case Selector.Or(var operands) -> combined(operands, shared, SELECTED);
    };
  }

  private static Foresight ask(Selector selector, String label, Shared shared) {
    if (!shared.decides(label)) {
      return DEPENDS;
    }
    return selector.matches(shared::value) ? SELECTED : NOT_SELECTED;
  }

  private static Foresight combined(List<Selector> operands, Shared shared, Foresight decisive) {
    boolean depends = false;
    for (Selector operand : operands) {
      Foresight each = of(operand, shared);
      if (each == decisive) {
        return decisive;
      }
      depends |= each == DEPENDS;
    }
    return depends ? DEPENDS : decisive.opposite();
  }

  private Foresight opposite() {
    return switch (this) {
      case SELECTED -> NOT_SELECTED;
      case NOT_SELECTED -> SELECTED;
      case DEPENDS -> DEPENDS;
    };
  }

  /** The keys that a selector asks for. */
  static void keys(Selector selector, Consumer<String> collector) {
    switch (selector) {
      case Selector.All _ -> {}
      case Selector.Global _ -> collector.accept(Selector.NAMESPACE_LABEL);
      case Selector.Has(var label) -> collector.accept(label);
      case Selector.Equal(var label, _) -> collector.accept(label);
      case Selector.NotEqual(var label, _) -> collector.accept(label);
      case Selector.In(var label, _) -> collector.accept(label);
      case Selector.NotIn(var label, _) -> collector.accept(label);
      case Selector.Contains(var label, _) -> collector.accept(label);
      case Selector.StartsWith(var label, _) -> collector.accept(label);
      case Selector.EndsWith(var label, _) -> collector.accept(label);
      case Selector.Not(var operand) -> keys(operand, collector);
      case Selector.And(var operands) -> operands.forEach(each -> keys(each, collector));
      case Selector.Or(var operands) -> operands.forEach(each -> keys(each, collector));
    }
  }
}
