package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.Afi;
import io.ocicat.bgpwire.iana.Safi;
import io.ocicat.inet.IpFamily;
import java.util.Locale;

/**
 * An address family as BGP names it; unknown numbers are kept (RFC 4760 §3).
 *
 * @param afi 16 bits
 * @param safi 8 bits
 */
public record Family(int afi, int safi) implements Comparable<Family> {

  public static final Family IPV4_UNICAST = new Family(1, 1);
  public static final Family IPV6_UNICAST = new Family(2, 1);

  public Family {
    if (afi >>> 16 != 0 || safi >>> 8 != 0) {
      throw new IllegalArgumentException("not an address family: " + afi + "/" + safi);
    }
  }

  /** The one instance for the families whose routes are understood; otherwise a fresh value. */
  public static Family of(int afi, int safi) {
    if (safi == 1 && afi == 1) {
      return IPV4_UNICAST;
    }
    return safi == 1 && afi == 2 ? IPV6_UNICAST : new Family(afi, safi);
  }

  /** The unicast family of the prefixes of an IP version. */
  public static Family unicast(IpFamily ip) {
    return switch (ip) {
      case IPV4 -> IPV4_UNICAST;
      case IPV6 -> IPV6_UNICAST;
    };
  }

  /** {@code true} for the families whose routes can be read and written: IPv4 and IPv6 unicast. */
  public boolean isSupported() {
    return safi == 1 && (afi == 1 || afi == 2);
  }

  public boolean isIpv6() {
    return afi == 2;
  }

  /** Length of the longest prefix: 32 or 128. */
  int maximumPrefixLength() {
    return afi == 1 ? 32 : 128;
  }

  @Override
  public int compareTo(Family other) {
    int byAfi = Integer.compare(afi, other.afi);
    return byAfi != 0 ? byAfi : Integer.compare(safi, other.safi);
  }

  /** As in {@code ipv4 unicast}. */
  @Override
  public String toString() {
    String family =
        Afi.of(afi).map(a -> a.name().toLowerCase(Locale.ROOT)).orElseGet(() -> "afi " + afi);
    String sub =
        Safi.of(safi)
            .map(s -> s.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .orElseGet(() -> "safi " + safi);
    return family + " " + sub;
  }
}
