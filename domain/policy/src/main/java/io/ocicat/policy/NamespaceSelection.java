package io.ocicat.policy;

import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Labels;
import java.util.Optional;

/** The namespaces in which a rule looks for peers. */
public sealed interface NamespaceSelection {

  /** The policy's own namespace, when a peer has no {@code namespaceSelector}. */
  record Named(String namespace) implements NamespaceSelection {}

  /** Those with the labels; the empty selector means all. */
  record Matching(LabelSelector selector) implements NamespaceSelection {}

  /** Every namespace. */
  static NamespaceSelection all() {
    return new Matching(LabelSelector.EVERYTHING);
  }

  /**
   * @param labels of the namespace, empty if no such namespace is known: it is then selected only
   *     by name or by the empty selector
   */
  default boolean matches(String namespace, Optional<Labels> labels) {
    return switch (this) {
      case Named(var name) -> name.equals(namespace);
      case Matching(var selector) ->
          selector.selectsEverything() || labels.map(selector::matches).orElse(false);
    };
  }

  default String canonical() {
    return switch (this) {
      case Named(var name) -> "name(" + name + ")";
      case Matching(var selector) -> "labels(" + selector.canonical() + ")";
    };
  }
}
