package io.ocicat.controller.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Says how this process is, for the kubelet: {@code /healthz} while it runs, {@code /readyz} when
 * it leads or could. Neither asks anybody else: an API server that is away restarts nothing.
 */
public final class HealthServer implements AutoCloseable {

  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;

  private HealthServer(HttpServer server) {
    this.server = server;
  }

  /**
   * @param served where agents are served by this process; empty: it stands by
   * @throws UncheckedIOException if the address cannot be had
   */
  public static HealthServer start(
      InetSocketAddress address,
      BooleanSupplier ready,
      Supplier<Optional<InetSocketAddress>> served) {
    try {
      HttpServer server = HttpServer.create(address, 0);
      server.createContext("/healthz", exchange -> answer(exchange, true, "alive"));
      server.createContext(
          "/readyz",
          exchange ->
              answer(
                  exchange,
                  ready.getAsBoolean(),
                  served.get().map(at -> "serving agents on " + at).orElse("standing by")));
      server.start();
      return new HealthServer(server);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen for health checks on " + address, e);
    }
  }

  private static void answer(HttpExchange exchange, boolean well, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(well ? OK : UNAVAILABLE, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
