package io.ocicat.bgpwire.mrt;

import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Bytes;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import java.util.List;

/** A record of an MRT file (RFC 6396 §2); all but {@link Unknown} in the form that is written. */
public sealed interface MrtRecord {

  /** Seconds since 1970, 32 bits unsigned. */
  long timeSeconds();

  /** The peers that the entries of a table dump count from 0 (RFC 6396 §4.3.1). */
  record PeerIndexTable(long timeSeconds, Ipv4Address collector, String view, List<Peer> peers)
      implements MrtRecord {

    /**
     * @param asn 32 bits unsigned
     */
    public record Peer(Ipv4Address identifier, IpAddress address, int asn) {}

    public PeerIndexTable {
      peers = List.copyOf(peers);
    }
  }

  /**
   * All routes to a prefix (RFC 6396 §4.3.2, RFC 8050 §4).
   *
   * @param sequence counts the prefixes of a dump, 32 bits unsigned
   * @param addPath whether entries have path identifiers
   */
  record Rib(long timeSeconds, int sequence, Cidr prefix, boolean addPath, List<Entry> entries)
      implements MrtRecord {

    /**
     * @param peerIndex in the table of peers
     * @param originatedSeconds when the route came
     * @param pathId 32 bits unsigned; 0 without add-path
     */
    public record Entry(int peerIndex, long originatedSeconds, int pathId, Attributes attributes) {}

    public Rib {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Between whom (RFC 6396 §4.4).
   *
   * @param peerAs 32 bits unsigned, as {@code localAs}
   */
  record Session(int peerAs, int localAs, int interfaceIndex, IpAddress peer, IpAddress local) {}

  /**
   * A message as it was sent (RFC 6396 §4.4.2, §4.4.3, RFC 8050 §3).
   *
   * @param fourOctetAs whether the message has 4-octet AS numbers
   * @param addPath whether its prefixes have path identifiers
   * @param message with its header
   */
  record BgpMessage(
      long timeSeconds, Session session, boolean fourOctetAs, boolean addPath, Bytes message)
      implements MrtRecord {}

  /** States of a session as numbers: 1 Idle to 6 Established (RFC 6396 §4.4.1). */
  record StateChange(
      long timeSeconds, Session session, boolean fourOctetAs, int oldState, int newState)
      implements MrtRecord {}

  /** What is not understood, or not well-formed, as it came. */
  record Unknown(long timeSeconds, int type, int subtype, Bytes content) implements MrtRecord {}
}
