package io.ocicat.rtnetlink;

import java.util.Optional;

/** What a route does with a packet, {@code RTN_…} of {@code linux/rtnetlink.h}. */
public enum RouteType {
  UNICAST(1),
  LOCAL(2),
  BROADCAST(3),
  ANYCAST(4),
  MULTICAST(5),
  BLACKHOLE(6),
  UNREACHABLE(7),
  PROHIBIT(8),
  THROW(9);

  private final int code;

  RouteType(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Optional<RouteType> of(int code) {
    return code >= 1 && code <= values().length
        ? Optional.of(values()[code - 1])
        : Optional.empty();
  }
}
