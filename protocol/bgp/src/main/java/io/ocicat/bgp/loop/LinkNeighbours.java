package io.ocicat.bgp.loop;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Epoll;
import io.ocicat.libc.Fd;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.NativeBuffer;
import io.ocicat.libc.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the router at the other end of a link by router advertisements, RFC 4861 §4.2, as other
 * speakers do for sessions without addresses; and sends some, so that we are found.
 *
 * <p>Ours have a lifetime of zero: they make nobody use us as a default router. One is taken only
 * from a link-local address, and with the hop limit that only the link itself can give it (RFC 4861
 * §6.1.2).
 */
public final class LinkNeighbours {

  private static final Logger LOG = LoggerFactory.getLogger(LinkNeighbours.class);

  private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
  private static final int ROUTER_ADVERTISEMENT = 134;
  private static final int ADVERTISEMENT_BYTES = 16;
  private static final int HOP_LIMIT = 255;

  /** In the header of IPv6; offsets from there on are told to a filter by {@code SKF_NET_OFF}. */
  private static final int HOP_LIMIT_AT = 7;

  private static final int SKF_NET_OFF = -0x100000;
  private static final int MOST_BYTES = 2048;
  private static final int MOST_A_TURN = 32;

  private static final Duration UNTIL_FOUND = Duration.ofSeconds(1);
  private static final Duration ONCE_FOUND = Duration.ofSeconds(10);

  private final EpollLoop loop;

  LinkNeighbours(EpollLoop loop) {
    this.loop = loop;
  }

  /**
   * Looks for the router on an interface, which may come later and may come again.
   *
   * @param found told its link-local address, and again when it is another one
   * @return ends the search
   */
  public Runnable watch(String device, Consumer<IpAddress> found) {
    Search search = new Search(device, found);
    search.turn();
    return search::end;
  }

  private final class Search implements EpollLoop.Watched {
    private final String device;
    private final Consumer<IpAddress> found;
    private @Nullable Fd socket;
    private @Nullable NativeBuffer buffer;
    private @Nullable Scheduled next;
    private @Nullable IpAddress last;
    private long token = -1;
    private int index;

    Search(String device, Consumer<IpAddress> found) {
      this.device = device;
      this.found = found;
    }

    /** Opens what is not open, says that we are here, and comes again. */
    void turn() {
      try {
        OptionalInt now = Syscalls.ifNameToIndex(device);
        if (socket != null && (now.isEmpty() || now.getAsInt() != index)) {
          close();
        }
        if (socket == null && now.isPresent()) {
          open(now.getAsInt());
        }
        if (socket != null) {
          advertise(socket);
        }
      } catch (LibcException e) {
        LOG.debug("{}: cannot look for a neighbour: {}", device, e.getMessage());
        close();
      }
      next = loop.schedule(last == null ? UNTIL_FOUND : ONCE_FOUND, this::turn);
    }

    private void open(int at) {
      Fd fd =
          Syscalls.socket(
              LinuxSocket.AF_INET6,
              LinuxSocket.SOCK_RAW | LinuxSocket.SOCK_NONBLOCK,
              LinuxSocket.IPPROTO_ICMPV6);
      socket = fd;
      index = at;
      Syscalls.setsockopt(
          fd,
          LinuxSocket.SOL_SOCKET,
          LinuxSocket.SO_BINDTODEVICE,
          device.getBytes(StandardCharsets.UTF_8));
      Syscalls.setsockopt(fd, LinuxSocket.IPPROTO_IPV6, LinuxSocket.IPV6_MULTICAST_HOPS, HOP_LIMIT);
      Syscalls.setsockopt(fd, LinuxSocket.IPPROTO_IPV6, LinuxSocket.IPV6_MULTICAST_IF, at);
      Syscalls.setsockopt(fd, LinuxSocket.IPPROTO_IPV6, LinuxSocket.IPV6_MULTICAST_LOOP, 0);
      Syscalls.setsockopt(
          fd, LinuxSocket.IPPROTO_ICMPV6, LinuxSocket.ICMP6_FILTER, onlyAdvertisements());
      Syscalls.attachFilter(fd, onlyFromTheLink());
      buffer = new NativeBuffer(MOST_BYTES);
      token = loop.watch(this);
      loop.epoll().add(fd, Epoll.EPOLLIN, token);
    }

    /** {@code struct icmp6_filter}: a bit for each type that is not wanted. */
    private static byte[] onlyAdvertisements() {
      int[] words = new int[8];
      Arrays.fill(words, -1);
      words[ROUTER_ADVERTISEMENT / 32] &= ~(1 << (ROUTER_ADVERTISEMENT % 32));
      ByteBuffer filter = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
      filter.asIntBuffer().put(words);
      return filter.array();
    }

    /** {@code struct sock_filter}s: accept all of a packet whose hop limit is 255, else nothing. */
    private static byte[] onlyFromTheLink() {
      ByteBuffer program = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
      instruction(program, 0x30, 0, SKF_NET_OFF + HOP_LIMIT_AT); // BPF_LD | BPF_B | BPF_ABS
      instruction(program, 0x15, 1, HOP_LIMIT); // BPF_JMP | BPF_JEQ | BPF_K
      instruction(program, 0x06, 0, -1); // BPF_RET | BPF_K
      instruction(program, 0x06, 0, 0);
      return program.array();
    }

    /**
     * @param otherwise how many instructions are left out if a comparison fails
     */
    private static void instruction(ByteBuffer to, int code, int otherwise, int value) {
      to.putShort((short) code).put((byte) 0).put((byte) otherwise).putInt(value);
    }

    private void advertise(Fd fd) {
      byte[] advertisement = new byte[ADVERTISEMENT_BYTES];
      advertisement[0] = (byte) ROUTER_ADVERTISEMENT;
      int _ = Syscalls.sendto(fd, advertisement, 0, SocketOptions.sockaddr(ALL_NODES, 0, index));
    }

    @Override
    public void ready(int events) {
      Fd fd = socket;
      NativeBuffer into = buffer;
      if (fd == null || into == null) {
        return;
      }
      try {
        for (int i = 0; i < MOST_A_TURN; i++) {
          Optional<Syscalls.Datagram> datagram =
              Syscalls.recvfrom(fd, into, LinuxSocket.MSG_DONTWAIT);
          if (datagram.isEmpty()) {
            return;
          }
          take(SocketOptions.end(datagram.get().source()).address(), datagram.get().lengthBytes());
        }
      } catch (LibcException e) {
        LOG.debug("{}: cannot hear advertisements: {}", device, e.getMessage());
        close();
      }
    }

    private void take(IpAddress from, int lengthBytes) {
      boolean fits =
          lengthBytes >= ADVERTISEMENT_BYTES
              && from.family() == IpFamily.IPV6
              && from.isLinkLocal();
      if (fits && !from.equals(last)) {
        LOG.info("{}: found {}", device, from);
        last = from;
        found.accept(from);
      }
    }

    private void close() {
      if (socket != null) {
        loop.forget(token);
        socket.close();
        socket = null;
      }
      if (buffer != null) {
        buffer.close();
        buffer = null;
      }
      last = null;
    }

    void end() {
      if (next != null) {
        next.cancel();
      }
      close();
    }
  }
}
