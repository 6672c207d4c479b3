package io.ocicat.bgpcontrol;

import io.ocicat.bgp.loop.Connection;
import io.ocicat.bgp.loop.SocketEnd;
import io.ocicat.bgp.rib.PeerCounters;
import io.ocicat.bgp.rib.RouteRow;
import io.ocicat.bgp.session.Ending;
import io.ocicat.bgp.session.Negotiated;
import io.ocicat.bgp.session.Session;
import io.ocicat.bgp.speaker.PeerView;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Bytes;
import io.ocicat.bgpwire.EncodedAttributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Message;
import io.ocicat.bgpwire.Notification;
import io.ocicat.bgpwire.Open;
import io.ocicat.bgpwire.UpdateWriter;
import io.ocicat.bgpwire.bmp.BmpMessage;
import io.ocicat.bgpwire.bmp.BmpPeerDownReason;
import io.ocicat.bgpwire.bmp.BmpStatistic;
import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes BMP messages of sessions and routes. */
final class BmpPeers {

  private static final int OPEN_BYTES = 8 << 10;
  private static final int TABLE_BYTES = 128 << 10;
  private static final int LENGTH_AT = 16;

  private final InstantSource clock;

  /** What a session was agreed on, which outlives it. */
  record Known(
      IpAddress address, Negotiated negotiated, Optional<SocketEnd> local, int remotePort) {

    BmpMessage.Peer at(long micros) {
      int flags = negotiated.fourOctetAs() ? 0 : BmpMessage.Peer.TWO_OCTET_AS;
      return BmpMessage.Peer.neighbour(
          address,
          (int) negotiated.remoteAs(),
          new Ipv4Address(negotiated.identifier()),
          flags,
          micros);
    }
  }

  BmpPeers(InstantSource clock) {
    this.clock = clock;
  }

