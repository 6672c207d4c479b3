package io.ocicat.agent.attach;

import io.ocicat.cni.CniError;
import io.ocicat.cni.CniErrorCode;

/** Ends a call with an error for the runtime. Thrown where undoing must come first. */
final class CniRefusal extends RuntimeException {

  private final transient CniError error;

  CniRefusal(CniErrorCode code, String message) {
    super(message, null, false, false);
    this.error = CniError.of(code, message);
  }

  CniError error() {
    return error;
  }
}
