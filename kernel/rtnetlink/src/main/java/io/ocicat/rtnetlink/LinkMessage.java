package io.ocicat.rtnetlink;

import io.ocicat.inet.MacAddress;
import java.util.List;

/**
 * A link, {@code struct ifinfomsg} and its attributes.
 *
 * @param flags {@code IFF_…}
 * @param kind for example {@code veth}; empty for a device that is not made by software
 * @param address zero if it has none of six bytes
 * @param alias empty if none
 * @param master index of the link it is a port of; 0 if none
 * @param peer index of its peer or lower link, in that one's namespace; 0 if none
 * @param peerNamespaceId the id by which this namespace knows the peer's; -1 if it is this one
 * @param others attributes without a component
 */
public record LinkMessage(
    int index,
    int flags,
    String name,
    String kind,
    int mtuBytes,
    MacAddress address,
    String alias,
    int master,
    int group,
    int peer,
    int peerNamespaceId,
    List<RawAttribute> others) {

  public static final MacAddress NO_ADDRESS = new MacAddress(0);

  public LinkMessage {
    others = List.copyOf(others);
  }

  /** A link of that name and index with nothing else known, for tests. */
  public static LinkMessage named(String name, int index) {
    return new LinkMessage(
        index, LinuxIfLink.IFF_UP, name, "", 1500, NO_ADDRESS, "", 0, 0, 0, -1, List.of());
  }

  public boolean isUp() {
    return (flags & LinuxIfLink.IFF_UP) != 0;
  }
}
