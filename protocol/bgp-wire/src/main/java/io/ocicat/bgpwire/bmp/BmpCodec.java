package io.ocicat.bgpwire.bmp;

import io.ocicat.bgpwire.Bytes;
import io.ocicat.bgpwire.Message;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The octets of BMP messages (RFC 7854 §4). */
public final class BmpCodec {

  private static final int VERSION = 3;
  private static final int HEADER_LENGTH = 6;
  private static final long MICROS = 1_000_000;

  /** A message that claims more is taken for the end of what can be read. */
  public static final int MAXIMUM_LENGTH = 1 << 20;

  private BmpCodec() {}

  /**
   * Writes {@code message} at the position of {@code out}.
   *
   * @throws java.nio.BufferOverflowException if it does not fit
   */
  public static void write(BmpMessage message, ByteBuffer out) {
    int start = out.position();
    out.put((byte) VERSION).putInt(0).put((byte) type(message));
    switch (message) {
      case BmpMessage.Initiation(List<BmpMessage.Tlv> information) -> tlvs(information, out);
      case BmpMessage.Termination(List<BmpMessage.Tlv> information) -> tlvs(information, out);
      case BmpMessage.PeerUp up -> {
        peer(up.peer(), out);
        address(up.local(), out);
        out.putShort((short) up.localPort()).putShort((short) up.remotePort());
        up.sentOpen().writeTo(out);
        up.receivedOpen().writeTo(out);
        tlvs(up.information(), out);
      }
      case BmpMessage.PeerDown(BmpMessage.Peer peer, int reason, Bytes data) -> {
        peer(peer, out);
        out.put((byte) reason);
        data.writeTo(out);
      }
      case BmpMessage.RouteMonitoring(BmpMessage.Peer peer, Bytes update) -> {
        peer(peer, out);
        update.writeTo(out);
      }
      case BmpMessage.RouteMirroring(BmpMessage.Peer peer, List<BmpMessage.Tlv> items) -> {
        peer(peer, out);
        tlvs(items, out);
      }
      case BmpMessage.StatisticsReport(BmpMessage.Peer peer, List<BmpMessage.Tlv> statistics) -> {
        peer(peer, out);
        out.putInt(statistics.size());
        tlvs(statistics, out);
      }
      case BmpMessage.Unknown(_, Bytes content) -> content.writeTo(out);
    }
    out.putInt(start + 1, out.position() - start);
  }

  private static int type(BmpMessage message) {
    return switch (message) {
      case BmpMessage.RouteMonitoring _ -> BmpType.ROUTE_MONITORING.code();
      case BmpMessage.StatisticsReport _ -> BmpType.STATISTICS_REPORT.code();
      case BmpMessage.PeerDown _ -> BmpType.PEER_DOWN.code();
      case BmpMessage.PeerUp _ -> BmpType.PEER_UP.code();
      case BmpMessage.Initiation _ -> BmpType.INITIATION.code();
      case BmpMessage.Termination _ -> BmpType.TERMINATION.code();
      case BmpMessage.RouteMirroring _ -> BmpType.ROUTE_MIRRORING.code();
      case BmpMessage.Unknown(int type, _) -> type;
    };
  }

  private static void tlvs(List<BmpMessage.Tlv> tlvs, ByteBuffer out) {
    for (BmpMessage.Tlv tlv : tlvs) {
      out.putShort((short) tlv.type()).putShort((short) tlv.value().length());
      tlv.value().writeTo(out);
    }
  }

  private static void peer(BmpMessage.Peer peer, ByteBuffer out) {
    out.put((byte) peer.type()).put((byte) peer.flags()).putLong(peer.distinguisher());
    address(peer.address(), out);
    out.putInt(peer.asn()).putInt(peer.identifier().value());
    out.putInt((int) (peer.timeMicros() / MICROS)).putInt((int) (peer.timeMicros() % MICROS));
  }

  /** In 16 octets; IPv4 in the last four. */
  private static void address(IpAddress address, ByteBuffer out) {
    switch (address) {
      case Ipv4Address(int value) -> out.putLong(0).putInt(0).putInt(value);
      case Ipv6Address(long high, long low) -> out.putLong(high).putLong(low);
    }
  }

  /** Whether what is at the position can never become a message, however much follows. */
  public static boolean isBroken(ByteBuffer in) {
    if (in.hasRemaining() && in.get(in.position()) != VERSION) {
      return true;
    }
    if (in.remaining() < HEADER_LENGTH) {
      return false;
    }
    int length = in.getInt(in.position() + 1);
    return length < HEADER_LENGTH || length > MAXIMUM_LENGTH;
  }

