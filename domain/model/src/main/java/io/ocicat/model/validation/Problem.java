package io.ocicat.model.validation;

/**
 * Something wrong with a field.
 *
 * @param cause what sort of thing
 * @param path the field, e.g. {@code spec.ingress[0].ports[1].endPort}
 * @param badValue the value as JSON; empty if it is not to be told
 * @param detail the rest of the sentence; may be empty
 */
public record Problem(Cause cause, String path, String badValue, String detail) {

  /** Sorts of problems, as Kubernetes' API names and words them. */
  public enum Cause {
    /** The value is of the wrong form. */
    INVALID("FieldValueInvalid", "Invalid value"),
    /** The value is of the wrong JSON type. */
    TYPE("FieldValueTypeInvalid", "Invalid value"),
    /** There is no value. */
    REQUIRED("FieldValueRequired", "Required value"),
    /** The value is none of a few. */
    NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
    /** The value may not be set, or not be changed. */
    FORBIDDEN("FieldValueForbidden", "Forbidden"),
    /** The value has to be unique. */
    DUPLICATE("FieldValueDuplicate", "Duplicate value"),
    /** The text is too long. */
    TOO_LONG("FieldValueTooLong", "Too long"),
    /** The list is too long. */
    TOO_MANY("FieldValueTooMany", "Too many");

    private final String reason;
    private final String words;

    Cause(String reason, String words) {
      this.reason = reason;
      this.words = words;
    }

    /** The word in the causes of a Kubernetes Status. */
    public String reason() {
      return reason;
    }
  }

  /**
   * The problem without its path, e.g. {@code Invalid value: 70000: must be between 1 and 65535,
   * inclusive}.
   */
  public String message() {
    StringBuilder text = new StringBuilder(cause.words);
    if (!badValue.isEmpty()) {
      text.append(": ").append(badValue);
    }
    if (!detail.isEmpty()) {
      text.append(": ").append(detail);
    }
    return text.toString();
  }

  /** The path and the problem. */
  @Override
  public String toString() {
    return path + ": " + message();
  }
}
