package io.ocicat.bgp.loop;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;

/**
 * One end of a connection.
 *
 * @param scope the index of the interface that a link-local address belongs to; else 0
 */
public record SocketEnd(IpAddress address, int port, int scope) {

  @Override
  public String toString() {
    String zone = scope == 0 ? "" : "%" + scope;
    return address.family() == IpFamily.IPV6
        ? "[%s%s]:%d".formatted(address, zone, port)
        : "%s:%d".formatted(address, port);
  }
}
