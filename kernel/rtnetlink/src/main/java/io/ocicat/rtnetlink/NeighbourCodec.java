package io.ocicat.rtnetlink;

import static io.ocicat.rtnetlink.LinuxNeighbour.NDA_DST;
import static io.ocicat.rtnetlink.LinuxNeighbour.NDA_LLADDR;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.MacAddress;
import io.ocicat.libc.CStruct;
import io.ocicat.netlink.AttributeReader;
import io.ocicat.netlink.AttributeWriter;
import io.ocicat.netlink.NlFlags;
import io.ocicat.netlink.NlMessage;
import io.ocicat.netlink.NlRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Requests about neighbours, and neighbours read from messages. */
public final class NeighbourCodec {

  public static final CStruct STRUCT =
      CStruct.of("ndmsg", "linux/neighbour.h")
          .u8("ndm_family")
          .u8("ndm_pad1")
          .u16("ndm_pad2")
          .u32("ndm_ifindex")
          .u16("ndm_state")
          .u8("ndm_flags")
          .u8("ndm_type")
          .build();

  private NeighbourCodec() {}

  /** Adds a neighbour, or puts it in the place of the one that is there. */
  public static NlRequest newNeighbour(NeighbourMessage neighbour) {
    return new NlRequest(
        "add neighbour %s on link %d".formatted(neighbour.destination(), neighbour.index()),
        LinuxRtnetlink.RTM_NEWNEIGH,
        NlFlags.CREATE | NlFlags.REPLACE,
        body(neighbour));
  }

  public static NlRequest delNeighbour(NeighbourMessage neighbour) {
    return new NlRequest(
        "delete neighbour %s on link %d".formatted(neighbour.destination(), neighbour.index()),
        LinuxRtnetlink.RTM_DELNEIGH,
        0,
        body(neighbour));
  }

  /**
   * All neighbours of the namespace, for a dump.
   *
   * @param flags {@code NTF_PROXY} for those the host answers for, 0 for the others
   */
  public static NlRequest getNeighbours(int flags) {
    return new NlRequest(
        "list neighbours",
        LinuxRtnetlink.RTM_GETNEIGH,
        0,
        new AttributeWriter(
            ByteBuffer.allocate(STRUCT.sizeBytes())
                .put(STRUCT.offset("ndm_flags"), (byte) flags)
                .array()));
  }

  private static AttributeWriter body(NeighbourMessage neighbour) {
    byte[] header =
        ByteBuffer.allocate(STRUCT.sizeBytes())
            .order(ByteOrder.nativeOrder())
            .put((byte) Families.code(neighbour.destination().family()))
            .put((byte) 0)
            .putShort((short) 0)
            .putInt(neighbour.index())
            .putShort((short) neighbour.state())
            .put((byte) neighbour.flags())
            .put((byte) 0)
            .array();
    AttributeWriter body =
        new AttributeWriter(header).bytes(NDA_DST, neighbour.destination().toBytes());
    if (!neighbour.address().equals(LinkMessage.NO_ADDRESS)) {
      body.bytes(NDA_LLADDR, neighbour.address().toBytes());
    }
    return body;
  }

  /**
   * Reads an {@code RTM_NEWNEIGH} or {@code RTM_DELNEIGH}.
   *
   * @return empty for one without an IP address, as a bridge has them
   */
  public static Optional<NeighbourMessage> decode(NlMessage message) {
    ByteBuffer header = message.payload();
    if (Families.of(header.get(STRUCT.offset("ndm_family"))).isEmpty()) {
      return Optional.empty();
    }
    List<IpAddress> destination = new ArrayList<>(1);
    MacAddress address = LinkMessage.NO_ADDRESS;
    List<RawAttribute> others = new ArrayList<>();
    for (AttributeReader.Attribute attribute : message.attributes(STRUCT.sizeBytes())) {
      if (attribute.type() == NDA_DST) {
        destination.add(Families.address(attribute));
      } else if (attribute.type() == NDA_LLADDR && attribute.lengthBytes() == 6) {
        address = MacAddress.ofBytes(attribute.bytes());
      } else {
        others.add(RawAttribute.of(attribute));
      }
    }
    if (destination.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new NeighbourMessage(
            destination.getFirst(),
            header.getInt(STRUCT.offset("ndm_ifindex")),
            address,
            header.getShort(STRUCT.offset("ndm_state")) & 0xffff,
            header.get(STRUCT.offset("ndm_flags")) & 0xff,
            others));
  }
}
