package io.ocicat.model;

import io.ocicat.selector.Selector;

/**
 * A Calico selector that a document may leave out. Left out is not the same as {@code all()}: the
 * one selects whatever there is, the other only what has labels.
 */
public sealed interface SelectorField {
  /** The field is absent or blank. */
  record NotGiven() implements SelectorField {}

  /**
   * The field is there.
   *
   * @param selector what it says
   */
  record Given(Selector selector) implements SelectorField {}

  /** Whether the field is there. */
  default boolean isGiven() {
    return this instanceof Given;
  }

  /** The selector; {@code all()} if the field is absent. */
  default Selector orAll() {
    return switch (this) {
      case NotGiven _ -> new Selector.All();
      case Given(Selector selector) -> selector;
    };
  }
}
