package io.ocicat.bfd;

import io.ocicat.inet.IpAddress;
import java.util.Optional;

/**
 * With whom a session is.
 *
 * @param remote the peer's address
 * @param local the address to send from; empty for the kernel's choice
 * @param device the interface to send through, for link-local peers; empty for any
 * @param multihop whether routers may be between, RFC 5883; otherwise what did not come straight
 *     from the peer is not looked at, RFC 5881 section 5
 * @param passive whether to wait for the peer's first packet
 */
public record BfdPeer(
    IpAddress remote, Optional<IpAddress> local, String device, boolean multihop, boolean passive) {

  /**
   * @throws IllegalArgumentException if the addresses do not go together
   */
  public BfdPeer {
    local.ifPresent(
        address -> {
          if (address.family() != remote.family()) {
            throw new IllegalArgumentException(
                "%s and %s are not of one family".formatted(remote, address));
          }
        });
    if (remote.isLinkLocal() && device.isEmpty()) {
      throw new IllegalArgumentException("a link-local peer needs an interface: " + remote);
    }
  }

  /** One hop away, by whatever interface. */
  public static BfdPeer onLink(IpAddress remote) {
    return new BfdPeer(remote, Optional.empty(), "", false, false);
  }

  @Override
  public String toString() {
    return device.isEmpty() ? remote.toString() : remote + "%" + device;
  }
}
