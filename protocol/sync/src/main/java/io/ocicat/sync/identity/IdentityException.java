package io.ocicat.sync.identity;

/** A key, certificate or token could not be made, read, stored or trusted. */
public final class IdentityException extends RuntimeException {

  /**
   * @param message what was attempted, on what, and what to do next
   */
  public IdentityException(String message) {
    super(message);
  }

  public IdentityException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
