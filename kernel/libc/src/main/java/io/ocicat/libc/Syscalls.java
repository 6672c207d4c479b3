package io.ocicat.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * System calls, named as in C; section 2 of the manual pages says what each does.
 *
 * <p>Every method throws {@link LibcException} if the kernel refuses. Descriptors are opened
 * close-on-exec. Calls that may block are marked so; see the package for the threads they need.
 */
public final class Syscalls {

  /** What a receive or send returns when it would have had to wait. */
  public static final int WOULD_BLOCK = -1;

  /** {@code struct pollfd}. */
  public static final CStruct POLLFD =
      CStruct.of("pollfd", "poll.h").u32("fd").u16("events").u16("revents").build();

  private static final int SOCKADDR_STORAGE_BYTES = 128;

  private Syscalls() {}

  /** A call through a linked handle; it leaves errno in the segment. */
  @FunctionalInterface
  private interface Call {
    long invoke(MemorySegment capture) throws Throwable;
  }

  /** Where a datagram came from and how much of it is in the buffer. */
  public record Datagram(Sockaddr.Inet source, int lengthBytes) {}

  /**
   * @param type with {@code SOCK_NONBLOCK} or not; {@code SOCK_CLOEXEC} is added
   */
  public static Fd socket(int domain, int type, int protocol) {
    int flags = type | LinuxSocket.SOCK_CLOEXEC;
    long fd =
        checked(
            "socket",
            () -> "domain %d type %d protocol %d".formatted(domain, type, protocol),
            errno -> (int) Native.SOCKET.invokeExact(errno, domain, flags, protocol));
    return new Fd((int) fd);
  }

