package io.ocicat.netlink;

/** Bytes from the kernel are not what their format says. */
public final class NetlinkDecodeException extends RuntimeException {

  public NetlinkDecodeException(String message) {
    super(message);
  }
}
