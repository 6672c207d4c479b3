package io.ocicat.bgp.speaker;

import io.ocicat.bgp.session.Session;
import java.nio.ByteBuffer;

/** Sees sessions and what neighbours send over them, on the loop's thread. */
public interface SessionMonitor {

  void established(Session session);

  /**
   * @param update the body of an UPDATE, before it is taken; its position and octets are not to be
   *     changed, and it is lost after the call
   */
  void update(Session session, ByteBuffer update);

  /** It is not established any more; {@link Session#ending} says how. */
  void ended(Session session);
}
