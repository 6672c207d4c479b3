package io.ocicat.netlink;

import io.ocicat.libc.Errno;

/** The kernel refused a request, or its answer was lost. */
public final class NetlinkException extends RuntimeException {

  private final String operation;
  private final Errno errno;
  private final ExtAck extAck;
  private final String attribute;

  /**
   * @param operation what was attempted on which object
   * @param attribute the attribute that the kernel points at, by name; empty if it does not
   */
  public NetlinkException(String operation, Errno errno, ExtAck extAck, String attribute) {
    super(text(operation, errno, extAck, attribute));
    this.operation = operation;
    this.errno = errno;
    this.extAck = extAck;
    this.attribute = attribute;
  }

  private static String text(String operation, Errno errno, ExtAck extAck, String attribute) {
    StringBuilder text = new StringBuilder("cannot ").append(operation).append(": ").append(errno);
    if (!extAck.message().isEmpty()) {
      text.append(", the kernel says: ").append(extAck.message());
    }
    if (!attribute.isEmpty()) {
      text.append(", at ").append(attribute);
    }
    return text.toString();
  }

  public String operation() {
    return operation;
  }

  public Errno errno() {
    return errno;
  }

  /** Whether the kernel's answer was that number. */
  public boolean is(Errno other) {
    return errno.equals(other);
  }

  /** The kernel's own sentence; empty if it has none. */
  public String kernelMessage() {
    return extAck.message();
  }

  public ExtAck extAck() {
    return extAck;
  }

  /** The attribute that the kernel points at; empty if it does not. */
  public String attribute() {
    return attribute;
  }
}
