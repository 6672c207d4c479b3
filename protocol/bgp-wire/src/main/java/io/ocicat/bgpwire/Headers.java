package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.MessageType;
import java.nio.ByteBuffer;

/** The header of all messages (RFC 4271 §4.1), on the way out. */
final class Headers {

  private Headers() {}

  /** Writes the header with an open length; answers with the position of the message. */
  static int begin(ByteBuffer out, MessageType type) {
    int start = out.position();
    out.putLong(-1).putLong(-1).putShort((short) 0).put((byte) type.code());
    return start;
  }

  /** Fills in the length of the message that began at {@code start}. */
  static void end(ByteBuffer out, int start) {
    out.putShort(start + 16, (short) (out.position() - start));
  }
}
