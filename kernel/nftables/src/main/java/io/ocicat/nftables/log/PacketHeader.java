package io.ocicat.nftables.log;

import io.ocicat.inet.IpAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The headers of a packet, as far as policy looks at them.
 *
 * @param protocol its number; of IPv6 that after the extension headers
 * @param upper what the header of that protocol says
 */
public record PacketHeader(IpAddress source, IpAddress destination, int protocol, Upper upper) {

  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;
  private static final int DCCP = 33;
  private static final int SCTP = 132;
  private static final int UDP_LITE = 136;
  private static final Set<Integer> WITH_PORTS = Set.of(TCP, UDP, DCCP, SCTP, UDP_LITE);

  private static final int V4_BYTES = 20;
  private static final int V6_BYTES = 40;

  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int AUTHENTICATION = 51;
  private static final int DESTINATION_OPTIONS = 60;

  /** What the header after those of IP says. */
  public sealed interface Upper {

    /** Of TCP, UDP, SCTP and their like. */
    record Ports(int source, int destination) implements Upper {}

    /** Of ICMP. */
    record Message(int type, int code) implements Upper {}

    /** Of other protocols, of later fragments, and where too little was kept. */
    record Unknown() implements Upper {}
  }

  /**
   * Reads the beginning of an IPv4 (RFC 791) or IPv6 (RFC 8200) packet; empty if it is neither or
   * its addresses are cut off.
   */
  public static Optional<PacketHeader> of(byte[] packet) {
    int version = packet.length == 0 ? 0 : (packet[0] & 0xf0) >> 4;
    if (version == 4 && packet.length >= V4_BYTES) {
      boolean isFirst = (u16(packet, 6) & 0x1fff) == 0;
      int protocol = u8(packet, 9);
      int at = (packet[0] & 0x0f) * 4;
      return Optional.of(
          new PacketHeader(
              address(packet, 12, 4),
              address(packet, 16, 4),
              protocol,
              isFirst ? upper(packet, at, protocol) : new Upper.Unknown()));
    }
    return version == 6 && packet.length >= V6_BYTES ? Optional.of(v6(packet)) : Optional.empty();
  }

  private static PacketHeader v6(byte[] packet) {
    int protocol = u8(packet, 6);
    int at = V6_BYTES;
    boolean isFirst = true;
    while (isExtension(protocol) && at + 8 <= packet.length) {
      int length =
          switch (protocol) {
            case FRAGMENT -> 8;
            case AUTHENTICATION -> (u8(packet, at + 1) + 2) * 4;
            default -> (u8(packet, at + 1) + 1) * 8;
          };
      isFirst &= protocol != FRAGMENT || (u16(packet, at + 2) & 0xfff8) == 0;
      protocol = u8(packet, at);
      at += length;
    }
    return new PacketHeader(
        address(packet, 8, 16),
        address(packet, 24, 16),
        protocol,
        isFirst ? upper(packet, at, protocol) : new Upper.Unknown());
  }

  private static boolean isExtension(int protocol) {
    return switch (protocol) {
      case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS -> true;
      default -> false;
    };
  }

  private static Upper upper(byte[] packet, int at, int protocol) {
    if (WITH_PORTS.contains(protocol) && at + 4 <= packet.length) {
      return new Upper.Ports(u16(packet, at), u16(packet, at + 2));
    }
    if ((protocol == ICMP || protocol == ICMPV6) && at + 2 <= packet.length) {
      return new Upper.Message(u8(packet, at), u8(packet, at + 1));
    }
    return new Upper.Unknown();
  }

  private static IpAddress address(byte[] packet, int at, int bytes) {
    return IpAddress.ofBytes(Arrays.copyOfRange(packet, at, at + bytes));
  }

  private static int u8(byte[] packet, int at) {
    return packet[at] & 0xff;
  }

  private static int u16(byte[] packet, int at) {
    return u8(packet, at) << 8 | u8(packet, at + 1);
  }
}
