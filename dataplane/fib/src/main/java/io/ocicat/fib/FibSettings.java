package io.ocicat.fib;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.time.Duration;

/**
 * How routes are put into the kernel.
 *
 * @param table the kernel's table that routes go to; next hops are looked up in the main one
 * @param ipv4 for IPv4 routes
 * @param ipv6 for IPv6 routes
 * @param throughDefault whether a default route makes a next hop reachable
 * @param audit how often the kernel's routes are compared in full with what should be there; it is
 *     told of changes besides
 * @param keepOnExit for who ends in order: whether routes stay in the kernel then
 */
public record FibSettings(
    int table,
    OfFamily ipv4,
    OfFamily ipv6,
    boolean throughDefault,
    Duration audit,
    boolean keepOnExit) {

  /** {@code RTPROT_…}: whose routes these are. */
  public static final int PROTOCOL = 79;

  /** The kernel's main table. */
  public static final int MAIN_TABLE = 254;

  private static final int PRIORITY = 1024;

  /**
   * What the routes of a family have in common.
   *
   * @param metric the kernel's priority: smaller goes first, at least 1
   * @param source the address that this host itself uses as sender; unspecified: the kernel
   *     chooses. Left out while the host does not have it
   */
  public record OfFamily(int metric, IpAddress source) {
    public OfFamily {
      if (metric < 1) {
        throw new IllegalArgumentException("metric " + metric + "; at least 1");
      }
    }
  }

  /** The main table, metric 1024, no source, an audit every five minutes. */
  public static final FibSettings DEFAULT =
      new FibSettings(
          MAIN_TABLE,
          new OfFamily(PRIORITY, IpAddress.parse("0.0.0.0")),
          new OfFamily(PRIORITY, IpAddress.parse("::")),
          true,
          Duration.ofMinutes(5),
          false);

  public FibSettings {
    if (ipv4.source.family() != IpFamily.IPV4 || ipv6.source.family() != IpFamily.IPV6) {
      throw new IllegalArgumentException(
          "sources %s and %s are not of IPv4 and IPv6".formatted(ipv4.source, ipv6.source));
    }
  }

  static IpAddress unspecified(IpFamily family) {
    return DEFAULT.of(family).source;
  }

  OfFamily of(IpFamily family) {
    return switch (family) {
      case IPV4 -> ipv4;
      case IPV6 -> ipv6;
    };
  }

  public FibSettings table(int number) {
    return new FibSettings(number, ipv4, ipv6, throughDefault, audit, keepOnExit);
  }

  public FibSettings metric(IpFamily family, int metric) {
    return with(family, new OfFamily(metric, of(family).source));
  }

  public FibSettings source(IpAddress source) {
    return with(source.family(), new OfFamily(of(source.family()).metric, source));
  }

  public FibSettings throughDefault(boolean counts) {
    return new FibSettings(table, ipv4, ipv6, counts, audit, keepOnExit);
  }

  public FibSettings audit(Duration every) {
    return new FibSettings(table, ipv4, ipv6, throughDefault, every, keepOnExit);
  }

  public FibSettings keepOnExit(boolean keep) {
    return new FibSettings(table, ipv4, ipv6, throughDefault, audit, keep);
  }

  private FibSettings with(IpFamily family, OfFamily other) {
    return switch (family) {
      case IPV4 -> new FibSettings(table, other, ipv6, throughDefault, audit, keepOnExit);
      case IPV6 -> new FibSettings(table, ipv4, other, throughDefault, audit, keepOnExit);
    };
  }
}
