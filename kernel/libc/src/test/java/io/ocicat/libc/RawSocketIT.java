package io.ocicat.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sends SCTP packets over the loopback interface, as a probe without an SCTP stack does. */
@Timeout(30)
class RawSocketIT {

  private static final byte[] PACKET = {0x30, 0x39, 0x00, 0x07, 0, 0, 0, 0, 0, 0, 0, 0};

  @Test
  void sendsAndReceivesSctpOfBothFamilies() throws IOException {
    for (String text : new String[] {"127.0.0.1", "::1"}) {
      InetAddress address = InetAddress.getByName(text);
      boolean v6 = address.getAddress().length == 16;
      int domain = v6 ? LinuxSocket.AF_INET6 : LinuxSocket.AF_INET;
      Sockaddr.Inet target = new Sockaddr.Inet(new InetSocketAddress(address, 0));
      try (Fd socket = Syscalls.socket(domain, LinuxSocket.SOCK_RAW, LinuxSocket.IPPROTO_SCTP);
          NativeBuffer buffer = new NativeBuffer(2048)) {
        assertThat(Syscalls.recvfrom(socket, buffer, LinuxSocket.MSG_DONTWAIT)).isEmpty();
        assertThat(Syscalls.sendto(socket, PACKET, 0, target)).isEqualTo(PACKET.length);
        assertThat(Syscalls.poll(socket, LinuxSocket.POLLIN, 5000)).isEqualTo(LinuxSocket.POLLIN);
        Optional<Syscalls.Datagram> received =
            Syscalls.recvfrom(socket, buffer, LinuxSocket.MSG_DONTWAIT);
        assertThat(received).isPresent();
        assertThat(received.get().source().address().getAddress()).isEqualTo(address);
        byte[] bytes = buffer.copy(received.get().lengthBytes());
        // Raw IPv4 sockets deliver the IP header too.
        assertThat(bytes).hasSize(PACKET.length + (v6 ? 0 : 20)).endsWith(PACKET);
      }
    }
  }

  @Test
  void setsAndReadsOptions() {
    try (Fd socket =
        Syscalls.socket(LinuxSocket.AF_INET, LinuxSocket.SOCK_DGRAM, LinuxSocket.IPPROTO_UDP)) {
      Syscalls.setsockopt(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_REUSEADDR, 1);
      assertThat(Syscalls.getsockopt(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_REUSEADDR))
          .isEqualTo(1);
      InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      Syscalls.bind(socket, new Sockaddr.Inet(loopback));
    }
  }
}
