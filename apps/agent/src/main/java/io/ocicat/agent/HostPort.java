package io.ocicat.agent;

import io.ocicat.inet.IpAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses of servers as text. */
final class HostPort {

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^:\\[\\]\\s]+)):([0-9]{1,5})");

  private HostPort() {}

  /** {@code host:port} or {@code [address]:port}; a host name stays unresolved. */
  static Optional<InetSocketAddress> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(matcher.group(3));
    if (port < 1 || port > 65_535) {
      return Optional.empty();
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    Optional<IpAddress> address = IpAddress.tryParse(host);
    if (matcher.group(1) != null && address.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        address.isPresent()
            ? new InetSocketAddress(address.get().toInetAddress(), port)
            : InetSocketAddress.createUnresolved(host, port));
  }
}
