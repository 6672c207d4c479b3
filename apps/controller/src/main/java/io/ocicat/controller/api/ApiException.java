package io.ocicat.controller.api;

/** A request refused, with the status to answer it with. */
public final class ApiException extends RuntimeException {

  private final transient ApiStatus status;

  public ApiException(ApiStatus status) {
    super(status.message());
    this.status = status;
  }

  public ApiStatus status() {
    return status;
  }
}
