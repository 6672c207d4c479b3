package io.ocicat.rtnetlink;

/**
 * Per-interface IPv4 parameters that a link request can set, {@code enum} of {@code linux/ip.h};
 * the same as {@code net.ipv4.conf.<interface>.*}.
 */
public enum Ipv4Conf {
  FORWARDING(1),
  PROXY_ARP(3),
  RP_FILTER(8);

  private final int code;

  Ipv4Conf(int code) {
    this.code = code;
  }

  /** {@code IPV4_DEVCONF_…}. */
  public int code() {
    return code;
  }
}
