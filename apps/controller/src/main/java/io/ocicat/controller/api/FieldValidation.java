package io.ocicat.controller.api;

/**
 * What to do with fields that a kind does not have. Unknown fields are never stored (<a
 * href="https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation">upstream</a>).
 */
public enum FieldValidation {
  /** Drop them and say nothing. */
  IGNORE,
  /** Drop them and warn. */
  WARN,
  /** Refuse the request. */
  STRICT
}
