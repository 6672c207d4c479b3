package io.ocicat.libc;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A socket address of the families that we use, sockaddr(3type). */
public sealed interface Sockaddr {

  /** The C structure's bytes. */
  byte[] encode();

  /**
   * {@code struct sockaddr_nl}, netlink(7).
   *
   * @param portId 0 to let the kernel choose on bind, and for the kernel as the receiver
   * @param groups bit mask of the first 32 multicast groups
   */
  record Netlink(int portId, int groups) implements Sockaddr {

    public static final CStruct STRUCT =
        CStruct.of("sockaddr_nl", "sys/socket.h", "linux/netlink.h")
            .u16("nl_family")
            .u16("nl_pad")
            .u32("nl_pid")
            .u32("nl_groups")
            .build();

    @Override
    public byte[] encode() {
      return ByteBuffer.allocate(STRUCT.sizeBytes())
          .order(ByteOrder.nativeOrder())
          .putShort((short) LinuxSocket.AF_NETLINK)
          .putShort((short) 0)
          .putInt(portId)
          .putInt(groups)
          .array();
    }
  }

  /** {@code struct sockaddr_in} or {@code struct sockaddr_in6}, after the address's family. */
  record Inet(InetSocketAddress address) implements Sockaddr {

    public static final CStruct STRUCT_IN =
        CStruct.of("sockaddr_in", "netinet/in.h")
            .u16("sin_family")
            .u16("sin_port")
            .bytes("sin_addr", 4, 4)
            .bytes("sin_zero", 8, 1)
            .build();

    public static final CStruct STRUCT_IN6 =
        CStruct.of("sockaddr_in6", "netinet/in.h")
            .u16("sin6_family")
            .u16("sin6_port")
            .u32("sin6_flowinfo")
            .bytes("sin6_addr", 16, 4)
            .u32("sin6_scope_id")
            .build();

    /**
     * @throws IllegalArgumentException if the address is a name not yet resolved
     */
    public Inet {
      if (address.isUnresolved()) {
        throw new IllegalArgumentException("not an address but a name: " + address);
      }
    }

    @Override
    public byte[] encode() {
      ByteBuffer bytes;
      if (address.getAddress() instanceof Inet6Address v6) {
        bytes = ByteBuffer.allocate(STRUCT_IN6.sizeBytes()).order(ByteOrder.nativeOrder());
        bytes.putShort((short) LinuxSocket.AF_INET6);
        bytes.order(ByteOrder.BIG_ENDIAN).putShort((short) address.getPort()).putInt(0);
        bytes.put(v6.getAddress()).order(ByteOrder.nativeOrder()).putInt(v6.getScopeId());
      } else if (address.getAddress() instanceof Inet4Address v4) {
        bytes = ByteBuffer.allocate(STRUCT_IN.sizeBytes()).order(ByteOrder.nativeOrder());
        bytes.putShort((short) LinuxSocket.AF_INET);
        bytes.order(ByteOrder.BIG_ENDIAN).putShort((short) address.getPort());
        bytes.put(v4.getAddress());
      } else {
        throw new IllegalStateException("neither IPv4 nor IPv6: " + address);
      }
      return bytes.array();
    }

    /**
     * @param bytes what the kernel wrote, with its family
     * @throws IllegalArgumentException for another family
     */
    public static Inet decode(byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      int family = buffer.getShort();
      int port = buffer.order(ByteOrder.BIG_ENDIAN).getShort() & 0xffff;
      byte[] address =
          switch (family) {
            case LinuxSocket.AF_INET -> Arrays.copyOfRange(bytes, 4, 8);
            case LinuxSocket.AF_INET6 -> Arrays.copyOfRange(bytes, 8, 24);
            default -> throw new IllegalArgumentException("address family " + family);
          };
      int scope = family == LinuxSocket.AF_INET6 ? scopeId(bytes) : 0;
      try {
        InetAddress host =
            scope == 0
                ? InetAddress.getByAddress(address)
                : Inet6Address.getByAddress("", address, scope);
        return new Inet(new InetSocketAddress(host, port));
      } catch (UnknownHostException e) {
        throw new IllegalStateException("an address of 4 or 16 bytes was refused", e);
      }
    }

    private static int scopeId(byte[] bytes) {
      return ByteBuffer.wrap(bytes)
          .order(ByteOrder.nativeOrder())
          .getInt(STRUCT_IN6.offset("sin6_scope_id"));
    }
  }
}
