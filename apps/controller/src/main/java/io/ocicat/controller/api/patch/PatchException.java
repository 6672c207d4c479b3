package io.ocicat.controller.api.patch;

/** A patch that cannot be applied: to any document, or to this one. */
public final class PatchException extends RuntimeException {

  private final boolean malformed;
  private final String problem;

  private PatchException(boolean malformed, String message) {
    super(message);
    this.malformed = malformed;
    this.problem = message;
  }

  /** The patch is not a patch, whatever the document. */
  static PatchException malformed(String message) {
    return new PatchException(true, message);
  }

  /** The patch is one, but does not fit the document. */
  static PatchException inapplicable(String message) {
    return new PatchException(false, message);
  }

  /** What is wrong. */
  public String problem() {
    return problem;
  }

  /** Whether the fault is in the patch alone. */
  public boolean malformed() {
    return malformed;
  }
}
