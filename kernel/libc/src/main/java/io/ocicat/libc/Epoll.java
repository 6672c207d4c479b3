package io.ocicat.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A set of descriptors to wait for, epoll(7), level-triggered, for the thread that made it.
 *
 * <p>Every descriptor has a token, a number of the caller's choice that events come with. Any
 * thread may {@link #wake} the one that waits.
 */
public final class Epoll implements AutoCloseable {

  public static final int EPOLLIN = 0x1;
  public static final int EPOLLOUT = 0x4;
  public static final int EPOLLERR = 0x8;
  public static final int EPOLLHUP = 0x10;
  public static final int EPOLLRDHUP = 0x2000;

  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;

  private static final int EVENTS_AT_ONCE = 256;
  private static final byte[] ONE =
      ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(1).array();
  private static final long WAKE_TOKEN = Long.MIN_VALUE;

  // struct epoll_event is packed on x86-64 alone.
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");
  private static final int DATA_OFFSET = PACKED ? 4 : 8;
  private static final int EVENT_BYTES = PACKED ? 12 : 16;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment capture = arena.allocate(Native.CAPTURE);
  private final MemorySegment one = arena.allocate(16, 8);
  private final MemorySegment ready = arena.allocate((long) EVENTS_AT_ONCE * EVENT_BYTES, 8);
  private final NativeBuffer drain = new NativeBuffer(8);
  private final Fd set = Syscalls.epollCreate();
  private final Fd event = Syscalls.eventFd();
  private final AtomicBoolean woken = new AtomicBoolean();
  private int count;

  public Epoll() {
    add(event, EPOLLIN, WAKE_TOKEN);
  }

  public void add(Fd file, int events, long token) {
    Syscalls.epollCtl(set, EPOLL_CTL_ADD, file, event(events, token));
  }

  public void modify(Fd file, int events, long token) {
    Syscalls.epollCtl(set, EPOLL_CTL_MOD, file, event(events, token));
  }

  /** Takes a descriptor out; closing it does so too. */
  public void remove(Fd file) {
    Syscalls.epollCtl(set, EPOLL_CTL_DEL, file, one);
  }

  private MemorySegment event(int events, long token) {
    one.set(JAVA_INT, 0, events);
    one.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, token);
    return one;
  }

  /**
   * Waits until a descriptor is ready, {@link #wake} was called or time is up; blocks.
   *
   * @param timeoutMillis 0 not to wait, -1 for ever
   * @return how many descriptors are ready: see {@link #token} and {@link #events}
   */
  public int await(int timeoutMillis) {
    int found = waited(woken.get() ? 0 : timeoutMillis);
    count = 0;
    for (int i = 0; i < found; i++) {
      if (rawToken(i) == WAKE_TOKEN) {
        Syscalls.read(event, drain);
        woken.set(false);
      } else {
        MemorySegment.copy(
            ready, (long) i * EVENT_BYTES, ready, (long) count * EVENT_BYTES, EVENT_BYTES);
        count++;
      }
    }
    return count;
  }

  private int waited(int timeoutMillis) {
    try {
      int found =
          (int)
              Native.EPOLL_WAIT.invokeExact(
                  capture, set.value(), ready, EVENTS_AT_ONCE, timeoutMillis);
      if (found >= 0) {
        return found;
      }
    } catch (Throwable e) {
      throw new IllegalStateException("epoll_wait did not link as declared", e);
    }
    Errno errno = new Errno(Native.errno(capture));
    if (errno.equals(Errno.EINTR)) {
      return 0;
    }
    throw new LibcException("epoll_wait", errno, set.toString());
  }

  /** The token of a ready descriptor, counted from 0. */
  public long token(int index) {
    return rawToken(index);
  }

  /** What a descriptor is ready for. */
  public int events(int index) {
    return ready.get(JAVA_INT_UNALIGNED, (long) index * EVENT_BYTES);
  }

  private long rawToken(int index) {
    return ready.get(JAVA_LONG_UNALIGNED, (long) index * EVENT_BYTES + DATA_OFFSET);
  }

  /** Ends the wait that is under way, or else the next one at once. From any thread. */
  public void wake() {
    if (woken.compareAndSet(false, true)) {
      Syscalls.write(event, ONE);
    }
  }

  @Override
  public void close() {
    set.close();
    event.close();
    drain.close();
    arena.close();
  }
}