  public static void bind(Fd socket, Sockaddr address) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(JAVA_BYTE, address.encode());
      int fd = socket.value();
      checked(
          "bind",
          address::toString,
          errno -> (int) Native.BIND.invokeExact(errno, fd, name, (int) name.byteSize()));
    }
  }

  /** May block on a stream socket. */
  public static void connect(Fd socket, Sockaddr address) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(JAVA_BYTE, address.encode());
      int fd = socket.value();
      checked(
          "connect",
          address::toString,
          errno -> (int) Native.CONNECT.invokeExact(errno, fd, name, (int) name.byteSize()));
    }
  }

  /** Begins to take connections. */
  public static void listen(Fd socket, int backlog) {
    int fd = socket.value();
    checked(
        "listen", socket::toString, errno -> (int) Native.LISTEN.invokeExact(errno, fd, backlog));
  }

  /** A connection that came in, and from where. */
  public record Accepted(Fd socket, Sockaddr.Inet remote) {}

  /**
   * Takes one connection of a listening Internet socket that does not block; the connection does
   * not block either.
   *
   * @return empty if there is none to be had now
   * @throws LibcException also for a connection that ended meanwhile ({@code ECONNABORTED})
   */
  public static Optional<Accepted> accept4(Fd listening) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(SOCKADDR_STORAGE_BYTES, 8);
      MemorySegment nameLength = arena.allocateFrom(JAVA_INT, SOCKADDR_STORAGE_BYTES);
      int flags = LinuxSocket.SOCK_CLOEXEC | LinuxSocket.SOCK_NONBLOCK;
      int fd = listening.value();
      long accepted =
          orWouldBlock(
              "accept4",
              listening::toString,
              errno -> (int) Native.ACCEPT4.invokeExact(errno, fd, name, nameLength, flags));
      if (accepted == WOULD_BLOCK) {
        return Optional.empty();
      }
      byte[] remote = name.asSlice(0, nameLength.get(JAVA_INT, 0)).toArray(JAVA_BYTE);
      return Optional.of(new Accepted(new Fd((int) accepted), Sockaddr.Inet.decode(remote)));
    }
  }

  /** Where an Internet socket is bound to. */
  public static Sockaddr.Inet getsockname(Fd socket) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(SOCKADDR_STORAGE_BYTES, 8);
      MemorySegment nameLength = arena.allocateFrom(JAVA_INT, SOCKADDR_STORAGE_BYTES);
      int fd = socket.value();
      checked(
          "getsockname",
          socket::toString,
          errno -> (int) Native.GETSOCKNAME.invokeExact(errno, fd, name, nameLength));
      return Sockaddr.Inet.decode(name.asSlice(0, nameLength.get(JAVA_INT, 0)).toArray(JAVA_BYTE));
    }
  }

  /**
   * The index of an interface in the calling thread's network namespace.
   *
   * @return empty if there is none of that name
   */
  public static OptionalInt ifNameToIndex(String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment capture = arena.allocate(Native.CAPTURE);
      MemorySegment text = arena.allocateFrom(name);
      long index =
          invoke(
              "if_nametoindex",
              errno -> (int) Native.IF_NAMETOINDEX.invokeExact(errno, text),
              capture);
      return index == 0 ? OptionalInt.empty() : OptionalInt.of((int) index);
    }
  }

  static Fd epollCreate() {
    long fd =
        checked(
            "epoll_create1",
            () -> "",
            errno -> (int) Native.EPOLL_CREATE1.invokeExact(errno, LinuxFile.O_CLOEXEC));
    return new Fd((int) fd);
  }

  static Fd eventFd() {
    int flags = LinuxSocket.SOCK_CLOEXEC | LinuxSocket.SOCK_NONBLOCK;
    long fd =
        checked("eventfd", () -> "", errno -> (int) Native.EVENTFD.invokeExact(errno, 0, flags));
    return new Fd((int) fd);
  }

  static void epollCtl(Fd epoll, int operation, Fd file, MemorySegment event) {
    int set = epoll.value();
    int fd = file.value();
    checked(
        "epoll_ctl",
        file::toString,
        errno -> (int) Native.EPOLL_CTL.invokeExact(errno, set, operation, fd, event));
  }

  /**
   * Sends a datagram. May block; a netlink request is carried out inside this call.
   *
   * @return the number of bytes sent, or {@link #WOULD_BLOCK}
   */
  public static int sendto(Fd socket, byte[] payload, int flags, Sockaddr destination) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(JAVA_BYTE, payload);
      MemorySegment name = arena.allocateFrom(JAVA_BYTE, destination.encode());
      int fd = socket.value();
      return (int)
          orWouldBlock(
              "sendto",
              () -> payload.length + " bytes to " + destination,
              errno ->
                  (long)
                      Native.SENDTO.invokeExact(
                          errno,
                          fd,
                          data,
                          (long) payload.length,
                          flags,
                          name,
                          (int) name.byteSize()));
    }
  }

  /**
   * Receives into a buffer. May block without {@code MSG_DONTWAIT}.
   *
   * @return the number of bytes received (with {@code MSG_TRUNC} in {@code flags} the datagram's
   *     full length, which may be above the buffer's capacity), or {@link #WOULD_BLOCK}
   */
  public static int recv(Fd socket, NativeBuffer buffer, int flags) {
    int fd = socket.value();
    MemorySegment data = buffer.segment();
    return (int)
        orWouldBlock(
            "recv",
            socket::toString,
            errno ->
                (long)
                    Native.RECVFROM.invokeExact(
                        errno,
                        fd,
                        data,
                        data.byteSize(),
                        flags,
                        MemorySegment.NULL,
                        MemorySegment.NULL));
  }

  /**
   * Receives one datagram of an Internet socket into a buffer. May block without {@code
   * MSG_DONTWAIT}.
   *
   * @return empty if there is none to be had without waiting
   */
  public static Optional<Datagram> recvfrom(Fd socket, NativeBuffer buffer, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(SOCKADDR_STORAGE_BYTES, 8);
      MemorySegment nameLength = arena.allocateFrom(JAVA_INT, SOCKADDR_STORAGE_BYTES);
      int fd = socket.value();
      MemorySegment data = buffer.segment();
      long received =
          orWouldBlock(
              "recvfrom",
              socket::toString,
              errno ->
                  (long)
                      Native.RECVFROM.invokeExact(
                          errno, fd, data, data.byteSize(), flags, name, nameLength));
      if (received == WOULD_BLOCK) {
        return Optional.empty();
      }
      int length = (int) Math.min(received, buffer.capacityBytes());
      byte[] source = name.asSlice(0, nameLength.get(JAVA_INT, 0)).toArray(JAVA_BYTE);
      return Optional.of(new Datagram(Sockaddr.Inet.decode(source), length));
    }
  }

  /** An option whose value is an int. */
  public static int getsockopt(Fd socket, int level, int option) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_INT);
      MemorySegment length = arena.allocateFrom(JAVA_INT, (int) JAVA_INT.byteSize());
      int fd = socket.value();
      checked(
          "getsockopt",
          () -> "level %d option %d".formatted(level, option),
          errno -> (int) Native.GETSOCKOPT.invokeExact(errno, fd, level, option, value, length));
      return value.get(JAVA_INT, 0);
    }
  }

  /** An option whose value is an int. */
  public static void setsockopt(Fd socket, int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      setsockopt(socket, level, option, arena.allocateFrom(JAVA_INT, value));
    }
  }

  /** An option whose value is a structure or a string. */
  public static void setsockopt(Fd socket, int level, int option, byte[] value) {
    try (Arena arena = Arena.ofConfined()) {
      setsockopt(socket, level, option, arena.allocateFrom(JAVA_BYTE, value));
    }
  }

  /**
   * Has the kernel drop what a filter does not let through ({@code SO_ATTACH_FILTER}).
   *
   * @param program {@code struct sock_filter[]} of {@code linux/filter.h}
   */
  public static void attachFilter(Fd socket, byte[] program) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment fprog = arena.allocate(SOCK_FPROG_BYTES, Long.BYTES);
      fprog.set(JAVA_SHORT, 0, (short) (program.length / SOCK_FILTER_BYTES));
      fprog.set(
          ADDRESS, SOCK_FPROG_BYTES - ADDRESS.byteSize(), arena.allocateFrom(JAVA_BYTE, program));
      setsockopt(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_ATTACH_FILTER, fprog);
    }
  }

  private static final int SOCK_FILTER_BYTES = 8;
  private static final int SOCK_FPROG_BYTES = 16;

  static void setsockopt(Fd socket, int level, int option, MemorySegment value) {
    int fd = socket.value();
    checked(
        "setsockopt",
        () -> "level %d option %d".formatted(level, option),
        errno ->
            (int)
                Native.SETSOCKOPT.invokeExact(
                    errno, fd, level, option, value, (int) value.byteSize()));
  }

  /**
   * Opens a file; {@code O_CLOEXEC} is added.
   *
   * @param mode permissions of a file that this creates
   */
  public static Fd open(Path path, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toString());
      int withCloseOnExec = flags | LinuxFile.O_CLOEXEC;
      long fd =
          checked(
              "open",
              path::toString,
              errno -> (int) Native.OPEN.invokeExact(errno, name, withCloseOnExec, mode));
      return new Fd((int) fd);
    }
  }

  /**
   * Writes with a single call, as files under {@code /proc/sys} need it.
   *
   * @return the number of bytes written
   */
  public static int write(Fd file, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(JAVA_BYTE, bytes);
      int fd = file.value();
      return (int)
          checked(
              "write",
              file::toString,
              errno -> (long) Native.WRITE.invokeExact(errno, fd, data, (long) bytes.length));
    }
  }

  /** Reads what is there, waiting for at least one byte; 0 at the end. */
  public static int read(Fd file, NativeBuffer buffer) {
    int fd = file.value();
    MemorySegment into = buffer.segment();
    return (int)
        checked(
            "read",
            file::toString,
            errno -> (long) Native.READ.invokeExact(errno, fd, into, into.byteSize()));
  }

  static void pipe2(MemorySegment ends, int flags) {
    checked("pipe2", () -> "", errno -> (int) Native.PIPE2.invokeExact(errno, ends, flags));
  }

  static void waitpid(int pid, MemorySegment status, int options) {
    checked(
        "waitpid",
        () -> "process " + pid,
        errno -> (int) Native.WAITPID.invokeExact(errno, pid, status, options));
  }

  /** Linux frees the number even if close(2) fails, so there is nothing to do about an error. */
  static void close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) Native.CLOSE.invokeExact(arena.allocate(Native.CAPTURE), fd);
    } catch (Throwable e) {
      throw new IllegalStateException("close did not link as declared", e);
    }
  }

  /** Moves the calling thread, which must be one that ends after its work there. */
  static void setns(Fd namespace, int type) {
    int fd = namespace.value();
    checked("setns", namespace::toString, errno -> (int) Native.SETNS.invokeExact(errno, fd, type));
  }

  /** Moves the calling thread, which must be one that ends after its work there. */
  static void unshare(int flags) {
    checked(
        "unshare",
        () -> "flags 0x%x".formatted(flags),
        errno -> (int) Native.UNSHARE.invokeExact(errno, flags));
  }

  /**
   * @param type the file system's, or {@code none} for a bind mount
   */
  public static void mount(String source, Path target, String type, long flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocateFrom(source);
      MemorySegment to = arena.allocateFrom(target.toString());
      MemorySegment kind = arena.allocateFrom(type);
      checked(
          "mount",
          () -> source + " on " + target,
          errno ->
              (int) Native.MOUNT.invokeExact(errno, from, to, kind, flags, MemorySegment.NULL));
    }
  }

  public static void umount2(Path target, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(target.toString());
      checked(
          "umount2",
          target::toString,
          errno -> (int) Native.UMOUNT2.invokeExact(errno, name, flags));
    }
  }

  /**
   * Waits for one descriptor. Blocks up to the time-out.
   *
   * @return the events that are there; 0 after the time-out
   */
  public static int poll(Fd file, int events, int timeoutMillis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pollfd = arena.allocate(POLLFD.sizeBytes(), 4);
      pollfd.set(JAVA_INT, POLLFD.offset("fd"), file.value());
      pollfd.set(JAVA_SHORT, POLLFD.offset("events"), (short) events);
      checked(
          "poll",
          file::toString,
          errno -> (int) Native.POLL.invokeExact(errno, pollfd, 1L, timeoutMillis));
      return pollfd.get(JAVA_SHORT, POLLFD.offset("revents")) & 0xffff;
    }
  }

  private static long checked(String name, Supplier<String> context, Call call) {
    long result = orWouldBlock(name, context, call);
    if (result == WOULD_BLOCK) {
      throw new LibcException(name, Errno.EAGAIN, context.get());
    }
    return result;
  }

  // The one place where EINTR is retried.
  private static long orWouldBlock(String name, Supplier<String> context, Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment capture = arena.allocate(Native.CAPTURE);
      while (true) {
        long result = invoke(name, call, capture);
        if (result >= 0) {
          return result;
        }
        Errno errno = new Errno(Native.errno(capture));
        if (errno.equals(Errno.EAGAIN)) {
          return WOULD_BLOCK;
        }
        if (!errno.equals(Errno.EINTR)) {
          throw new LibcException(name, errno, context.get());
        }
      }
    }
  }

  private static long invoke(String name, Call call, MemorySegment capture) {
    try {
      return call.invoke(capture);
    } catch (Throwable e) {
      throw new IllegalStateException(name + " did not link as declared", e);
    }
  }
}
