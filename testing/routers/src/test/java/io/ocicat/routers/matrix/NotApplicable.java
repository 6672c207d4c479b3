package io.ocicat.routers.matrix;

/** The peer cannot do what a cell is about; the message is the reason. */
final class NotApplicable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  NotApplicable(String reason) {
    super(reason);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
