package io.ocicat.links;

import io.ocicat.inet.IpAddress;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.LinuxIfLink;
import io.ocicat.rtnetlink.NextHop;
import io.ocicat.rtnetlink.Rtnetlink;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The largest packet that leaves the node whole. */
public final class UnderlayMtu {

  private static final int DEFAULT_MTU_BYTES = 1500;

  private UnderlayMtu() {}

  /**
   * MTU of the link, other than lo, that has one of the node's addresses; else of the one that a
   * default route leads to; else 1500.
   *
   * @param nodeAddresses in order of preference; may be empty
   */
  public static int bytes(Rtnetlink rtnetlink, List<? extends IpAddress> nodeAddresses) {
    List<AddressMessage> addresses = rtnetlink.addresses();
    Stream<Integer> byAddress =
        nodeAddresses.stream()
            .flatMap(
                wanted ->
                    addresses.stream()
                        .filter(address -> address.local().equals(wanted))
                        .map(AddressMessage::index));
    Stream<Integer> byDefaultRoute =
        rtnetlink.routes(0).stream()
            .filter(route -> route.destination().prefixLength() == 0)
            .flatMap(route -> route.nextHops().stream())
            .map(NextHop::index);
    return Stream.concat(byAddress, byDefaultRoute)
        .map(rtnetlink::link)
        .flatMap(Optional::stream)
        // A node's address may be on lo, whose MTU says nothing about the way to other nodes.
        .filter(link -> (link.flags() & LinuxIfLink.IFF_LOOPBACK) == 0)
        .findFirst()
        .map(LinkMessage::mtuBytes)
        .orElse(DEFAULT_MTU_BYTES);
  }
}
