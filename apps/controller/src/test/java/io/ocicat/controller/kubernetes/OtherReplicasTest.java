package io.ocicat.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OtherReplicasTest {

  private long nowNs;

  @Test
  void findsTheOneThatListensAndAsksOnceASecond() throws Exception {
    ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    String address = "127.0.0.1:" + listening.getLocalPort();
    OtherReplicas others =
        new OtherReplicas(() -> List.of("no address", "127.0.0.1:x", address), () -> nowNs);
    assertThat(others.serving()).contains(address);
    listening.close();
    assertThat(others.serving()).contains(address);
    nowNs = Duration.ofSeconds(1).toNanos();
    assertThat(others.serving()).isEmpty();
  }
}
