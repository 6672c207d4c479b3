package io.ocicat.cli.lab;

import io.ocicat.cli.DurationConverter;
import io.ocicat.inet.IpFamily;
import io.ocicat.lab.LabTraffic;
import io.ocicat.lab.traffic.Protocol;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to try: {@code --port}, {@code --protocol}, {@code --timeout}, {@code --family}. */
final class ProbeOptions {
  /** What to speak, as the command line spells it. */
  enum Spoken {
    tcp,
    udp,
    sctp,
    icmp
  }

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "80",
      description = "The destination's port (default: 80).")
  private int port = 80;

  @Option(
      names = "--protocol",
      paramLabel = "PROTOCOL",
      defaultValue = "tcp",
      description = "${COMPLETION-CANDIDATES} (default: tcp).")
  private Spoken protocol = Spoken.tcp;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = DurationConverter.class,
      description = "How long to wait for an answer (default: 1s).")
  private Duration timeout = Duration.ofSeconds(1);

  @Option(
      names = "--family",
      paramLabel = "4|6",
      description = "The destination's address family (default: its first address).")
  private @Nullable Integer family;

  int port() {
    return port;
  }

  Protocol protocol() {
    return switch (protocol) {
      case tcp -> Protocol.TCP;
      case udp -> Protocol.UDP;
      case sctp -> Protocol.SCTP;
      case icmp -> Protocol.ICMP;
    };
  }

  /** Whether the values can be meant. */
  boolean valid() {
    boolean familyKnown = family == null || family == 4 || family == 6;
    return port >= 1 && port <= 65535 && familyKnown;
  }

  LabTraffic.Attempt attempt() {
    Optional<IpFamily> chosen =
        Optional.ofNullable(family).map(number -> number == 4 ? IpFamily.IPV4 : IpFamily.IPV6);
    return new LabTraffic.Attempt(port, protocol(), timeout, chosen);
  }
}
