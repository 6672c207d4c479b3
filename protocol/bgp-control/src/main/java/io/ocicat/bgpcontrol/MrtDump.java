package io.ocicat.bgpcontrol;

import io.ocicat.bgp.rib.RouteCursor;
import io.ocicat.bgp.rib.RouteRow;
import io.ocicat.bgp.session.Negotiated;
import io.ocicat.bgp.session.PeerAddress;
import io.ocicat.bgp.session.Session;
import io.ocicat.bgp.speaker.Speaker;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.mrt.MrtRecord;
import io.ocicat.bgpwire.mrt.MrtWriter;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a speaker's table as MRT (RFC 6396, TABLE_DUMP_V2): every path that import policy let
 * through, and our own. Read in portions, so that a full table holds nobody up; what changes
 * meanwhile may be in it or not.
 */
public final class MrtDump {

  private static final int PREFIXES_AT_ONCE = 1000;
  private static final int RECORD_BYTES = 1 << 20;
  private static final int MOST_ENTRIES = 0xffff;

  private final SpeakerThread speaker;
  private final long timeSeconds;
  private final OutputStream out;
  private final ByteBuffer buffer = ByteBuffer.allocate(RECORD_BYTES);
  private final Map<String, Integer> numbers = new HashMap<>();
  private int sequence;

  private MrtDump(SpeakerThread speaker, long timeSeconds, OutputStream out) {
    this.speaker = speaker;
    this.timeSeconds = timeSeconds;
    this.out = out;
  }

  /**
   * @throws IOException if {@code out} does not take it
   */
  public static void write(SpeakerThread speaker, InstantSource clock, OutputStream out)
      throws IOException {
    new MrtDump(speaker, clock.instant().getEpochSecond(), out).write();
  }

  private void write() throws IOException {
    write(speaker.ask(this::peers));
    for (Family family : List.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST)) {
      RouteCursor cursor = speaker.ask(s -> s.rib().view().routes(family));
      while (!speaker.ask(_ -> cursor.atEnd())) {
        routes(speaker.ask(_ -> cursor.next(PREFIXES_AT_ONCE)));
      }
    }
  }

  /** We are the first of them. */
  private MrtRecord peers(Speaker s) {
    Ipv4Address us = new Ipv4Address(s.settings().identifier());
    List<MrtRecord.PeerIndexTable.Peer> peers = new ArrayList<>();
    numbers.put("", 0);
    s.peers().stream()
        .flatMap(view -> s.session(view.name()).stream())
        .forEach(
            session -> {
              if (peers.isEmpty()) {
                peers.add(
                    new MrtRecord.PeerIndexTable.Peer(us, us, (int) session.settings().localAs()));
              }
              numbers.put(session.name(), peers.size());
              peers.add(peer(session));
            });
    if (peers.isEmpty()) {
      peers.add(new MrtRecord.PeerIndexTable.Peer(us, us, 0));
    }
    return new MrtRecord.PeerIndexTable(timeSeconds, us, "", peers);
  }

  private static MrtRecord.PeerIndexTable.Peer peer(Session session) {
    Optional<Negotiated> agreed = session.negotiated();
    IpAddress configured =
        session.settings().address() instanceof PeerAddress.At(IpAddress at, String _)
            ? at
            : IpAddress.parse("::");
    return new MrtRecord.PeerIndexTable.Peer(
        new Ipv4Address(agreed.map(Negotiated::identifier).orElse(0)),
        session.remoteAddress().orElse(configured),
        agreed.map(a -> (int) a.remoteAs()).orElse(0));
  }

  /** Rows of whole prefixes, those of a prefix together. */
  private void routes(List<RouteRow> rows) throws IOException {
    for (int from = 0; from < rows.size(); ) {
      Cidr prefix = rows.get(from).prefix();
      List<MrtRecord.Rib.Entry> entries = new ArrayList<>();
      boolean addPath = false;
      int to = from;
      for (; to < rows.size() && rows.get(to).prefix().equals(prefix); to++) {
        RouteRow row = rows.get(to);
        Integer peer = numbers.get(row.peer());
        if (peer != null && entries.size() < MOST_ENTRIES) { // else it came after the first record
          addPath |= row.pathId() != 0;
          entries.add(
              new MrtRecord.Rib.Entry(peer, timeSeconds, (int) row.pathId(), row.attributes()));
        }
      }
      if (!entries.isEmpty()) {
        write(new MrtRecord.Rib(timeSeconds, sequence++, prefix, addPath, entries));
      }
      from = to;
    }
  }

  private void write(MrtRecord mrt) throws IOException {
    buffer.clear();
    MrtWriter.write(mrt, buffer);
    out.write(buffer.array(), 0, buffer.position());
  }
}
