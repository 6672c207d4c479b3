package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import io.ocicat.bgpwire.iana.RefreshSubtype;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * ROUTE-REFRESH (RFC 2918 §3) with the subtypes of RFC 7313 §3.2.
 *
 * @param subtypeCode as on the wire; without enhanced refresh it has no meaning and is to be
 *     ignored
 */
public record RouteRefresh(Family family, int subtypeCode) implements Message {

  public RouteRefresh(Family family, RefreshSubtype subtype) {
    this(family, subtype.code());
  }

  /** Empty for a subtype that is not known: such a message is ignored (RFC 7313 §5). */
  public Optional<RefreshSubtype> subtype() {
    return RefreshSubtype.of(subtypeCode);
  }

  /**
   * @param body the message without header, from position to limit; not moved
   */
  public static Received<RouteRefresh> parse(ByteBuffer body) {
    int at = body.position();
    if (body.remaining() != 4) {
      // RFC 7313 §5: the data is the whole message.
      ByteBuffer whole = ByteBuffer.allocate(Message.HEADER_LENGTH + body.remaining());
      int start = Headers.begin(whole, MessageType.ROUTE_REFRESH);
      whole.put(body.duplicate());
      Headers.end(whole, start);
      return new Received.Bad<>(
          Notification.of(NotificationSubcode.INVALID_MESSAGE_LENGTH, Bytes.copyOf(whole.array())));
    }
    Family family = Family.of(body.getShort(at) & 0xffff, body.get(at + 3) & 0xff);
    return new Received.Good<>(new RouteRefresh(family, body.get(at + 2) & 0xff));
  }

  @Override
  public void encode(ByteBuffer out) {
    int start = Headers.begin(out, MessageType.ROUTE_REFRESH);
    out.putShort((short) family.afi()).put((byte) subtypeCode).put((byte) family.safi());
    Headers.end(out, start);
  }
}
