package io.ocicat.bfd;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Errno;
import io.ocicat.libc.Fd;
import io.ocicat.libc.HopFilter;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.Sockaddr;
import io.ocicat.libc.Syscalls;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** The sockets of RFC 5881 section 4 and 5, and of RFC 5883. */
final class BfdSockets {

  private static final int SINGLE_HOP_PORT = 3784;
  private static final int MULTIHOP_PORT = 4784;
  private static final int FIRST_SOURCE_PORT = 49152;
  private static final int SOURCE_PORTS = 65536 - FIRST_SOURCE_PORT;
  private static final int ATTEMPTS = 64;

  /** What single-hop packets are sent with, and must arrive with. */
  private static final int MAX_HOPS = 255;

  /** Precedence of network control, class selector 6. */
  private static final int NETWORK_CONTROL = 0xc0;

  private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

  private BfdSockets() {}

  /** Where packets for all sessions of a family arrive. */
  static Fd receiving(IpFamily family, boolean multihop) {
    Fd socket = datagrams(family);
    try {
      Syscalls.setsockopt(
          socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      if (!multihop) {
        HopFilter.attach(socket, family == IpFamily.IPV6, MAX_HOPS);
      }
      IpAddress any = IpAddress.parse(family == IpFamily.IPV4 ? "0.0.0.0" : "::");
      Syscalls.bind(socket, sockaddr(any, port(multihop), 0));
      return socket;
    } catch (LibcException e) {
      socket.close();
      throw e;
    }
  }

  /** From where packets to one peer go. */
  static Fd sending(BfdPeer peer, RandomGenerator random) {
    IpFamily family = peer.remote().family();
    Fd socket = datagrams(family);
    try {
      boolean v4 = family == IpFamily.IPV4;
      int level = v4 ? LinuxSocket.IPPROTO_IP : LinuxSocket.IPPROTO_IPV6;
      Syscalls.setsockopt(
          socket, level, v4 ? LinuxSocket.IP_TTL : LinuxSocket.IPV6_UNICAST_HOPS, MAX_HOPS);
      Syscalls.setsockopt(
          socket, level, v4 ? LinuxSocket.IP_TOS : LinuxSocket.IPV6_TCLASS, NETWORK_CONTROL);
      if (!peer.device().isEmpty()) {
        Syscalls.setsockopt(
            socket,
            LinuxSocket.SOL_SOCKET,
            LinuxSocket.SO_BINDTODEVICE,
            peer.device().getBytes(StandardCharsets.UTF_8));
      }
      bindToSourcePort(socket, peer, random);
      return socket;
    } catch (LibcException e) {
      socket.close();
      throw e;
    }
  }

  private static void bindToSourcePort(Fd socket, BfdPeer peer, RandomGenerator random) {
    IpAddress local =
        peer.local()
            .orElse(IpAddress.parse(peer.remote().family() == IpFamily.IPV4 ? "0.0.0.0" : "::"));
    int scope = local.isLinkLocal() ? scope(peer.device()) : 0;
    for (int attempt = 1; ; attempt++) {
      int port = FIRST_SOURCE_PORT + random.nextInt(SOURCE_PORTS);
      try {
        Syscalls.bind(socket, sockaddr(local, port, scope));
        return;
      } catch (LibcException e) {
        if (!e.is(Errno.EADDRINUSE) || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static Fd datagrams(IpFamily family) {
    Fd socket =
        Syscalls.socket(
            family == IpFamily.IPV4 ? LinuxSocket.AF_INET : LinuxSocket.AF_INET6,
            LinuxSocket.SOCK_DGRAM | LinuxSocket.SOCK_NONBLOCK,
            LinuxSocket.IPPROTO_UDP);
    if (family == IpFamily.IPV6) {
      Syscalls.setsockopt(socket, LinuxSocket.IPPROTO_IPV6, LinuxSocket.IPV6_V6ONLY, 1);
    }
    return socket;
  }

  /** Where the peer listens; empty if its interface is not there now. */
  static Optional<Sockaddr> destination(BfdPeer peer) {
    int scope = peer.remote().isLinkLocal() ? scope(peer.device()) : 0;
    return scope == 0 && peer.remote().isLinkLocal()
        ? Optional.empty()
        : Optional.of(sockaddr(peer.remote(), port(peer.multihop()), scope));
  }

  private static int scope(String device) {
    OptionalInt index = Syscalls.ifNameToIndex(device);
    return index.orElse(0);
  }

  private static int port(boolean multihop) {
    return multihop ? MULTIHOP_PORT : SINGLE_HOP_PORT;
  }

  private static Sockaddr sockaddr(IpAddress address, int port, int scope) {
    if (scope == 0) {
      return new Sockaddr.Inet(new InetSocketAddress(address.toInetAddress(), port));
    }
    try {
      return new Sockaddr.Inet(
          new InetSocketAddress(Inet6Address.getByAddress("", address.toBytes(), scope), port));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 16 bytes was refused: " + address, e);
    }
  }
}
