package io.ocicat.bgpwire.mrt;

import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Bytes;
import io.ocicat.bgpwire.StoredAttributes;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads MRT records, one after the other; whoever holds the file fills the buffer. */
public final class MrtReader {

  private static final int HEADER_LENGTH = 12;

  /** A record that claims more is taken for the end of what can be read. */
  public static final int MAXIMUM_LENGTH = 16 << 20;

  private MrtReader() {}

  /** Whether what is at the position can never become a record, however much follows. */
  public static boolean isBroken(ByteBuffer in) {
    return in.remaining() >= HEADER_LENGTH
        && Integer.compareUnsigned(in.getInt(in.position() + 8), MAXIMUM_LENGTH) > 0;
  }

  /**
   * The record at the position, which moves behind it. Never throws on what a file holds: a record
   * that is not understood or not well-formed becomes {@link MrtRecord.Unknown}.
   *
   * @return empty if the buffer does not hold a whole record
   */
  public static Optional<MrtRecord> read(ByteBuffer in) {
    if (in.remaining() < HEADER_LENGTH || isBroken(in)) {
      return Optional.empty();
    }
    int start = in.position();
    int length = in.getInt(start + 8);
    if (in.remaining() - HEADER_LENGTH < length) {
      return Optional.empty();
    }
    long time = in.getInt(start) & 0xffffffffL;
    int type = in.getShort(start + 4) & 0xffff;
    int subtype = in.getShort(start + 6) & 0xffff;
    ByteBuffer content = in.slice(start + HEADER_LENGTH, length);
    in.position(start + HEADER_LENGTH + length);
    Bytes whole = Bytes.remaining(content);
    MrtRecord unknown = new MrtRecord.Unknown(time, type, subtype, whole);
    Optional<MrtType> known = MrtType.of(type, subtype);
    if (known.isEmpty()) {
      return Optional.of(unknown);
    }
    try {
      return Optional.of(content(known.get(), time, content).orElse(unknown));
    } catch (BufferUnderflowException e) {
      return Optional.of(unknown);
    }
  }

  /** Empty if it is not well-formed; a content that ends too early underflows. */
  private static Optional<MrtRecord> content(MrtType type, long time, ByteBuffer in) {
    Optional<MrtRecord> read =
        switch (type) {
          case PEER_INDEX_TABLE -> peers(time, in);
          case RIB_IPV4_UNICAST -> rib(time, in, 4, false);
          case RIB_IPV6_UNICAST -> rib(time, in, 16, false);
          case RIB_IPV4_UNICAST_ADDPATH -> rib(time, in, 4, true);
          case RIB_IPV6_UNICAST_ADDPATH -> rib(time, in, 16, true);
          case BGP4MP_MESSAGE -> message(time, in, false, false);
          case BGP4MP_MESSAGE_AS4 -> message(time, in, true, false);
          case BGP4MP_MESSAGE_ADDPATH -> message(time, in, false, true);
          case BGP4MP_MESSAGE_AS4_ADDPATH -> message(time, in, true, true);
          case BGP4MP_STATE_CHANGE -> change(time, in, false);
          case BGP4MP_STATE_CHANGE_AS4 -> change(time, in, true);
          case OSPF_V2,
              TABLE_DUMP_AFI_IPV4,
              TABLE_DUMP_AFI_IPV6,
              RIB_IPV4_MULTICAST,
              RIB_IPV6_MULTICAST,
              RIB_GENERIC,
              GEO_PEER_TABLE,
              RIB_IPV4_MULTICAST_ADDPATH,
              RIB_IPV6_MULTICAST_ADDPATH,
              RIB_GENERIC_ADDPATH,
              BGP4MP_MESSAGE_LOCAL,
              BGP4MP_MESSAGE_AS4_LOCAL,
              BGP4MP_MESSAGE_LOCAL_ADDPATH,
              BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH,
              BGP4MP_ET,
              ISIS,
              ISIS_ET,
              OSPF_V3,
              OSPF_V3_ET ->
              Optional.empty();
        };
    return in.hasRemaining() ? Optional.empty() : read;
  }

