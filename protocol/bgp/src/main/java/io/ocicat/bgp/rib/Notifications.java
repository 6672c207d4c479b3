package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.Bytes;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Notification;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import java.nio.ByteBuffer;

/** What the tables end a session with. */
final class Notifications {
  private Notifications() {}

  /** RFC 4486 §4: the family and the limit. */
  static Notification maximumPrefixes(Family family, int limit) {
    ByteBuffer data = ByteBuffer.allocate(7);
    data.putShort((short) family.afi()).put((byte) family.safi()).putInt(limit);
    return Notification.of(
        NotificationSubcode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED, Bytes.copyOf(data.array()));
  }
}
