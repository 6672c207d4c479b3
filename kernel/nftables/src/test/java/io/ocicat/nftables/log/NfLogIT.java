package io.ocicat.nftables.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.ChildProcess;
import io.ocicat.libc.NetNamespace;
import io.ocicat.nftables.log.PacketHeader.Upper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rules of nft(8) that report, and what we read of it. */
@Timeout(60)
final class NfLogIT {
  private static final int GROUP = 79;
  private final NetNamespace namespace = NetNamespace.create();

  @AfterEach
  void close() {
    namespace.close();
  }

  private void sh(String command) {
    ChildProcess.Result result =
        namespace.call(
            () ->
                ChildProcess.run(
                    Path.of("/bin/sh"),
                    Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                    ("exec 2>&1; " + command).getBytes(UTF_8)));
    assertThat(result.exitStatus()).as(command + ": " + result.stdout()).isZero();
  }

  private void reporting() {
    sh("ip link set lo up");
    sh(
        "nft 'table inet t { chain c { type filter hook output priority 0;"
            + " log group 79 prefix \"d:7f.in end\"; }; }'");
  }

  private NfLog open() {
    return switch (namespace.call(() -> NfLog.open(GROUP))) {
      case NfLog.Opened.Open(NfLog log) -> log;
      case NfLog.Opened.Refused(String reason) -> throw new AssertionError(reason);
    };
  }

  private void sendUdp(String to, int port) {
    Void _ =
        namespace.call(
            () -> {
              try (DatagramSocket socket = new DatagramSocket()) {
                socket.send(
                    new DatagramPacket(new byte[1000], 1000, InetAddress.getByName(to), port));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return null;
            });
  }

  private static LoggedPacket first(NfLog log, IpAddress to) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() < deadline) {
      if (log.receive(200) instanceof NfLog.Received.Packets(List<LoggedPacket> packets)) {
        for (LoggedPacket packet : packets) {
          if (packet.header().filter(header -> header.destination().equals(to)).isPresent()) {
            return packet;
          }
        }
      }
    }
    throw new AssertionError("nothing was reported of a packet to " + to);
  }

  @Test
  void readsWhatRulesReportOfBothFamilies() {
    reporting();
    try (NfLog log = open()) {
      for (String address : List.of("127.0.0.1", "::1")) {
        IpAddress to = IpAddress.parse(address);
        sendUdp(address, 4242);
        LoggedPacket packet = first(log, to);
        assertThat(packet.prefix()).isEqualTo("d:7f.in end");
        assertThat(packet.interfaces()).isEqualTo(new LoggedPacket.Interfaces(0, 1));
        PacketHeader header = packet.header().orElseThrow();
        assertThat(header.source()).isEqualTo(to);
        assertThat(header.protocol()).isEqualTo(17);
        assertThat(header.upper())
            .isInstanceOfSatisfying(
                Upper.Ports.class, ports -> assertThat(ports.destination()).isEqualTo(4242));
      }
    }
  }

  @Test
  void saysWhenAnotherProgramReadsTheGroup() {
    try (NfLog _ = open()) {
      assertThat(namespace.call(() -> NfLog.open(GROUP)))
          .isInstanceOfSatisfying(
              NfLog.Opened.Refused.class,
              refused ->
                  assertThat(refused.reason()).contains("another program reads log group 79"));
    }
    open().close();
  }
}
