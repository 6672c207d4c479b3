package io.ocicat.bgp.session;

import io.ocicat.bgp.loop.Hops;
import io.ocicat.inet.IpAddress;

/**
 * How a neighbour is connected to.
 *
 * @param source the address to connect from; unspecified for the kernel's choice
 * @param passive we wait for it to connect
 * @param md5Key RFC 2385; empty for none
 */
public record Transport(int port, IpAddress source, boolean passive, String md5Key, Hops hops) {

  /** IANA's. */
  public static final int BGP_PORT = 179;

  public static final Transport DEFAULT =
      new Transport(BGP_PORT, IpAddress.parse("0.0.0.0"), false, "", Hops.UNLIMITED);

  /** The same, waiting or not. */
  public Transport passive(boolean waits) {
    return new Transport(port, source, waits, md5Key, hops);
  }

  /** The key stays out of logs. */
  @Override
  public String toString() {
    return "port %d, source %s, %s, %s, %s"
        .formatted(
            port,
            source,
            passive ? "passive" : "active",
            md5Key.isEmpty() ? "no MD5" : "MD5",
            hops);
  }
}
