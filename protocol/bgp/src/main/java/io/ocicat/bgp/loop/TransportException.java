package io.ocicat.bgp.loop;

/** The kernel refused to listen, or an option of a socket that listens. */
public final class TransportException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public TransportException(String attempted, Throwable cause) {
    super(attempted + ": " + cause.getMessage(), cause);
  }

  public TransportException(String message) {
    super(message);
  }
}
