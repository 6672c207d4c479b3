package io.ocicat.bgpwire.iana;

import java.util.Optional;

/**
 * BGP well-known communities.
 *
 * @see <a
 *     href="https://www.iana.org/assignments/bgp-well-known-communities/bgp-well-known-communities.xhtml">IANA</a>
 */
public enum WellKnownCommunity {
  GRACEFUL_SHUTDOWN(0xFFFF0000, "graceful-shutdown", "RFC 8326", Support.IMPLEMENTED),
  ACCEPT_OWN(0xFFFF0001, "accept-own", "RFC 7611", Support.CARRIED),
  ROUTE_FILTER_TRANSLATED_V4(
      0xFFFF0002, "route-filter-translated-v4", "draft-l3vpn-legacy-rtc", Support.NOT_IMPLEMENTED),
  ROUTE_FILTER_V4(0xFFFF0003, "route-filter-v4", "draft-l3vpn-legacy-rtc", Support.NOT_IMPLEMENTED),
  ROUTE_FILTER_TRANSLATED_V6(
      0xFFFF0004, "route-filter-translated-v6", "draft-l3vpn-legacy-rtc", Support.NOT_IMPLEMENTED),
  ROUTE_FILTER_V6(0xFFFF0005, "route-filter-v6", "draft-l3vpn-legacy-rtc", Support.NOT_IMPLEMENTED),
  LLGR_STALE(0xFFFF0006, "llgr-stale", "RFC 9494", Support.IMPLEMENTED),
  NO_LLGR(0xFFFF0007, "no-llgr", "RFC 9494", Support.IMPLEMENTED),
  ACCEPT_OWN_NEXTHOP(
      0xFFFF0008,
      "accept-own-nexthop",
      "draft-agrewal-idr-accept-own-nexthop",
      Support.NOT_IMPLEMENTED),
  STANDBY_PE(0xFFFF0009, "standby-pe", "RFC 9026", Support.NOT_IMPLEMENTED),
  BLACKHOLE(0xFFFF029A, "blackhole", "RFC 7999", Support.IMPLEMENTED),
  NO_EXPORT(0xFFFFFF01, "no-export", "RFC 1997", Support.IMPLEMENTED),
  NO_ADVERTISE(0xFFFFFF02, "no-advertise", "RFC 1997", Support.IMPLEMENTED),
  NO_EXPORT_SUBCONFED(0xFFFFFF03, "no-export-subconfed", "RFC 1997", Support.IMPLEMENTED),
  NO_PEER(0xFFFFFF04, "no-peer", "RFC 3765", Support.CARRIED);

  private final int code;
  private final String text;
  private final String reference;
  private final Support support;

  WellKnownCommunity(int code, String text, String reference, Support support) {
    this.code = code;
    this.text = text;
    this.reference = reference;
    this.support = support;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** The registry's name of it. */
  public String text() {
    return text;
  }

  /** The document that defines it. */
  public String reference() {
    return reference;
  }

  public Support support() {
    return support;
  }

  public static Optional<WellKnownCommunity> of(int code) {
    for (WellKnownCommunity entry : values()) {
      if (entry.code == code) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
