package io.ocicat.bgp.loop;

import java.nio.ByteBuffer;

/** A stream of bytes each way. It does not block and does not throw for what the network does. */
public interface Connection {

  /** What reads and writes answer once the connection has ended: {@link #ending} says how. */
  int ENDED = -1;

  /**
   * Reads what is there, at the buffer's position; a direct buffer spares a copy.
   *
   * @return the number of bytes, 0 if there are none now, or {@link #ENDED}
   */
  int read(ByteBuffer into);

  /**
   * Writes as much as there is room for, and moves the buffers' positions.
   *
   * @return the number of bytes, or {@link #ENDED}
   */
  long write(ByteBuffer[] from, int offset, int length);

  /** Whether the handler is to be told when there is room to write. */
  void wantWrite(boolean on);

  /** Whether the handler is to be told when there is something to read; at first it is. */
  void wantRead(boolean on);

  SocketEnd local();

  SocketEnd remote();

  /** Sets time to live and its least for a connection that came in. */
  void protect(Hops hops);

  /** How the connection ended, in the other side's or the kernel's words; empty if it has not. */
  String ending();

  /** Ends it after what was written has been sent. Further calls do nothing. */
  void close();

  /** Ends it at once; what was not sent is lost. */
  void reset();
}
