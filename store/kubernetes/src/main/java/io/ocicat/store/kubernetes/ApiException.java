package io.ocicat.store.kubernetes;

import java.time.Duration;

/** The API server refused a call, or could not be reached. */
public final class ApiException extends Exception {
  private static final int UNREACHABLE = 0;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int GONE = 410;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;

  /** A server that asks for more is asked again all the same. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private static final String SILENT = "Silent";

  private final int status;
  private final String reason;
  private final Duration retryAfter;

  /**
   * The server refused.
   *
   * @param call the verb and path
   * @param status the HTTP status
   * @param reason the machine-readable reason of its Status, e.g. {@code AlreadyExists}; empty if
   *     it gave none
   * @param message what it said
   */
  public ApiException(String call, int status, String reason, String message) {
    this(call, status, reason, message, Duration.ZERO);
  }

  /**
   * The server refused, and said for how long.
   *
   * @param retryAfter what it said; zero: nothing
   */
  ApiException(String call, int status, String reason, String message, Duration retryAfter) {
    super("%s: the API server answered %d %s: %s".formatted(call, status, reason, message));
    this.status = status;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  /**
   * The server could not be asked, or its answer did not arrive.
   *
   * @param call the verb and path
   * @param cause what went wrong
   */
  public ApiException(String call, Throwable cause) {
    super(call + ": no answer from the API server: " + describe(cause), cause);
    this.status = UNREACHABLE;
    this.reason = "";
    this.retryAfter = Duration.ZERO;
  }

  private ApiException(String call, Duration silence) {
    super("%s: the API server said nothing for %s".formatted(call, silence));
    this.status = UNREACHABLE;
    this.reason = SILENT;
    this.retryAfter = Duration.ZERO;
  }

  /** A stream on which nothing came, not even a bookmark: nobody may be there any more. */
  public static ApiException silent(String call, Duration silence) {
    return new ApiException(call, silence);
  }

  private static String describe(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  /** The HTTP status; 0 when there was no answer. */
  public int status() {
    return status;
  }

  /** The reason in the server's Status; empty if there was none. */
  public String reason() {
    return reason;
  }

  /** Whether there was no answer at all: what was asked may or may not have happened. */
  public boolean isUnreachable() {
    return status == UNREACHABLE;
  }

  /** Whether the server turned the call away unread, for now: it has too much to do. */
  public boolean isOverloaded() {
    return status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
  }

  /** Whether the same call may well succeed a little later. */
  public boolean isPassing() {
    return isUnreachable() || isOverloaded() || status >= SERVER_ERROR;
  }

  /** Whether RBAC, or admission, refused. */
  public boolean isForbidden() {
    return status == FORBIDDEN;
  }

  /** How long to wait before the next call: this long, or for as long as the server said. */
  Duration pauseOfAtLeast(Duration pause) {
    Duration wanted = retryAfter.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : retryAfter;
    return wanted.compareTo(pause) > 0 ? wanted.plus(pause) : pause;
  }

  /** Whether a stream was given up because nothing came. */
  public boolean isSilent() {
    return reason.equals(SILENT);
  }

  /** Whether the object, or the kind, is not there. */
  public boolean isNotFound() {
    return status == NOT_FOUND;
  }

  /** Whether a precondition did not hold, or a name is taken. */
  public boolean isConflict() {
    return status == CONFLICT;
  }

  /** Whether the revision or the page that was asked for is too old. */
  public boolean isExpired() {
    return status == GONE;
  }
}
