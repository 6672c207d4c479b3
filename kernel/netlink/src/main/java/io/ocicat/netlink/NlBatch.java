package io.ocicat.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Many requests in one datagram, of which only refused ones are answered: for changes by the
 * hundred thousand, where an answer to each would cost more than the changes. Not for several
 * threads.
 *
 * <p>{@link NetlinkSocket#carryOut} sends it.
 */
public final class NlBatch {

  private static final int FLAGS_OFFSET = 6;
  private static final int SEQUENCE_OFFSET = 8;

  private ByteBuffer buffer = ByteBuffer.allocate(16 << 10).order(ByteOrder.nativeOrder());
  private int[] starts = new int[64];
  private int count;

  /**
   * @param flags beyond {@code REQUEST}
   */
  public void add(int type, int flags, AttributeWriter body) {
    int length = NlHeader.SIZE_BYTES + body.sizeBytes();
    int aligned = AttributeWriter.align(length);
    if (buffer.remaining() < aligned) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(2 * buffer.capacity(), buffer.position() + aligned))
              .order(ByteOrder.nativeOrder());
      buffer = larger.put(buffer.flip());
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
    }
    int start = buffer.position();
    starts[count++] = start;
    new NlHeader(length, type, flags | NlFlags.REQUEST, 0, 0).encode(buffer);
    body.writeTo(buffer);
    buffer.position(start + aligned);
  }

  public int size() {
    return count;
  }

  /** The datagram, with numbers from that on, and the last request asking for an answer. */
  byte[] encode(int firstSequence) {
    for (int i = 0; i < count; i++) {
      buffer.putInt(starts[i] + SEQUENCE_OFFSET, firstSequence + i);
    }
    int last = starts[count - 1] + FLAGS_OFFSET;
    buffer.putShort(last, (short) (buffer.getShort(last) | NlFlags.ACK));
    return Arrays.copyOf(buffer.array(), buffer.position());
  }
}
