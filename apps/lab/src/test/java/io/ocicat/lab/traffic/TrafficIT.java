package io.ocicat.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class TrafficIT {

  @ParameterizedTest
  @CsvSource({
    "tcp, 127.0.0.1, 18080, ALLOWED",
    "tcp, ::1, 18080, ALLOWED",
    "udp, 127.0.0.1, 18080, ALLOWED",
    "udp, ::1, 18080, ALLOWED",
    "sctp, 127.0.0.1, 18080, ALLOWED",
    "sctp, ::1, 18080, ALLOWED",
    "tcp, ::1, 18081, REFUSED",
    "udp, 127.0.0.1, 18081, REFUSED",
    "sctp, 127.0.0.1, 18081, REFUSED",
    "icmp, 127.0.0.1, 0, ALLOWED",
    "icmp, ::1, 0, ALLOWED",
  })
  void tellsWhatBecameOfAnAttempt(String protocol, String to, int port, Verdict verdict) {
    List<Listen> ports =
        List.of(Listen.parse("18080/tcp"), Listen.parse("18080/udp"), Listen.parse("18080/sctp"));
    try (NetNamespace here = NetNamespace.current();
        Responder _ = Responder.open(here, "default/web", List.of(), ports)) {
      Prober.Target target =
          new Prober.Target(
              IpAddress.parse(to),
              port,
              Protocol.named(protocol).orElseThrow(),
              Duration.ofSeconds(2));
      ProbeResult result = new Prober(new Random(1)).probe(here, target);
      assertThat(result.verdict()).as(result.detail()).isEqualTo(verdict);
      if (verdict == Verdict.ALLOWED && !protocol.equals("icmp")) {
        assertThat(result.peerSaw()).isEqualTo(to);
        assertThat(result.responder()).isEqualTo("default/web");
      }
    }
  }
}
