package io.ocicat.agent.kernel;

/** The kernel does not enforce what it should; what it enforced before still holds. */
public final class EnforcementException extends RuntimeException {

  public EnforcementException(String reason) {
    super(reason);
  }
}
