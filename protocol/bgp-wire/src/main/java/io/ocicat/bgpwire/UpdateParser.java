package io.ocicat.bgpwire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads UPDATEs of one session (RFC 4271 §4.3, RFC 4760) with the error handling of RFC 7606. Not
 * for more than one thread.
 */
public final class UpdateParser {

  /**
   * @param cache may be shared by all sessions of a thread
   */
  public UpdateParser(ReceiveTraits traits, AttributeCache cache) {}

  /**
   * Reads one message. All lengths and prefixes are checked before the handler hears of the first.
   *
   * @param body the message without header, from position to limit; not moved. Heap buffers are
   *     read in place.
   * @return {@code null} if the session stays up, otherwise what to close it with
   */
  public @Nullable Notification parse(ByteBuffer body, UpdateHandler handler) {
    return null;
  }
}
