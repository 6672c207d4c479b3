package io.ocicat.bgpwire.mrt;

import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Bytes;
import io.ocicat.bgpwire.iana.AttributeType;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes MRT records, one after the other. */
public final class MrtWriter {

  private static final int HEADER_LENGTH = 12;
  private static final int IPV6_PEER = 1;
  private static final int FOUR_OCTET_PEER = 2;

  private MrtWriter() {}

  /**
   * Writes {@code mrt} at the position of {@code out}.
   *
   * @throws java.nio.BufferOverflowException if it does not fit; the position is then as it was
   */
  public static void write(MrtRecord mrt, ByteBuffer out) {
    int start = out.position();
    try {
      out.position(Math.min(out.limit(), start + HEADER_LENGTH));
      int typeAndSubtype = content(mrt, out);
      out.putInt(start, (int) mrt.timeSeconds());
      out.putInt(start + 4, typeAndSubtype);
      out.putInt(start + 8, out.position() - start - HEADER_LENGTH);
    } catch (java.nio.BufferOverflowException e) {
      out.position(start);
      throw e;
    }
  }

  private static int content(MrtRecord mrt, ByteBuffer out) {
    return switch (mrt) {
      case MrtRecord.PeerIndexTable table -> peers(table, out);
      case MrtRecord.Rib rib -> rib(rib, out);
      case MrtRecord.BgpMessage message -> {
        session(message.session(), message.fourOctetAs(), out);
        message.message().writeTo(out);
        yield number(messageType(message.fourOctetAs(), message.addPath()));
      }
      case MrtRecord.StateChange change -> {
        session(change.session(), change.fourOctetAs(), out);
        out.putShort((short) change.oldState()).putShort((short) change.newState());
        yield number(
            change.fourOctetAs() ? MrtType.BGP4MP_STATE_CHANGE_AS4 : MrtType.BGP4MP_STATE_CHANGE);
      }
      case MrtRecord.Unknown unknown -> {
        unknown.content().writeTo(out);
        yield (unknown.type() << 16) | unknown.subtype();
      }
    };
  }

  private static int number(MrtType type) {
    return (type.type() << 16) | type.subtype();
  }

  private static MrtType messageType(boolean fourOctetAs, boolean addPath) {
    if (fourOctetAs) {
      return addPath ? MrtType.BGP4MP_MESSAGE_AS4_ADDPATH : MrtType.BGP4MP_MESSAGE_AS4;
    }
    return addPath ? MrtType.BGP4MP_MESSAGE_ADDPATH : MrtType.BGP4MP_MESSAGE;
  }

  private static int peers(MrtRecord.PeerIndexTable table, ByteBuffer out) {
    byte[] view = table.view().getBytes(StandardCharsets.UTF_8);
    out.putInt(table.collector().value()).putShort((short) view.length).put(view);
    out.putShort((short) table.peers().size());
    for (MrtRecord.PeerIndexTable.Peer peer : table.peers()) {
      boolean ipv6 = peer.address() instanceof Ipv6Address;
      out.put((byte) (FOUR_OCTET_PEER | (ipv6 ? IPV6_PEER : 0)));
      out.putInt(peer.identifier().value()).put(peer.address().toBytes()).putInt(peer.asn());
    }
    return number(MrtType.PEER_INDEX_TABLE);
  }

  private static int rib(MrtRecord.Rib rib, ByteBuffer out) {
    Cidr prefix = rib.prefix();
    boolean ipv6 = prefix.address() instanceof Ipv6Address;
    out.putInt(rib.sequence()).put((byte) prefix.prefixLength());
    out.put(prefix.address().toBytes(), 0, (prefix.prefixLength() + 7) / 8);
    out.putShort((short) rib.entries().size());
    for (MrtRecord.Rib.Entry entry : rib.entries()) {
      out.putShort((short) entry.peerIndex()).putInt((int) entry.originatedSeconds());
      if (rib.addPath()) {
        out.putInt(entry.pathId());
      }
      int lengthAt = out.position();
      out.putShort((short) 0);
      attributes(entry.attributes(), out);
      out.putShort(lengthAt, (short) (out.position() - lengthAt - 2));
    }
    if (ipv6) {
      return number(rib.addPath() ? MrtType.RIB_IPV6_UNICAST_ADDPATH : MrtType.RIB_IPV6_UNICAST);
    }
    return number(rib.addPath() ? MrtType.RIB_IPV4_UNICAST_ADDPATH : MrtType.RIB_IPV4_UNICAST);
  }

  /** An IPv6 next hop goes in an MP_REACH_NLRI of just its length and itself (§4.3.4). */
  private static void attributes(Attributes attributes, ByteBuffer out) {
    IpAddress nextHop = attributes.nextHop().orElse(new Ipv4Address(0));
    if (nextHop instanceof Ipv4Address) {
      out.put(attributes.toBuffer());
      return;
    }
    Bytes value = attributes.value(AttributeType.NEXT_HOP.code()).orElseThrow();
    out.put((byte) 0x80).put((byte) AttributeType.MP_REACH_NLRI.code());
    out.put((byte) (value.length() + 1)).put((byte) value.length());
    value.writeTo(out);
    out.put(attributes.edit().without(AttributeType.NEXT_HOP).build().toBuffer());
  }

  private static void session(MrtRecord.Session session, boolean fourOctetAs, ByteBuffer out) {
    if (fourOctetAs) {
      out.putInt(session.peerAs()).putInt(session.localAs());
    } else {
      out.putShort((short) session.peerAs()).putShort((short) session.localAs());
    }
    boolean ipv6 = session.peer() instanceof Ipv6Address;
    out.putShort((short) session.interfaceIndex()).putShort((short) (ipv6 ? 2 : 1));
    out.put(session.peer().toBytes()).put(session.local().toBytes());
  }
}
