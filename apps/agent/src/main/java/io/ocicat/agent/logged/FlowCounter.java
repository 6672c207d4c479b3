package io.ocicat.agent.logged;

import io.ocicat.agent.logged.SeenFlows.Flow;
import io.ocicat.agent.logged.SeenFlows.Seen;
import io.ocicat.nftables.log.LoggedPacket;
import io.ocicat.nftables.log.NfLog;
import io.ocicat.nftables.log.PacketHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts packets that are alike. For one thread. */
final class FlowCounter {

  /** More kinds of packet at once are a scan or a flood, of which a part tells as much. */
  static final int MOST_FLOWS = 500;

  private record Key(String rule, Flow flow) {}

  private static final class Count {
    private long packets;
    private long atMillis;
  }

  private final Map<Key, Count> counts = new LinkedHashMap<>();
  private long lost;

  boolean isEmpty() {
    return counts.isEmpty() && lost == 0;
  }

  void add(NfLog.Received received, long nowMillis) {
    switch (received) {
      case NfLog.Received.Packets(List<LoggedPacket> packets) ->
          packets.forEach(packet -> add(packet, nowMillis));
      case NfLog.Received.Lost() -> lost++;
    }
  }

  private void add(LoggedPacket packet, long nowMillis) {
    if (packet.header().isEmpty()) {
      lost++;
      return;
    }
    PacketHeader header = packet.header().get();
    Key key =
        new Key(
            packet.prefix(),
            new Flow(header.source(), header.destination(), header.protocol(), port(header)));
    Count count = counts.get(key);
    if (count == null && counts.size() == MOST_FLOWS) {
      lost++;
      return;
    }
    if (count == null) {
      count = new Count();
      counts.put(key, count);
    }
    count.packets++;
    count.atMillis = nowMillis;
  }

  private static int port(PacketHeader header) {
    return switch (header.upper()) {
      case PacketHeader.Upper.Ports(_, int destination) -> destination;
      case PacketHeader.Upper.Message(int type, _) -> type;
      case PacketHeader.Upper.Unknown() -> 0;
    };
  }

  /** What was counted since the last call. */
  SeenFlows take() {
    List<Seen> flows = new ArrayList<>();
    counts.forEach(
        (key, count) -> flows.add(new Seen(key.rule(), key.flow(), count.packets, count.atMillis)));
    SeenFlows taken = new SeenFlows(flows, lost);
    counts.clear();
    lost = 0;
    return taken;
  }
}
