package io.ocicat.lab;

/** The lab cannot do what was asked; the message says what, why and what to do next. */
public final class LabException extends RuntimeException {
  /** With the whole message. */
  public LabException(String message) {
    super(message);
  }

  /** With the whole message and where it came from. */
  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