  /**
   * The message at the position, which moves behind it. Never throws on what a peer sends: what is
   * not understood or not well-formed becomes {@link BmpMessage.Unknown}.
   *
   * @return empty if the buffer does not hold a whole message
   */
  public static Optional<BmpMessage> read(ByteBuffer in) {
    if (in.remaining() < HEADER_LENGTH || isBroken(in)) {
      return Optional.empty();
    }
    int start = in.position();
    int length = in.getInt(start + 1);
    if (in.remaining() < length) {
      return Optional.empty();
    }
    int type = in.get(start + 5) & 0xff;
    ByteBuffer content = in.slice(start + HEADER_LENGTH, length - HEADER_LENGTH);
    in.position(start + length);
    BmpMessage unknown = new BmpMessage.Unknown(type, Bytes.remaining(content));
    Optional<BmpType> known = BmpType.of(type);
    if (known.isEmpty()) {
      return Optional.of(unknown);
    }
    try {
      BmpMessage read = content(known.get(), content);
      return Optional.of(content.hasRemaining() ? unknown : read);
    } catch (BufferUnderflowException e) {
      return Optional.of(unknown);
    }
  }

  /** Content that ends too early underflows. */
  private static BmpMessage content(BmpType type, ByteBuffer in) {
    return switch (type) {
      case INITIATION -> new BmpMessage.Initiation(tlvs(in));
      case TERMINATION -> new BmpMessage.Termination(tlvs(in));
      case ROUTE_MONITORING -> new BmpMessage.RouteMonitoring(peer(in), rest(in));
      case ROUTE_MIRRORING -> new BmpMessage.RouteMirroring(peer(in), tlvs(in));
      case PEER_DOWN -> new BmpMessage.PeerDown(peer(in), in.get() & 0xff, rest(in));
      case PEER_UP -> {
        BmpMessage.Peer peer = peer(in);
        yield new BmpMessage.PeerUp(
            peer,
            address(in, isIpv6(peer.type(), peer.flags())),
            in.getShort() & 0xffff,
            in.getShort() & 0xffff,
            message(in),
            message(in),
            tlvs(in));
      }
      case STATISTICS_REPORT -> {
        BmpMessage.Peer peer = peer(in);
        int count = in.getInt();
        List<BmpMessage.Tlv> statistics = tlvs(in);
        if (statistics.size() != count) {
          throw new BufferUnderflowException();
        }
        yield new BmpMessage.StatisticsReport(peer, statistics);
      }
    };
  }

  private static Bytes take(ByteBuffer in, int length) {
    byte[] octets = new byte[Math.min(length, in.remaining() + 1)];
    in.get(octets);
    return Bytes.copyOf(octets);
  }

  private static Bytes rest(ByteBuffer in) {
    return take(in, in.remaining());
  }

  /** A BGP message, as long as its header says. */
  private static Bytes message(ByteBuffer in) {
    if (in.remaining() < Message.HEADER_LENGTH) {
      throw new BufferUnderflowException();
    }
    int length = in.getShort(in.position() + 16) & 0xffff;
    return take(in, Math.max(Message.HEADER_LENGTH, length));
  }

  private static List<BmpMessage.Tlv> tlvs(ByteBuffer in) {
    List<BmpMessage.Tlv> tlvs = new ArrayList<>();
    while (in.hasRemaining()) {
      int type = in.getShort() & 0xffff;
      tlvs.add(new BmpMessage.Tlv(type, take(in, in.getShort() & 0xffff)));
    }
    return tlvs;
  }

  /** Of a Loc-RIB the flag has another meaning, and the address is 0. */
  private static boolean isIpv6(int type, int flags) {
    return type == BmpPeerType.LOC_RIB.code() || (flags & BmpMessage.Peer.IPV6_OR_FILTERED) != 0;
  }

  private static IpAddress address(ByteBuffer in, boolean ipv6) {
    long high = in.getLong();
    long low = in.getLong();
    return ipv6 ? new Ipv6Address(high, low) : new Ipv4Address((int) low);
  }

  private static BmpMessage.Peer peer(ByteBuffer in) {
    int type = in.get() & 0xff;
    int flags = in.get() & 0xff;
    long distinguisher = in.getLong();
    IpAddress address = address(in, isIpv6(type, flags));
    int asn = in.getInt();
    Ipv4Address identifier = new Ipv4Address(in.getInt());
    long seconds = in.getInt() & 0xffffffffL;
    long micros = Math.min(in.getInt() & 0xffffffffL, MICROS - 1);
    return new BmpMessage.Peer(
        type, flags, distinguisher, address, asn, identifier, seconds * MICROS + micros);
  }
}
