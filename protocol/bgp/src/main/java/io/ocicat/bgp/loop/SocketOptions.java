package io.ocicat.bgp.loop;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Errno;
import io.ocicat.libc.Fd;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.Sockaddr;
import io.ocicat.libc.Syscalls;
import io.ocicat.libc.TcpMd5;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** TCP sockets and their options, one method for both families. */
final class SocketOptions {

  /** Precedence of network control, RFC 4271 appendix E: class selector 6. */
  private static final int NETWORK_CONTROL = 0xc0;

  private static final int SEND_BUFFER_BYTES = 1 << 20;

  private SocketOptions() {}

  static Fd socket(IpFamily family) {
    Fd socket =
        Syscalls.socket(
            family == IpFamily.IPV4 ? LinuxSocket.AF_INET : LinuxSocket.AF_INET6,
            LinuxSocket.SOCK_STREAM | LinuxSocket.SOCK_NONBLOCK,
            LinuxSocket.IPPROTO_TCP);
    if (family == IpFamily.IPV6) {
      Syscalls.setsockopt(socket, LinuxSocket.IPPROTO_IPV6, LinuxSocket.IPV6_V6ONLY, 1);
    }
    return socket;
  }

  /** What every connection has. */
  static void common(Fd socket, IpFamily family) {
    Syscalls.setsockopt(socket, LinuxSocket.IPPROTO_TCP, LinuxSocket.TCP_NODELAY, 1);
    Syscalls.setsockopt(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_SNDBUF, SEND_BUFFER_BYTES);
    if (family == IpFamily.IPV4) {
      Syscalls.setsockopt(socket, LinuxSocket.IPPROTO_IP, LinuxSocket.IP_TOS, NETWORK_CONTROL);
    } else {
      Syscalls.setsockopt(
          socket, LinuxSocket.IPPROTO_IPV6, LinuxSocket.IPV6_TCLASS, NETWORK_CONTROL);
    }
  }

  static void device(Fd socket, String device) {
    if (!device.isEmpty()) {
      Syscalls.setsockopt(
          socket,
          LinuxSocket.SOL_SOCKET,
          LinuxSocket.SO_BINDTODEVICE,
          device.getBytes(StandardCharsets.UTF_8));
    }
  }

  static void hops(Fd socket, IpFamily family, Hops hops) {
    boolean v4 = family == IpFamily.IPV4;
    int level = v4 ? LinuxSocket.IPPROTO_IP : LinuxSocket.IPPROTO_IPV6;
    if (hops.ttl() > 0) {
      Syscalls.setsockopt(
          socket, level, v4 ? LinuxSocket.IP_TTL : LinuxSocket.IPV6_UNICAST_HOPS, hops.ttl());
    }
    if (hops.minimumTtl() > 0) {
      Syscalls.setsockopt(
          socket,
          level,
          v4 ? LinuxSocket.IP_MINTTL : LinuxSocket.IPV6_MINHOPCOUNT,
          hops.minimumTtl());
    }
  }

  static void md5(Fd socket, Cidr peers, String key) {
    try {
      TcpMd5.set(socket, sockaddr(peers.address(), 0, 0), peers.prefixLength(), key);
    } catch (LibcException e) {
      if (!key.isEmpty() || !e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  static Sockaddr.Inet sockaddr(IpAddress address, int port, int scope) {
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

  static SocketEnd end(Sockaddr.Inet sockaddr) {
    InetSocketAddress address = sockaddr.address();
    int scope = address.getAddress() instanceof Inet6Address v6 ? v6.getScopeId() : 0;
    return new SocketEnd(IpAddress.of(address.getAddress()), address.getPort(), scope);
  }
}
