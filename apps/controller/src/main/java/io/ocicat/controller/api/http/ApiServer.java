package io.ocicat.controller.api.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.ocicat.controller.api.ApiException;
import io.ocicat.controller.api.ApiStatus;
import io.ocicat.controller.api.StatusReason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTPS server of the API. Serves from {@link #start} to {@link #close}. */
public final class ApiServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

  /** Without it the kernel holds small answers back until the client acknowledges (Nagle). */
  private static final String NO_DELAY = "sun.net.httpserver.nodelay";

  private final HttpsServer server;
  private final ExecutorService requests;

  private ApiServer(HttpsServer server, ExecutorService requests) {
    this.server = server;
    this.requests = requests;
  }

  /**
   * Listens and serves.
   *
   * @param address port 0 for any free one
   * @param tls the server's certificate, and the trust anchors for its clients' certificates
   * @throws UncheckedIOException if the address cannot be bound
   */
  public static ApiServer start(
      InetSocketAddress address, SSLContext tls, Authenticator authenticator, ApiRoutes routes) {
    if (System.getProperty(NO_DELAY) == null) {
      System.setProperty(NO_DELAY, "true");
    }
    try {
      HttpsServer server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(wantingCertificates(tls));
      ExecutorService requests =
          Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("api-", 0).factory());
      server.setExecutor(requests);
      server.createContext("/", exchange -> serve(exchange, authenticator, routes));
      server.start();
      return new ApiServer(server, requests);
    } catch (IOException e) {
      throw new UncheckedIOException("listening for API clients on " + address, e);
    }
  }

  private static HttpsConfigurator wantingCertificates(SSLContext tls) {
    return new HttpsConfigurator(tls) {
      @Override
      public void configure(HttpsParameters parameters) {
        SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
        ssl.setWantClientAuth(true);
        parameters.setSSLParameters(ssl);
      }
    };
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** As a kubeconfig names it. */
  public URI uri() {
    String host = address().getAddress().getHostAddress();
    return URI.create(
        "https://%s:%d"
            .formatted(host.contains(":") ? "[" + host + "]" : host, address().getPort()));
  }

  /** Stops listening and ends all requests that are under way. */
  @Override
  public void close() {
    server.stop(0);
    requests.shutdownNow();
  }

  private static void serve(HttpExchange exchange, Authenticator authenticator, ApiRoutes routes)
      throws IOException {
    try (exchange) {
      send(exchange, answer(exchange, authenticator, routes));
    }
  }

  private static Response answer(
      HttpExchange exchange, Authenticator authenticator, ApiRoutes routes) {
    try {
      Optional<User> user =
          authenticator.authenticate(certificate(exchange), bearerToken(exchange));
      if (user.isEmpty() && !ApiRoutes.isOpen(exchange.getRequestURI().getPath())) {
        throw new ApiException(ApiStatus.of(StatusReason.UNAUTHORIZED, "Unauthorized"));
      }
      return routes.answer(Request.read(exchange, user.orElse(User.ANONYMOUS)));
    } catch (ApiException e) {
      return Response.json(e.status().code(), e.status().toJson());
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      ApiStatus status =
          ApiStatus.of(StatusReason.INTERNAL_ERROR, "Internal error occurred: " + e.getMessage());
      return Response.json(status.code(), status.toJson());
    }
  }

  private static Optional<X509Certificate> certificate(HttpExchange exchange) {
    try {
      return exchange instanceof HttpsExchange https
              && https.getSSLSession().getPeerCertificates()[0] instanceof X509Certificate client
          ? Optional.of(client)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> bearerToken(HttpExchange exchange) {
    return Request.header(exchange, "Authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip());
  }

  private static void send(HttpExchange exchange, Response response) throws IOException {
    switch (response) {
      case Response.Whole whole -> {
        exchange.getResponseHeaders().set("Content-Type", whole.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-cache, private");
        for (String warning : whole.warnings()) {
          exchange.getResponseHeaders().add("Warning", "299 - " + quoted(warning));
        }
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(
            whole.status(), head || whole.body().isEmpty() ? -1 : whole.body().size());
        if (!head) {
          whole.body().writeTo(exchange.getResponseBody());
        }
      }
      case Response.Streamed(String contentType, Response.Source source) -> {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.getResponseHeaders().set("Cache-Control", "no-cache, private");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
          out.flush();
          source.writeTo(out);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      case Response.Moved(String location) -> {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(307, -1);
      }
    }
  }

  /** A quoted-string (RFC 9110 §5.6.4); control characters have no place in a header. */
  private static String quoted(String text) {
    return "\""
        + text.replaceAll("\\p{Cntrl}", " ").replace("\\", "\\\\").replace("\"", "\\\"")
        + "\"";
  }
}
