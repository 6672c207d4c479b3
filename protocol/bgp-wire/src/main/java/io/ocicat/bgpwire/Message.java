package io.ocicat.bgpwire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A message that is a value. UPDATE is read by {@link UpdateParser} and written by {@link
 * UpdateWriter} instead.
 */
public sealed interface Message permits Open, Notification, Keepalive, RouteRefresh {

  /** Octets of the header: marker, length, type (RFC 4271 §4.1). */
  int HEADER_LENGTH = 19;

  /** Longest message of RFC 4271. */
  int MAXIMUM_LENGTH = 4096;

  /** Longest message between peers that both speak extended messages (RFC 8654). */
  int EXTENDED_MAXIMUM_LENGTH = 65535;

  /**
   * Writes the whole message, header included, at the position of {@code out}.
   *
   * @throws java.nio.BufferOverflowException if it does not fit
   */
  void encode(ByteBuffer out);

  /** The whole message in a buffer of its own, ready to be sent. */
  default ByteBuffer toBuffer() {
    ByteBuffer out = ByteBuffer.allocate(MAXIMUM_LENGTH);
    encode(out);
    return ByteBuffer.wrap(Arrays.copyOf(out.array(), out.position()));
  }
}
