package io.ocicat.lab.traffic;

import java.util.Comparator;

/**
 * A port that is answered on, such as {@code 80/tcp}.
 *
 * @param port 1 to 65535
 * @param protocol not ICMP, which has no ports
 */
public record Listen(int port, Protocol protocol) implements Comparable<Listen> {

  /** Checks the port. */
  public Listen {
    if (port < 1 || port > 65535 || protocol == Protocol.ICMP) {
      throw new IllegalArgumentException("no port to listen on: " + port + "/" + protocol);
    }
  }

  /**
   * Reads {@code 80}, {@code 80/tcp}, {@code 53/udp}, {@code 7/sctp}.
   *
   * @throws IllegalArgumentException with a message that quotes {@code text}
   */
  public static Listen parse(String text) {
    int slash = text.indexOf('/');
    String port = slash < 0 ? text : text.substring(0, slash);
    String protocol = slash < 0 ? "tcp" : text.substring(slash + 1);
    if (!port.matches("\\d{1,5}")) {
      throw new IllegalArgumentException("'" + text + "' is no port such as 80/tcp");
    }
    return new Listen(
        Integer.parseInt(port),
        Protocol.named(protocol)
            .filter(named -> named != Protocol.ICMP)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "'" + text + "': the protocol is tcp, udp or sctp")));
  }

  @Override
  public int compareTo(Listen other) {
    return Comparator.comparing(Listen::protocol)
        .thenComparingInt(Listen::port)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return port + "/" + protocol;
  }
}
