package io.ocicat.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Reads and writes of stream sockets that do not block, with scratch memory for the thread that
 * made it. Direct buffers go to the kernel as they are; heap buffers are copied.
 */
public final class StreamIo implements AutoCloseable {

  /** The other side has ended its direction. */
  public static final int END = -2;

  /** {@code struct iovec}. */
  public static final CStruct IOVEC =
      CStruct.of("iovec", "sys/uio.h").u64("iov_base").u64("iov_len").build();

  /** {@code struct msghdr}. */
  public static final CStruct MSGHDR =
      CStruct.of("msghdr", "sys/socket.h")
          .u64("msg_name")
          .u32("msg_namelen")
          .u64("msg_iov")
          .u64("msg_iovlen")
          .u64("msg_control")
          .u64("msg_controllen")
          .u32("msg_flags")
          .build();

  private static final int MOST_BUFFERS = 64;
  private static final int SCRATCH_BYTES = 256 << 10;
  private static final int FLAGS = LinuxSocket.MSG_DONTWAIT | LinuxSocket.MSG_NOSIGNAL;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment capture = arena.allocate(Native.CAPTURE);
  private final MemorySegment vectors = arena.allocate((long) MOST_BUFFERS * IOVEC.sizeBytes(), 8);
  private final MemorySegment message = arena.allocate(MSGHDR.sizeBytes(), 8);
  private final MemorySegment scratch = arena.allocate(SCRATCH_BYTES, 8);

  /**
   * Reads what is there, at the buffer's position.
   *
   * @return the number of bytes, {@link Syscalls#WOULD_BLOCK}, or {@link #END}
   * @throws LibcException for example {@code ECONNRESET}
   */
  public int recv(Fd socket, ByteBuffer into) {
    boolean direct = into.isDirect();
    int room = direct ? into.remaining() : Math.min(into.remaining(), SCRATCH_BYTES);
    MemorySegment target = direct ? MemorySegment.ofBuffer(into) : scratch.asSlice(0, room);
    long received;
    do {
      try {
        received =
            (long)
                Native.RECV.invokeExact(
                    capture, socket.value(), target, (long) room, LinuxSocket.MSG_DONTWAIT);
      } catch (Throwable e) {
        throw new IllegalStateException("recv did not link as declared", e);
      }
    } while (received < 0 && interrupted());
    if (received < 0) {
      return wouldBlock("recv", socket);
    }
    if (received == 0) {
      return room == 0 ? 0 : END;
    }
    if (direct) {
      into.position(into.position() + (int) received);
    } else {
      MemorySegment.copy(scratch, 0, MemorySegment.ofBuffer(into), 0, received);
      into.position(into.position() + (int) received);
    }
    return (int) received;
  }

  /**
   * Writes buffers in one call, as much as the socket takes, and moves their positions.
   *
   * @return the number of bytes, or {@link Syscalls#WOULD_BLOCK}
   * @throws LibcException for example {@code EPIPE}
   */
  public long send(Fd socket, ByteBuffer[] from, int offset, int length) {
    int used = fill(from, offset, Math.min(length, MOST_BUFFERS));
    message.fill((byte) 0);
    message.set(ADDRESS, MSGHDR.offset("msg_iov"), vectors);
    message.set(JAVA_LONG, MSGHDR.offset("msg_iovlen"), used);
    long sent;
    do {
      try {
        sent = (long) Native.SENDMSG.invokeExact(capture, socket.value(), message, FLAGS);
      } catch (Throwable e) {
        throw new IllegalStateException("sendmsg did not link as declared", e);
      }
    } while (sent < 0 && interrupted());
    if (sent < 0) {
      return wouldBlock("sendmsg", socket);
    }
    advance(from, offset, sent);
    return sent;
  }

  /** Describes the buffers; those of the heap as far as the scratch memory has room. */
  private int fill(ByteBuffer[] from, int offset, int length) {
    int copied = 0;
    int used = 0;
    while (used < length) {
      ByteBuffer buffer = from[offset + used];
      int bytes = buffer.remaining();
      MemorySegment source = MemorySegment.ofBuffer(buffer);
      if (!buffer.isDirect()) {
        bytes = Math.min(bytes, SCRATCH_BYTES - copied);
        MemorySegment.copy(source, 0, scratch, copied, bytes);
        source = scratch.asSlice(copied, bytes);
        copied += bytes;
      }
      long at = (long) used * IOVEC.sizeBytes();
      vectors.set(ADDRESS, at, source);
      vectors.set(JAVA_LONG, at + IOVEC.offset("iov_len"), bytes);
      used++;
      if (bytes < buffer.remaining()) {
        break;
      }
    }
    return used;
  }

  private static void advance(ByteBuffer[] from, int offset, long sent) {
    long left = sent;
    for (int i = offset; left > 0; i++) {
      int taken = (int) Math.min(left, from[i].remaining());
      from[i].position(from[i].position() + taken);
      left -= taken;
    }
  }

  private boolean interrupted() {
    return Native.errno(capture) == Errno.EINTR.value();
  }

  private int wouldBlock(String call, Fd socket) {
    Errno errno = new Errno(Native.errno(capture));
    if (errno.equals(Errno.EAGAIN)) {
      return Syscalls.WOULD_BLOCK;
    }
    throw new LibcException(call, errno, socket.toString());
  }

  @Override
  public void close() {
    arena.close();
  }
}
