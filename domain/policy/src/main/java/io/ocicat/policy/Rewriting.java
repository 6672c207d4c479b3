package io.ocicat.policy;

import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.List;

/** Puts what a policy says about namespaces and service accounts into one selector. */
final class Rewriting {

  private static final Selector NAMESPACED = new Selector.Has(Selector.NAMESPACE_LABEL);

  private Rewriting() {}

  /** What selects the same by effective labels. */
  static Selector selector(Peers.Selection selection) {
    List<Selector> parts = new ArrayList<>();
    switch (selection.namespaces()) {
      case NamespaceSelection.Anywhere() -> {}
      case NamespaceSelection.Global() -> parts.add(new Selector.Not(NAMESPACED));
      case NamespaceSelection.Named(var namespace) ->
          parts.add(new Selector.Equal(Selector.NAMESPACE_LABEL, namespace));
      case NamespaceSelection.Matching(var labels) -> {
        if (labels instanceof Selector.All) {
          parts.add(NAMESPACED);
        } else {
          parts.add(new Selector.Has(Selector.NAMESPACE_PREFIX + Selector.NAME_KEY));
          parts.add(labels.prefixed(Selector.NAMESPACE_PREFIX));
        }
      }
    }
    parts.add(selection.selector());
    switch (selection.accounts()) {
      case AccountSelection.Anyone() -> {}
      case AccountSelection.Matching(var names, var labels) -> {
        if (!names.isEmpty()) {
          // Whatever its length, unlike the label that pods themselves have.
          parts.add(new Selector.In(Selector.SERVICE_ACCOUNT_PREFIX + Selector.NAME_KEY, names));
        }
        if (!(labels instanceof Selector.All)) {
          parts.add(new Selector.Has(Selector.SERVICE_ACCOUNT_PREFIX + Selector.NAME_KEY));
          parts.add(labels.prefixed(Selector.SERVICE_ACCOUNT_PREFIX));
        }
      }
    }
    return Selector.all(parts);
  }
}
