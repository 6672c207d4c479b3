package io.ocicat.bgpwire.bmp;

import io.ocicat.bgpwire.Bytes;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A message to a monitoring station (RFC 7854 §4). BGP messages in it have their headers. */
public sealed interface BmpMessage {

  /** A type, and what it says. */
  record Tlv(int type, Bytes value) {

    public static Tlv of(BmpInformation type, String text) {
      return new Tlv(type.code(), Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** Who is talking: the first message (§4.3). */
  record Initiation(List<Tlv> information) implements BmpMessage {

    public Initiation {
      information = List.copyOf(information);
    }

    /** The two that are mandatory. */
    public static Initiation of(String systemName, String systemDescription) {
      return new Initiation(
          List.of(
              Tlv.of(BmpInformation.SYSTEM_DESCRIPTION, systemDescription),
              Tlv.of(BmpInformation.SYSTEM_NAME, systemName)));
    }
  }

  /** Why the session ends: the last message (§4.5). */
  record Termination(List<Tlv> information) implements BmpMessage {

    private static final int REASON = 1;

    public Termination {
      information = List.copyOf(information);
    }

    public static Termination of(BmpTerminationReason reason) {
      return new Termination(List.of(new Tlv(REASON, Bytes.ofShort(reason.code()))));
    }
  }

  /**
   * Whom a message is about (§4.2).
   *
   * @param type a {@link BmpPeerType} or a number without a name
   * @param flags as on the wire, see the constants
   * @param distinguisher 0 but for instances
   * @param asn 32 bits unsigned
   * @param timeMicros since 1970, when it happened; 0 if not known
   */
  record Peer(
      int type,
      int flags,
      long distinguisher,
      IpAddress address,
      int asn,
      Ipv4Address identifier,
      long timeMicros) {

    /** The address is IPv6; of a Loc-RIB: routes are filtered. */
    public static final int IPV6_OR_FILTERED = 0x80;

    /** After policy (L). */
    public static final int POST_POLICY = 0x40;

    /** AS_PATHs have 2-octet numbers (A). */
    public static final int TWO_OCTET_AS = 0x20;

    /** Adj-RIB-Out (O, RFC 8671 §4). */
    public static final int ADJ_RIB_OUT = 0x10;

    /**
     * A neighbour.
     *
     * @param flags beyond that of the IP version
     */
    public static Peer neighbour(
        IpAddress address, int asn, Ipv4Address identifier, int flags, long timeMicros) {
      int version = address instanceof Ipv6Address ? IPV6_OR_FILTERED : 0;
      return new Peer(
          BmpPeerType.GLOBAL_INSTANCE.code(),
          flags | version,
          0,
          address,
          asn,
          identifier,
          timeMicros);
    }

    /** Our own table (RFC 9069 §4). */
    public static Peer locRib(int asn, Ipv4Address identifier, long timeMicros) {
      return new Peer(
          BmpPeerType.LOC_RIB.code(), 0, 0, new Ipv6Address(0, 0), asn, identifier, timeMicros);
    }

    public boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  /** A session is established (§4.10). */
  record PeerUp(
      Peer peer,
      IpAddress local,
      int localPort,
      int remotePort,
      Bytes sentOpen,
      Bytes receivedOpen,
      List<Tlv> information)
      implements BmpMessage {
    public PeerUp {
      information = List.copyOf(information);
    }
  }

  /**
   * A session is gone (§4.9).
   *
   * @param data the NOTIFICATION, the number of the event, TLVs or nothing, as the reason says
   */
  record PeerDown(Peer peer, int reason, Bytes data) implements BmpMessage {}

  /** An UPDATE, End-of-RIB included (§4.6). */
  record RouteMonitoring(Peer peer, Bytes update) implements BmpMessage {}

  /** Messages as they came, and what was lost (§4.7). */
  record RouteMirroring(Peer peer, List<Tlv> items) implements BmpMessage {
    public RouteMirroring {
      items = List.copyOf(items);
    }
  }

  /** Counters and gauges (§4.8). */
  record StatisticsReport(Peer peer, List<Tlv> statistics) implements BmpMessage {
    public StatisticsReport {
      statistics = List.copyOf(statistics);
    }

    /** A counter of 32 bits. */
    public static Tlv counter(BmpStatistic type, int value) {
      return tlv(type, ByteBuffer.allocate(4).putInt(value).flip());
    }

    /** A gauge of 64 bits. */
    public static Tlv gauge(BmpStatistic type, long value) {
      return tlv(type, ByteBuffer.allocate(8).putLong(value).flip());
    }

    /** A gauge of 64 bits for one family. */
    public static Tlv gauge(BmpStatistic type, Family family, long value) {
      ByteBuffer out = ByteBuffer.allocate(11).putShort((short) family.afi());
      return tlv(type, out.put((byte) family.safi()).putLong(value).flip());
    }

    private static Tlv tlv(BmpStatistic type, ByteBuffer value) {
      return new Tlv(type.code(), Bytes.remaining(value));
    }
  }

  /** What is not understood, or not well-formed, as it came. */
  record Unknown(int type, Bytes content) implements BmpMessage {}
}