  private long now() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
  }

  /** An established session. */
  Known of(Session session) {
    Optional<Connection> connection = session.connection();
    return new Known(
        session.remoteAddress().orElse(IpAddress.parse("0.0.0.0")),
        session.negotiated().orElseThrow(),
        connection.map(Connection::local),
        connection.map(c -> c.remote().port()).orElse(0));
  }

  BmpMessage up(Known peer) {
    IpAddress local =
        peer.local()
            .map(SocketEnd::address)
            .orElse(peer.address() instanceof Ipv6Address v6 ? v6 : new Ipv4Address(0));
    return new BmpMessage.PeerUp(
        peer.at(now()),
        local,
        peer.local().map(SocketEnd::port).orElse(0),
        peer.remotePort(),
        open(peer.negotiated().ours()),
        open(peer.negotiated().theirs()),
        List.of());
  }

  private static Bytes open(Open open) {
    ByteBuffer out = ByteBuffer.allocate(OPEN_BYTES);
    open.encode(out);
    return Bytes.remaining(out.flip());
  }

  BmpMessage down(Known peer, Ending ending) {
    if (ending.notification().isEmpty()) {
      return new BmpMessage.PeerDown(
          peer.at(now()), BmpPeerDownReason.REMOTE_NO_DATA.code(), Bytes.EMPTY);
    }
    BmpPeerDownReason reason =
        ending.ours()
            ? BmpPeerDownReason.LOCAL_NOTIFICATION
            : BmpPeerDownReason.REMOTE_NOTIFICATION;
    Notification notification = ending.notification().get();
    ByteBuffer out = ByteBuffer.allocate(Message.EXTENDED_MAXIMUM_LENGTH);
    notification.encode(out);
    return new BmpMessage.PeerDown(peer.at(now()), reason.code(), Bytes.remaining(out.flip()));
  }

  /** As it came, with a header as it had. */
  BmpMessage update(Known peer, ByteBuffer body) {
    byte[] message = new byte[Message.HEADER_LENGTH + body.remaining()];
    ByteBuffer out = ByteBuffer.wrap(message);
    out.putLong(-1).putLong(-1).putShort((short) message.length);
    out.put((byte) MessageType.UPDATE.code()).put(body.duplicate());
    return new BmpMessage.RouteMonitoring(peer.at(now()), Bytes.copyOf(message));
  }

  BmpMessage statistics(Known peer, PeerView view) {
    List<BmpMessage.Tlv> counters = new ArrayList<>();
    long received = 0;
    long best = 0;
    for (Map.Entry<Family, PeerCounters> each : view.families().entrySet()) {
      PeerCounters of = each.getValue();
      received += of.received();
      best += of.best();
      counters.add(
          BmpMessage.StatisticsReport.gauge(
              BmpStatistic.ADJ_RIB_IN_ROUTES_OF_FAMILY, each.getKey(), of.received()));
      counters.add(
          BmpMessage.StatisticsReport.gauge(
              BmpStatistic.LOC_RIB_ROUTES_OF_FAMILY, each.getKey(), of.best()));
      counters.add(
          BmpMessage.StatisticsReport.gauge(
              BmpStatistic.POST_POLICY_ADJ_RIB_OUT_ROUTES_OF_FAMILY,
              each.getKey(),
              of.advertised()));
    }
    counters.add(BmpMessage.StatisticsReport.gauge(BmpStatistic.ADJ_RIB_IN_ROUTES, received));
    counters.add(BmpMessage.StatisticsReport.gauge(BmpStatistic.LOC_RIB_ROUTES, best));
    return new BmpMessage.StatisticsReport(peer.at(now()), counters);
  }

  /** Routes as the neighbour could have sent them, packed; {@code last}: and End-of-RIB. */
  static List<byte[]> table(Known peer, Family family, List<RouteRow> rows, boolean last) {
    Map<Attributes, List<RouteRow>> together = new LinkedHashMap<>();
    rows.forEach(
        row -> together.computeIfAbsent(row.attributes(), _ -> new ArrayList<>()).add(row));
    UpdateWriter writer = new UpdateWriter(BmpExport.as(peer.negotiated()));
    List<byte[]> messages = new ArrayList<>();
    ByteBuffer out = ByteBuffer.allocate(TABLE_BYTES);
    writer.begin(out);
    for (Map.Entry<Attributes, List<RouteRow>> each : together.entrySet()) {
      EncodedAttributes encoded = writer.encode(family, each.getKey());
      if (!writer.fits(encoded)) {
        continue; // the neighbour had other attributes around it that we do not keep
      }
      writer.announcing(encoded);
      for (RouteRow row : each.getValue()) {
        if (!add(writer, row)) {
          writer.finish();
          take(peer, out, messages);
          writer.begin(out);
          if (!add(writer, row)) {
            throw new IllegalStateException("no room for " + row.prefix() + " in an empty buffer");
          }
        }
      }
    }
    writer.finish();
    take(peer, out, messages);
    if (last) {
      writer.begin(out);
      boolean _ = writer.endOfRib(family);
      take(peer, out, messages);
    }
    return messages;
  }

  private static boolean add(UpdateWriter writer, RouteRow row) {
    Cidr prefix = row.prefix();
    return switch (prefix.address()) {
      case Ipv4Address v4 -> writer.v4(v4.value(), prefix.prefixLength(), (int) row.pathId());
      case Ipv6Address v6 ->
          writer.v6(v6.high(), v6.low(), prefix.prefixLength(), (int) row.pathId());
    };
  }

  /** Each UPDATE of the buffer in a message of its own; the buffer is empty then. */
  private static void take(Known peer, ByteBuffer out, List<byte[]> messages) {
    out.flip();
    while (out.hasRemaining()) {
      int length = out.getShort(out.position() + LENGTH_AT) & 0xffff;
      byte[] update = new byte[length];
      out.get(update);
      // When the routes came is not kept: 0 says so (§4.2).
      messages.add(
          BmpExport.encoded(new BmpMessage.RouteMonitoring(peer.at(0), Bytes.copyOf(update))));
    }
    out.clear();
  }
}
