package io.ocicat.nftables.interpret;

import io.ocicat.inet.IpAddress;
import io.ocicat.nftables.CtState;

/**
 * A packet and what the network stack knows about it.
 *
 * @param iif the interface it came in by, or empty
 * @param oif the interface it will leave by, or empty
 * @param l4proto IANA's number
 * @param transport ports or ICMP type
 * @param mark the firewall mark
 * @param destinationTranslated whether the connection's destination was translated (DNAT)
 * @param reversePath the interface by which a packet to the source would leave, or empty for none
 * @param localDestination whether the destination is an address of this host
 */
public record Packet(
    String iif,
    String oif,
    IpAddress source,
    IpAddress destination,
    int l4proto,
    Transport transport,
    CtState ctState,
    int mark,
    boolean destinationTranslated,
    String reversePath,
    boolean localDestination) {
  public static final int ICMP = 1;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int ICMPV6 = 58;
  public static final int SCTP = 132;

  public Packet {
    if (source.family() != destination.family()) {
      throw new IllegalArgumentException(
          "a packet has one family: " + source + " and " + destination);
    }
  }

  /** The start of the transport header. */
  public sealed interface Transport {
    record Ports(int source, int destination) implements Transport {}

    record IcmpType(int type, int code) implements Transport {}

    /** Nothing that is known. */
    record Opaque() implements Transport {}
  }

  /** A packet with ports that opens a connection, from port 40000. */
  public static Packet opening(
      IpAddress source, IpAddress destination, int l4proto, int destinationPort) {
    return new Packet(
        "",
        "",
        source,
        destination,
        l4proto,
        new Transport.Ports(40000, destinationPort),
        CtState.NEW,
        0,
        false,
        "",
        false);
  }

  /** This with another transport header. */
  public Packet withTransport(int l4proto, Transport transport) {
    return new Packet(
        iif,
        oif,
        source,
        destination,
        l4proto,
        transport,
        ctState,
        mark,
        destinationTranslated,
        reversePath,
        localDestination);
  }

  /** An ICMP or ICMPv6 message, whichever belongs to the addresses. */
  public static Packet icmp(IpAddress source, IpAddress destination, int type) {
    int protocol =
        switch (source.family()) {
          case IPV4 -> ICMP;
          case IPV6 -> ICMPV6;
        };
    return new Packet(
        "",
        "",
        source,
        destination,
        protocol,
        new Transport.IcmpType(type, 0),
        CtState.NEW,
        0,
        false,
        "",
        false);
  }

  /** This, coming in by one interface and leaving by another; empty for none. */
  public Packet via(String iif, String oif) {
    return new Packet(
        iif,
        oif,
        source,
        destination,
        l4proto,
        transport,
        ctState,
        mark,
        destinationTranslated,
        reversePath,
        localDestination);
  }

  public Packet withCtState(CtState ctState) {
    return new Packet(
        iif,
        oif,
        source,
        destination,
        l4proto,
        transport,
        ctState,
        mark,
        destinationTranslated,
        reversePath,
        localDestination);
  }

  /** This, of a connection whose destination was translated. */
  public Packet withDestinationTranslated() {
    return new Packet(
        iif,
        oif,
        source,
        destination,
        l4proto,
        transport,
        ctState,
        mark,
        true,
        reversePath,
        localDestination);
  }

  public Packet withMark(int mark) {
    return new Packet(
        iif,
        oif,
        source,
        destination,
        l4proto,
        transport,
        ctState,
        mark,
        destinationTranslated,
        reversePath,
        localDestination);
  }
}
