package io.ocicat.lab.traffic;

import io.ocicat.libc.Fd;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.NativeBuffer;
import io.ocicat.libc.NetNamespace;
import io.ocicat.libc.Sockaddr;
import io.ocicat.libc.Syscalls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;

/** A raw IP socket inside a namespace; the IPv4 header that such a socket delivers is taken off. */
final class RawSocket implements AutoCloseable {
  private static final int LARGEST_BYTES = 2048;

  private final Fd fd;
  private final boolean v6;

  /** What came, and from where. */
  static final class Arrival {
    private final InetAddress source;
    private final byte[] payload;

    private Arrival(InetAddress source, byte[] payload) {
      this.source = source;
      this.payload = payload;
    }

    InetAddress source() {
      return source;
    }

    byte[] payload() {
      return payload;
    }
  }

  private RawSocket(Fd fd, boolean v6) {
    this.fd = fd;
    this.v6 = v6;
  }

  static RawSocket open(NetNamespace namespace, boolean v6, int protocol) {
    int domain = v6 ? LinuxSocket.AF_INET6 : LinuxSocket.AF_INET;
    return new RawSocket(
        namespace.call(() -> Syscalls.socket(domain, LinuxSocket.SOCK_RAW, protocol)), v6);
  }

  /** Only this peer's packets from now on, and the ICMP errors about what is sent to it. */
  void connect(InetAddress peer) {
    Syscalls.connect(fd, new Sockaddr.Inet(new InetSocketAddress(peer, 0)));
  }

  void send(byte[] payload, InetAddress peer) {
    // The kernel wants the port of a raw destination to be 0 or, for IPv6, the protocol.
    int _ = Syscalls.sendto(fd, payload, 0, new Sockaddr.Inet(new InetSocketAddress(peer, 0)));
  }

  /**
   * The next packet.
   *
   * @throws io.ocicat.libc.LibcException for an ICMP error about something sent
   */
  Optional<Arrival> receive(int timeoutMillis) {
    if (Syscalls.poll(fd, LinuxSocket.POLLIN, Math.max(0, timeoutMillis)) == 0) {
      return Optional.empty();
    }
    try (NativeBuffer buffer = new NativeBuffer(LARGEST_BYTES)) {
      return Syscalls.recvfrom(fd, buffer, LinuxSocket.MSG_DONTWAIT)
          .map(
              datagram -> {
                byte[] packet = buffer.copy(datagram.lengthBytes());
                InetAddress source = datagram.source().address().getAddress();
                return new Arrival(source, v6 ? packet : withoutHeader(packet));
              });
    }
  }

  private static byte[] withoutHeader(byte[] packet) {
    int headerBytes = packet.length == 0 ? 0 : (packet[0] & 0xf) * 4;
    return Arrays.copyOfRange(packet, Math.min(headerBytes, packet.length), packet.length);
  }

  @Override
  public void close() {
    fd.close();
  }
}
