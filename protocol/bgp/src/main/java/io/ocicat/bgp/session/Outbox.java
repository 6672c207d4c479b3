package io.ocicat.bgp.session;

import io.ocicat.bgp.loop.Connection;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written to a connection: our own messages first, then routes, asked for only when
 * there is room, so that a slow neighbour keeps no more than a few messages here.
 */
final class Outbox {

  /** What a write led to. */
  enum Flushed {
    /** All is written. */
    ALL,
    /** The connection takes no more for now. */
    BLOCKED,
    /** There is more, but others have their turn. */
    MORE,
    ENDED
  }

  private static final int BUFFERS_AT_ONCE = 32;
  private static final long BYTES_A_TURN = 512 << 10;
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final ArrayDeque<ByteBuffer> own = new ArrayDeque<>();
  private ByteBuffer[] batch = new ByteBuffer[0];
  private int count;
  private boolean wrote;
  private boolean progressed;

  void add(ByteBuffer message) {
    own.add(message);
  }

  void clear() {
    own.clear();
    batch = new ByteBuffer[0];
    count = 0;
  }

  /** Whether nothing waits that was begun or is our own. */
  boolean isEmpty() {
    return count == 0 && own.isEmpty();
  }

  /** Whether the last {@link #flush} began a message. */
  boolean wrote() {
    return wrote;
  }

  /**
   * Whether the last {@link #flush} had the connection take anything, or found nothing to write.
   */
  boolean progressed() {
    return progressed;
  }

  /**
   * @param routes the next of the routes' messages; null for none
   */
  Flushed flush(Connection connection, Supplier<@Nullable ByteBuffer> routes) {
    wrote = false;
    progressed = false;
    long written = 0;
    while (true) {
      fill(routes);
      if (count == 0) {
        progressed = true;
        return Flushed.ALL;
      }
      if (written >= BYTES_A_TURN) {
        return Flushed.MORE;
      }
      long taken = connection.write(batch, 0, count);
      if (taken == Connection.ENDED) {
        return Flushed.ENDED;
      }
      written += taken;
      progressed |= taken > 0;
      wrote |= taken > 0;
      dropWritten();
      if (count > 0) {
        return Flushed.BLOCKED;
      }
    }
  }

  private void fill(Supplier<@Nullable ByteBuffer> routes) {
    while (count < BUFFERS_AT_ONCE && !own.isEmpty()) {
      put(own.remove());
    }
    while (count < BUFFERS_AT_ONCE) {
      ByteBuffer next = routes.get();
      if (next == null) {
        return;
      }
      if (next.hasRemaining()) {
        put(next);
      }
    }
  }

  private void put(ByteBuffer message) {
    if (count == batch.length) {
      batch = Arrays.copyOf(batch, Math.clamp(count * 2L, 4, BUFFERS_AT_ONCE));
    }
    batch[count++] = message;
  }

  private void dropWritten() {
    int done = 0;
    while (done < count && !batch[done].hasRemaining()) {
      done++;
    }
    int left = count - done;
    System.arraycopy(batch, done, batch, 0, left);
    Arrays.fill(batch, left, count, EMPTY);
    count = left;
  }

  /**
   * Tries once to have a last message leave after what was begun; what was not begun is left out.
   */
  void last(Connection connection, ByteBuffer message) {
    boolean begun = count > 0 && batch[0].position() > 0;
    ByteBuffer[] rest = begun ? new ByteBuffer[] {batch[0], message} : new ByteBuffer[] {message};
    long taken;
    do {
      taken = connection.write(rest, 0, rest.length);
    } while (taken > 0 && message.hasRemaining());
  }
}
