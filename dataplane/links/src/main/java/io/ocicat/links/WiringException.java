package io.ocicat.links;

/** The kernel refused a step of wiring a pod; what was done before it is undone. */
public final class WiringException extends RuntimeException {

  private final String step;
  private final String hostInterface;

  public WiringException(String step, String hostInterface, RuntimeException cause) {
    super("wiring %s failed to %s: %s".formatted(hostInterface, step, cause.getMessage()), cause);
    this.step = step;
    this.hostInterface = hostInterface;
  }

  public String step() {
    return step;
  }

  public String hostInterface() {
    return hostInterface;
  }
}
