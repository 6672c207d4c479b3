package io.ocicat.policy;

import io.ocicat.selector.Selector;

/** The namespaces in which something is looked for. */
public sealed interface NamespaceSelection {

  /** Any, or none. */
  record Anywhere() implements NamespaceSelection {}

  /** What is in no namespace. */
  record Global() implements NamespaceSelection {}

  /** This one. */
  record Named(String namespace) implements NamespaceSelection {}

  /**
   * Those with such labels. {@code all()} means every namespace; any other expression matches none
   * whose labels are not known.
   */
  record Matching(Selector selector) implements NamespaceSelection {}

  /** Every namespace. */
  static NamespaceSelection every() {
    return new Matching(new Selector.All());
  }
}
