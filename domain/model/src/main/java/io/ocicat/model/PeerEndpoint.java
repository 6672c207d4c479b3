package io.ocicat.model;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;

/**
 * Where a BGPPeer listens, as its {@code peerIP} says.
 *
 * @param port 0 where it says none
 */
public record PeerEndpoint(IpAddress address, int port) {
  private static final int PORT_MAX = 65535;

  /**
   * Reads {@code IP}, {@code v4:port} or {@code [v6]:port}.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static PeerEndpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    boolean bracketed = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
    boolean hasPort = bracketed || (colon > 0 && text.indexOf(':') == colon);
    if (!hasPort) {
      return new PeerEndpoint(address(text, text), 0);
    }
    IpAddress address =
        address(bracketed ? text.substring(1, colon - 1) : text.substring(0, colon), text);
    String digits = text.substring(colon + 1);
    boolean isV6 = address.family() == IpFamily.IPV6;
    if (isV6 != bracketed || !digits.matches("[0-9]{1,5}")) {
      throw wrong(text);
    }
    int port = Integer.parseInt(digits);
    if (port < 1 || port > PORT_MAX) {
      throw wrong(text);
    }
    return new PeerEndpoint(address, port);
  }

  private static IpAddress address(String address, String text) {
    return IpAddress.tryParse(address).orElseThrow(() -> wrong(text));
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "must be an address, or one with a port from 1 to 65535, like 10.0.0.1:1790 or"
            + " [fd00::1]:1790; is \""
            + text
            + "\"");
  }
}
