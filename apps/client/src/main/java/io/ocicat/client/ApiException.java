package io.ocicat.client;

import java.util.List;

/** The API server refused a request, or could not be asked at all ({@link #httpStatus()} is 0). */
public final class ApiException extends RuntimeException {
  private final String attempted;
  private final int httpStatus;
  private final String reason;
  private final List<String> causes;

  /**
   * @param attempted the request in words, such as {@code create networkpolicies default/web}
   * @param httpStatus the HTTP status, 0 if no answer came
   * @param reason the machine-readable reason of the {@code Status} object, such as {@code
   *     Conflict}; may be empty
   * @param answer what the other side said
   * @param causes the problems of single fields, each as {@code field: message}
   */
  ApiException(
      String attempted, int httpStatus, String reason, String answer, List<String> causes) {
    super(attempted + ": " + answer);
    this.attempted = attempted;
    this.httpStatus = httpStatus;
    this.reason = reason;
    this.causes = List.copyOf(causes);
  }

  /**
   * The message without the {@link #causes} that Kubernetes strings together at its end, for those
   * who list them.
   */
  public String headline() {
    String message = String.valueOf(getMessage());
    int begin = causes.isEmpty() ? -1 : message.indexOf(causes.getFirst());
    return begin <= 0 ? message : message.substring(0, begin).replaceFirst("[: \\[]+$", "");
  }

  /** The request in words. */
  public String attempted() {
    return attempted;
  }

  /** The HTTP status, 0 if no answer came. */
  public int httpStatus() {
    return httpStatus;
  }

  /** The {@code Status} object's reason, empty if it had none. */
  public String reason() {
    return reason;
  }

  /** The problems of single fields, each as {@code field: message}. */
  public List<String> causes() {
    return causes;
  }

  /** Whether the object is not there. */
  public boolean notFound() {
    return httpStatus == 404;
  }

  /** Whether somebody else wrote first, or the object is there already. */
  public boolean conflict() {
    return httpStatus == 409;
  }
}
