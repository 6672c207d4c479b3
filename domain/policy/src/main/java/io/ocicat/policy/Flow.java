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

    /** To a port. */
    record Transport(Protocol protocol, int destinationPort) implements Traffic {}

    /**
     * A protocol without ports, such as ICMP.
     *
     * @param protocolNumber of IANA
     */
    record Other(int protocolNumber) implements Traffic {}

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
