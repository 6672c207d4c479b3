package io.ocicat.controller.kubernetes;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Whether another replica serves agents: only the one that leads listens. For one thread. */
final class OtherReplicas {

  private static final Duration ASK_EVERY = Duration.ofSeconds(1);
  private static final int CONNECT_MILLIS = 300;

  private final Supplier<List<String>> addresses;
  private final LongSupplier nowNs;
  private long askedNs;
  private boolean asked;
  private Optional<String> found = Optional.empty();

  /**
   * @param addresses host:port of each
   * @param nowNs a monotonic clock
   */
  OtherReplicas(Supplier<List<String>> addresses, LongSupplier nowNs) {
    this.addresses = addresses;
    this.nowNs = nowNs;
  }

  /** The address of one that serves, as of a second ago at the earliest. */
  Optional<String> serving() {
    long now = nowNs.getAsLong();
    if (!asked || now - askedNs >= ASK_EVERY.toNanos()) {
      asked = true;
      askedNs = now;
      found = addresses.get().stream().filter(OtherReplicas::accepts).findFirst();
    }
    return found;
  }

  private static boolean accepts(String address) {
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      return false;
    }
    String host = address.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))),
          CONNECT_MILLIS);
      return true;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }
}
