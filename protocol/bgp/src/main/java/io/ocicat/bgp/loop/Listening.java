package io.ocicat.bgp.loop;

import io.ocicat.inet.Cidr;

/** A socket that takes connections. */
public interface Listening {

  SocketEnd local();

  /**
   * Sets the key that all segments from a prefix have to be signed with, RFC 2385. The longest
   * prefix decides.
   *
   * @param key empty for none
   * @throws TransportException if the kernel has no such signatures
   */
  void md5Key(Cidr peers, String key);

  void close();
}
