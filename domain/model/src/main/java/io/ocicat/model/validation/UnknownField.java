package io.ocicat.model.validation;

/**
 * A field that the kind does not have.
 *
 * @param path the field, e.g. {@code spec.podSelctor}
 * @param hint what may have been meant, as a clause; empty if there is no guess
 */
public record UnknownField(String path, String hint) {
  /** {@code unknown field "spec.podSelctor", did you mean "podSelector"?}. */
  @Override
  public String toString() {
    return "unknown field \"" + path + "\"" + (hint.isEmpty() ? "" : ", " + hint);
  }
}
