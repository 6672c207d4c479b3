package io.ocicat.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Native memory that calls read from and write into, for the thread that made it.
 *
 * <p>Meant for try-with-resources around one exchange of several calls.
 */
public final class NativeBuffer implements AutoCloseable {

  private final Arena arena = Arena.ofConfined();
  private MemorySegment segment;

  /**
   * @param capacityBytes at least 1
   */
  public NativeBuffer(int capacityBytes) {
    this.segment = arena.allocate(capacityBytes, 8);
  }

  public int capacityBytes() {
    return (int) segment.byteSize();
  }

  /** Makes room for at least that many bytes; the content is lost. */
  public void ensureCapacity(int capacityBytes) {
    if (capacityBytes > segment.byteSize()) {
      segment = arena.allocate(capacityBytes, 8);
    }
  }

  /** The first {@code length} bytes, copied. */
  public byte[] copy(int length) {
    return segment.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  MemorySegment segment() {
    return segment;
  }

  @Override
  public void close() {
    arena.close();
  }
}
