package io.ocicat.store;

/** The store's environment failed: a disk, a file, a server. */
public class StoreException extends RuntimeException {
  private final String operation;
  private final String location;

  /**
   * Says what failed.
   *
   * @param operation what was attempted, on which object
   * @param location the file or server
   * @param cause what the other side said
   */
  public StoreException(String operation, String location, Throwable cause) {
    super(operation + " in the store at " + location + " failed: " + cause.getMessage(), cause);
    this.operation = operation;
    this.location = location;
  }

  /** What was attempted. */
  public String operation() {
    return operation;
  }

  /** The file or server. */
  public String location() {
    return location;
  }
}
