package io.ocicat.rtnetlink;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.MacAddress;
import java.util.List;

/**
 * A neighbour, {@code struct ndmsg} and its attributes.
 *
 * @param index the link
 * @param address its MAC address; {@link LinkMessage#NO_ADDRESS} if unknown
 * @param state {@code NUD_…}
 * @param flags {@code NTF_…}
 * @param others attributes without a component
 */
public record NeighbourMessage(
    IpAddress destination,
    int index,
    MacAddress address,
    int state,
    int flags,
    List<RawAttribute> others) {

  public NeighbourMessage {
    others = List.copyOf(others);
  }

  /** An entry that never expires. */
  public static NeighbourMessage permanent(IpAddress destination, MacAddress address, int index) {
    return new NeighbourMessage(
        destination, index, address, LinuxNeighbour.NUD_PERMANENT, 0, List.of());
  }

  /** An address that the host answers for on that link. */
  public static NeighbourMessage proxy(IpAddress destination, int index) {
    return new NeighbourMessage(
        destination,
        index,
        LinkMessage.NO_ADDRESS,
        LinuxNeighbour.NUD_PERMANENT,
        LinuxNeighbour.NTF_PROXY,
        List.of());
  }
}
