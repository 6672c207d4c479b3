package io.ocicat.rtnetlink;

import io.ocicat.inet.IpAddress;
import java.util.List;

/**
 * An address of a link, {@code struct ifaddrmsg} and its attributes.
 *
 * @param local the link's own address
 * @param prefixLength of the network on the link
 * @param index the link
 * @param flags {@code IFA_F_…}
 * @param scope {@code RT_SCOPE_…}
 * @param others attributes without a component
 */
public record AddressMessage(
    IpAddress local, int prefixLength, int index, int flags, int scope, List<RawAttribute> others) {

  public AddressMessage {
    others = List.copyOf(others);
  }

  /** An address of global scope that is usable at once: without duplicate address detection. */
  public static AddressMessage of(IpAddress local, int prefixLength, int index) {
    int scope =
        local.isLinkLocal() ? LinuxRtnetlink.RT_SCOPE_LINK : LinuxRtnetlink.RT_SCOPE_UNIVERSE;
    return new AddressMessage(
        local, prefixLength, index, LinuxIfAddr.IFA_F_NODAD, scope, List.of());
  }

  @Override
  public String toString() {
    return local + "/" + prefixLength + " on link " + index;
  }
}
