package io.ocicat.rtnetlink;

import io.ocicat.inet.IpAddress;

/**
 * Where a route leads, {@code struct rtnexthop}.
 *
 * @param index the link; 0 to let the kernel find it from the gateway
 * @param gateway unspecified if the destination is on the link
 * @param weight share among the route's next hops, 1 to 256
 * @param flags {@code RTNH_F_…}
 */
public record NextHop(int index, IpAddress gateway, int weight, int flags) {

  public static NextHop of(int index, IpAddress gateway) {
    return new NextHop(index, gateway, 1, 0);
  }
}
