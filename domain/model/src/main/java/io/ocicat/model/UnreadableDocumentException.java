package io.ocicat.model;

/**
 * A stored document does not have the form that its kind needs. Validation keeps such documents out
 * of our store.
 */
public class UnreadableDocumentException extends RuntimeException {
  private final String fieldPath;

  /**
   * Says which field cannot be read.
   *
   * @param document the kind and name of the object
   * @param fieldPath the field, e.g. {@code spec.cidr}
   * @param reason what is wrong with it
   */
  public UnreadableDocumentException(String document, String fieldPath, String reason) {
    super("reading " + document + ": " + fieldPath + ": " + reason);
    this.fieldPath = fieldPath;
  }

  /** The field that cannot be read. */
  public String fieldPath() {
    return fieldPath;
  }
}
