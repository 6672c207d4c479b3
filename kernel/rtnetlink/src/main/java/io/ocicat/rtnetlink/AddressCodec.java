package io.ocicat.rtnetlink;

import static io.ocicat.rtnetlink.LinuxIfAddr.IFA_ADDRESS;
import static io.ocicat.rtnetlink.LinuxIfAddr.IFA_BROADCAST;
import static io.ocicat.rtnetlink.LinuxIfAddr.IFA_FLAGS;
import static io.ocicat.rtnetlink.LinuxIfAddr.IFA_LOCAL;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.CStruct;
import io.ocicat.netlink.AttributeReader;
import io.ocicat.netlink.AttributeWriter;
import io.ocicat.netlink.NetlinkDecodeException;
import io.ocicat.netlink.NlFlags;
import io.ocicat.netlink.NlMessage;
import io.ocicat.netlink.NlRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests about addresses, and addresses read from messages. */
public final class AddressCodec {

  public static final CStruct STRUCT =
      CStruct.of("ifaddrmsg", "linux/if_addr.h")
          .u8("ifa_family")
          .u8("ifa_prefixlen")
          .u8("ifa_flags")
          .u8("ifa_scope")
          .u32("ifa_index")
          .build();

  private AddressCodec() {}

  /** Adds an address; {@code EEXIST} if the link has it. */
  public static NlRequest newAddress(AddressMessage address) {
    AttributeWriter body = body(address);
    // Flags above the header's eight bits, and IPv6 flags at all, are only taken from here.
    body.u32(IFA_FLAGS, address.flags());
    if (address.local().family() == IpFamily.IPV4 && address.prefixLength() < 31) {
      IpAddress broadcast = Cidr.containing(address.local(), address.prefixLength()).last();
      body.bytes(IFA_BROADCAST, broadcast.toBytes());
    }
    return new NlRequest(
        "add address " + address, LinuxRtnetlink.RTM_NEWADDR, NlFlags.CREATE | NlFlags.EXCL, body);
  }

  public static NlRequest delAddress(AddressMessage address) {
    return new NlRequest("delete address " + address, LinuxRtnetlink.RTM_DELADDR, 0, body(address));
  }

  private static AttributeWriter body(AddressMessage address) {
    byte[] local = address.local().toBytes();
    return new AttributeWriter(header(Families.code(address.local().family()), address))
        .bytes(IFA_LOCAL, local)
        .bytes(IFA_ADDRESS, local);
  }

  /** The addresses of one link, for a dump. */
  public static NlRequest getAddresses(int index) {
    return new NlRequest(
        "list addresses of link " + index,
        LinuxRtnetlink.RTM_GETADDR,
        0,
        new AttributeWriter(
            ByteBuffer.allocate(STRUCT.sizeBytes())
                .order(ByteOrder.nativeOrder())
                .putInt(STRUCT.offset("ifa_index"), index)
                .array()));
  }

  /** All addresses of the namespace, for a dump. */
  public static NlRequest getAddresses() {
    return new NlRequest(
        "list addresses",
        LinuxRtnetlink.RTM_GETADDR,
        0,
        new AttributeWriter(new byte[STRUCT.sizeBytes()]));
  }

  private static byte[] header(int family, AddressMessage address) {
    return ByteBuffer.allocate(STRUCT.sizeBytes())
        .order(ByteOrder.nativeOrder())
        .put((byte) family)
        .put((byte) address.prefixLength())
        .put((byte) 0)
        .put((byte) address.scope())
        .putInt(address.index())
        .array();
  }

  /**
   * Reads an {@code RTM_NEWADDR} or {@code RTM_DELADDR}.
   *
   * @throws NetlinkDecodeException if it has no address
   */
  public static AddressMessage decode(NlMessage message) {
    ByteBuffer header = message.payload();
    @Nullable IpAddress local = null;
    @Nullable IpAddress address = null;
    int flags = header.get(STRUCT.offset("ifa_flags")) & 0xff;
    List<RawAttribute> others = new ArrayList<>();
    for (AttributeReader.Attribute attribute : message.attributes(STRUCT.sizeBytes())) {
      switch (attribute.type()) {
        case IFA_LOCAL -> local = Families.address(attribute);
        case IFA_ADDRESS -> address = Families.address(attribute);
        case IFA_FLAGS -> flags = attribute.u32();
        default -> others.add(RawAttribute.of(attribute));
      }
    }
    // IPv6 gives its address as IFA_ADDRESS alone unless it is a point-to-point one.
    IpAddress own = local != null ? local : address;
    if (own == null) {
      throw new NetlinkDecodeException("address message without an address");
    }
    return new AddressMessage(
        own,
        header.get(STRUCT.offset("ifa_prefixlen")) & 0xff,
        header.getInt(STRUCT.offset("ifa_index")),
        flags,
        header.get(STRUCT.offset("ifa_scope")) & 0xff,
        others);
  }
}
