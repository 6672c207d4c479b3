package io.ocicat.agent.address;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.LinuxIfAddr;
import io.ocicat.rtnetlink.LinuxRtnetlink;
import io.ocicat.rtnetlink.Rtnetlink;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is known of a node before its addresses are.
 *
 * @param links in the order of their indexes
 * @param addresses of all links, a link's own in the order in which the kernel has them
 * @param sourceTo the source address of packets to a destination; empty if there is no route
 * @param internalAddresses the node's InternalIPs as the cluster has them; none if it is not known
 */
public record NodeView(
    List<LinkMessage> links,
    List<AddressMessage> addresses,
    Function<IpAddress, Optional<IpAddress>> sourceTo,
    List<IpAddress> internalAddresses) {

  /** An address that other nodes might reach. */
  record Candidate(LinkMessage link, IpAddress address) {
    @Override
    public String toString() {
      return address + " on " + link.name();
    }
  }

  public NodeView {
    links = List.copyOf(links);
    addresses = List.copyOf(addresses);
    internalAddresses = List.copyOf(internalAddresses);
  }

  /** Reads the namespace of a connection; routes are looked up while that is open. */
  public static NodeView of(Rtnetlink rtnetlink, List<IpAddress> internalAddresses) {
    return new NodeView(
        rtnetlink.links(),
        rtnetlink.addresses(),
        destination ->
            rtnetlink
                .route(destination)
                .map(route -> route.source())
                .filter(source -> !source.isUnspecified()),
        internalAddresses);
  }

  /** Usable addresses of a family on links that are up and meet the condition. */
  List<Candidate> candidates(IpFamily family, Predicate<LinkMessage> condition) {
    Map<Integer, List<AddressMessage>> byLink =
        addresses.stream()
            .filter(address -> address.local().family() == family && isUsable(address))
            .collect(Collectors.groupingBy(AddressMessage::index));
    return links.stream()
        .filter(link -> link.isUp() && condition.test(link))
        .flatMap(
            link ->
                byLink.getOrDefault(link.index(), List.of()).stream()
                    .map(address -> new Candidate(link, address.local())))
        .toList();
  }

  private static boolean isUsable(AddressMessage address) {
    return address.scope() == LinuxRtnetlink.RT_SCOPE_UNIVERSE
        && (address.flags() & (LinuxIfAddr.IFA_F_TENTATIVE | LinuxIfAddr.IFA_F_DADFAILED)) == 0
        && !address.local().isLinkLocal();
  }
}
