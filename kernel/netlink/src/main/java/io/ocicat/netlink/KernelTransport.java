package io.ocicat.netlink;

import io.ocicat.libc.Epoll;
import io.ocicat.libc.Errno;
import io.ocicat.libc.Fd;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.NativeBuffer;
import io.ocicat.libc.Sockaddr;
import io.ocicat.libc.SocketFilter;
import io.ocicat.libc.SocketFilter.Instruction;
import io.ocicat.libc.Syscalls;
import io.ocicat.netlink.NetlinkSubscription.NotOf;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A netlink socket of the kernel. */
final class KernelTransport implements NetlinkTransport {

  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int NETLINK_GET_STRICT_CHK = 12;

  // Acknowledgements of a large batch are all queued before the first is read.
  private static final int RECEIVE_BUFFER_BYTES = 8 << 20;
  private static final int BUFFER_BYTES = 32 << 10;
  private static final Sockaddr KERNEL = new Sockaddr.Netlink(0, 0);

  private final Fd fd;
  private int bufferBytes = BUFFER_BYTES;

  private KernelTransport(Fd fd) {
    this.fd = fd;
  }

  static KernelTransport open(int protocol) {
    Fd fd =
        Syscalls.socket(
            LinuxSocket.AF_NETLINK, LinuxSocket.SOCK_RAW | LinuxSocket.SOCK_NONBLOCK, protocol);
    try {
      Syscalls.setsockopt(fd, LinuxSocket.SOL_NETLINK, NETLINK_CAP_ACK, 1);
      Syscalls.setsockopt(fd, LinuxSocket.SOL_NETLINK, NETLINK_EXT_ACK, 1);
      Syscalls.setsockopt(fd, LinuxSocket.SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
      setBuffer(fd, LinuxSocket.SO_RCVBUFFORCE, LinuxSocket.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      // A socket without a number of its own is never told what the kernel itself did.
      Syscalls.bind(fd, KERNEL);
      return new KernelTransport(fd);
    } catch (LibcException e) {
      fd.close();
      throw e;
    }
  }

  /** Leaves out messages of a type that a socket itself has caused. */
  void filter(NotOf filter) {
    List<Instruction> program = new ArrayList<>();
    program.add(Instruction.loadHalf(NlHeader.STRUCT.offset("nlmsg_type")));
    List<Integer> types = filter.types();
    for (int i = 0; i < types.size(); i++) {
      int more = types.size() - 1 - i;
      program.add(Instruction.ifEqual(bigEndianHalf(types.get(i)), more, more == 0 ? 2 : 0));
    }
    program.add(Instruction.loadWord(NlHeader.STRUCT.offset("nlmsg_pid")));
    program.add(Instruction.ifEqual(bigEndianWord(filter.portId()), 1, 0));
    program.add(Instruction.accept());
    program.add(Instruction.drop());
    SocketFilter.attach(fd, program);
  }

  // Programs read numbers as big endian, whatever they are.
  private static int bigEndianHalf(int value) {
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
        ? value
        : Short.toUnsignedInt(Short.reverseBytes((short) value));
  }

  private static int bigEndianWord(int value) {
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
  }

  @Override
  public void watchedBy(Epoll epoll, long token) {
    epoll.add(fd, Epoll.EPOLLIN, token);
  }

  // Forcing needs CAP_NET_ADMIN in the namespace's owner; without, the limit of the host applies.
  private static void setBuffer(Fd fd, int forcingOption, int option, int bytes) {
    try {
      Syscalls.setsockopt(fd, LinuxSocket.SOL_SOCKET, forcingOption, bytes);
    } catch (LibcException e) {
      if (!e.is(Errno.EPERM)) {
        throw e;
      }
      Syscalls.setsockopt(fd, LinuxSocket.SOL_SOCKET, option, bytes);
    }
  }

  @Override
  public void exchange(byte[] datagram, int timeoutMillis, Receiver receiver) {
    send(datagram);
    try (NativeBuffer buffer = new NativeBuffer(bufferBytes)) {
      boolean more = true;
      while (more) {
        more = receiver.accept(receive(buffer, timeoutMillis));
      }
    }
  }

  private void send(byte[] datagram) {
    try {
      sendOnce(datagram);
    } catch (LibcException e) {
      if (!e.is(Errno.EMSGSIZE)) {
        throw e;
      }
      setBuffer(fd, LinuxSocket.SO_SNDBUFFORCE, LinuxSocket.SO_SNDBUF, datagram.length + 4096);
      sendOnce(datagram);
    }
  }

  private void sendOnce(byte[] datagram) {
    if (Syscalls.sendto(fd, datagram, 0, KERNEL) == Syscalls.WOULD_BLOCK) {
      throw new LibcException("sendto", Errno.EAGAIN, datagram.length + " bytes to the kernel");
    }
  }

  @Override
  public Reception receive(int timeoutMillis) {
    try (NativeBuffer buffer = new NativeBuffer(bufferBytes)) {
      return receive(buffer, timeoutMillis);
    }
  }

  private Reception receive(NativeBuffer buffer, int timeoutMillis) {
    try {
      int length = Syscalls.recv(fd, buffer, LinuxSocket.MSG_TRUNC);
      if (length == Syscalls.WOULD_BLOCK) {
        if (timeoutMillis == 0 || Syscalls.poll(fd, LinuxSocket.POLLIN, timeoutMillis) == 0) {
          return new Reception.Nothing();
        }
        length = Syscalls.recv(fd, buffer, LinuxSocket.MSG_TRUNC);
      }
      if (length == Syscalls.WOULD_BLOCK) {
        return new Reception.Nothing();
      }
      if (length > buffer.capacityBytes()) {
        bufferBytes = length;
        buffer.ensureCapacity(length);
        return new Reception.Truncated(length);
      }
      return new Reception.Messages(NlMessage.parse(buffer.copy(length)));
    } catch (LibcException e) {
      if (e.is(Errno.ENOBUFS)) {
        return new Reception.Overrun();
      }
      throw e;
    }
  }

  @Override
  public void addMembership(int group) {
    Syscalls.setsockopt(fd, LinuxSocket.SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
  }

  @Override
  public void close() {
    fd.close();
  }
}