  private static IpAddress address(ByteBuffer in, int length) {
    byte[] octets = new byte[length];
    in.get(octets);
    return IpAddress.ofBytes(octets);
  }

  private static Optional<MrtRecord> peers(long time, ByteBuffer in) {
    Ipv4Address collector = new Ipv4Address(in.getInt());
    byte[] view = new byte[in.getShort() & 0xffff];
    in.get(view);
    Optional<String> name = Bytes.copyOf(view).utf8();
    int count = in.getShort() & 0xffff;
    List<MrtRecord.PeerIndexTable.Peer> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = in.get();
      Ipv4Address identifier = new Ipv4Address(in.getInt());
      IpAddress address = address(in, (kind & 1) == 0 ? 4 : 16);
      int asn = (kind & 2) == 0 ? in.getShort() & 0xffff : in.getInt();
      peers.add(new MrtRecord.PeerIndexTable.Peer(identifier, address, asn));
    }
    return name.map(n -> new MrtRecord.PeerIndexTable(time, collector, n, peers));
  }

  private static Optional<MrtRecord> rib(
      long time, ByteBuffer in, int addressLength, boolean addPath) {
    int sequence = in.getInt();
    int prefixLength = in.get() & 0xff;
    if (prefixLength > 8 * addressLength) {
      return Optional.empty();
    }
    byte[] octets = new byte[addressLength];
    in.get(octets, 0, (prefixLength + 7) / 8);
    Cidr prefix = Cidr.containing(IpAddress.ofBytes(octets), prefixLength);
    int count = in.getShort() & 0xffff;
    List<MrtRecord.Rib.Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int peerIndex = in.getShort() & 0xffff;
      long originated = in.getInt() & 0xffffffffL;
      int pathId = addPath ? in.getInt() : 0;
      byte[] raw = new byte[in.getShort() & 0xffff];
      in.get(raw);
      Optional<Attributes> attributes = StoredAttributes.read(Bytes.copyOf(raw));
      if (attributes.isEmpty()) {
        return Optional.empty();
      }
      entries.add(new MrtRecord.Rib.Entry(peerIndex, originated, pathId, attributes.get()));
    }
    return Optional.of(new MrtRecord.Rib(time, sequence, prefix, addPath, entries));
  }

  private static Optional<MrtRecord.Session> session(ByteBuffer in, boolean fourOctetAs) {
    int peerAs = fourOctetAs ? in.getInt() : in.getShort() & 0xffff;
    int localAs = fourOctetAs ? in.getInt() : in.getShort() & 0xffff;
    int interfaceIndex = in.getShort() & 0xffff;
    int family = in.getShort() & 0xffff;
    if (family != 1 && family != 2) {
      return Optional.empty();
    }
    int length = family == 1 ? 4 : 16;
    return Optional.of(
        new MrtRecord.Session(
            peerAs, localAs, interfaceIndex, address(in, length), address(in, length)));
  }

  private static Optional<MrtRecord> message(
      long time, ByteBuffer in, boolean fourOctetAs, boolean addPath) {
    return session(in, fourOctetAs)
        .map(
            session -> {
              Bytes message = Bytes.remaining(in);
              in.position(in.limit());
              return new MrtRecord.BgpMessage(time, session, fourOctetAs, addPath, message);
            });
  }

  private static Optional<MrtRecord> change(long time, ByteBuffer in, boolean fourOctetAs) {
    Optional<MrtRecord.Session> session = session(in, fourOctetAs);
    if (session.isEmpty()) {
      return Optional.empty();
    }
    int before = in.getShort() & 0xffff;
    int after = in.getShort() & 0xffff;
    return Optional.of(new MrtRecord.StateChange(time, session.get(), fourOctetAs, before, after));
  }
}
