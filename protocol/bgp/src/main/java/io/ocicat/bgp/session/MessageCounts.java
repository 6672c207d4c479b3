package io.ocicat.bgp.session;

import io.ocicat.bgpwire.iana.MessageType;
import java.util.EnumMap;
import java.util.Map;

/** How many messages of each type came and went since the session object was made. */
public final class MessageCounts {

  private final Map<MessageType, long[]> counts = new EnumMap<>(MessageType.class);

  MessageCounts() {
    for (MessageType type : MessageType.values()) {
      counts.put(type, new long[2]);
    }
  }

  void received(MessageType type) {
    of(type)[0]++;
  }

  void sent(MessageType type) {
    of(type)[1]++;
  }

  public long receivedOf(MessageType type) {
    return of(type)[0];
  }

  /** UPDATEs are not counted here: the routes write them. */
  public long sentOf(MessageType type) {
    return of(type)[1];
  }

  private long[] of(MessageType type) {
    return counts.getOrDefault(type, new long[2]);
  }
}
