package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.Protocol;

/** The first packet of a connection, as the question that policy answers. */
public record Flow(Source source, IpAddress destination, Traffic traffic) {

  /** Where a flow comes from. */
  public sealed interface Source {

    /** The host, or a pod in the host's network, of the node on which the destination runs. */
    record OwnHost() implements Source {}

    /** Anything else: a pod, another node, the world. */
    record Remote(IpAddress address) implements Source {}
  }

  /** What kind of packet it is. */
  public sealed interface Traffic {

    /** From port to port. */
    record Transport(Protocol protocol, int sourcePort, int destinationPort) implements Traffic {

      /** From {@link #SOURCE_PORT}. */
      public Transport(Protocol protocol, int destinationPort) {
        this(protocol, SOURCE_PORT, destinationPort);
      }
    }

    /** A message of ICMP, or of ICMPv6 between addresses of IPv6. */
    record Icmp(int type, int code) implements Traffic {}

    /**
     * A protocol without ports, of which no more is known.
     *
     * @param protocolNumber of IANA
     */
    record Other(int protocolNumber) implements Traffic {}

    /** The source port where none is given. */
    int SOURCE_PORT = 40000;

    static Traffic tcp(int port) {
      return new Transport(Protocol.TCP, port);
    }

    static Traffic udp(int port) {
      return new Transport(Protocol.UDP, port);
    }

    static Traffic sctp(int port) {
      return new Transport(Protocol.SCTP, port);
    }
  }

  public static Flow between(IpAddress source, IpAddress destination, Traffic traffic) {
    return new Flow(new Source.Remote(source), destination, traffic);
  }

  public static Flow fromOwnHost(IpAddress destination, Traffic traffic) {
    return new Flow(new Source.OwnHost(), destination, traffic);
  }
}
