package io.ocicat.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Sends requests to one API server.
 *
 * <p>Safe for use by several threads. Every request has a deadline, except that of a watch.
 */
public final class ApiClient implements AutoCloseable {
  /** The content type of an RFC 7386 patch. */
  public static final String MERGE_PATCH = "application/merge-patch+json";

  private static final String JSON = "application/json";
  private static final String TABLE =
      "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** {@code 299 - "text"}, RFC 7234 section 5.5, as API servers send it. */
  private static final Pattern WARNING = Pattern.compile("299 \\S+ \"((?:[^\"\\\\]|\\\\.)*)\"");

  private final Kubeconfig kubeconfig;
  private final Consumer<String> warnings;
  private final HttpClient http;

  /**
   * One that nobody warns.
   *
   * @throws Kubeconfig.UnusableException if its certificates or key cannot be used
   */
  public ApiClient(Kubeconfig kubeconfig) {
    this(kubeconfig, _ -> {});
  }

  /**
   * @param warnings receives what the server finds worth telling about a request that it carries
   *     out, from the threads that ask
   * @throws Kubeconfig.UnusableException if its certificates or key cannot be used
   */
  public ApiClient(Kubeconfig kubeconfig, Consumer<String> warnings) {
    this.kubeconfig = kubeconfig;
    this.warnings = warnings;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5));
    if ("https".equals(kubeconfig.server().getScheme())) {
      builder.sslContext(sslContext(kubeconfig));
    }
    this.http = builder.build();
  }

  /** Where the server is and who asks. */
  public Kubeconfig kubeconfig() {
    return kubeconfig;
  }

  /** The document at {@code path}, which may hold a query. */
  public JsonNode read(Attempt attempt) {
    return exchange("GET", attempt, JSON, JSON, "");
  }

  /**
   * The list or object at {@code path} as the server's Table, or as it is where the server makes
   * none.
   */
  public JsonNode readTable(Attempt attempt) {
    return exchange("GET", attempt, TABLE, JSON, "");
  }

  /** The text at {@code path}, such as a log. */
  public String readText(Attempt attempt) {
    return send("GET", attempt, "*/*", JSON, "");
  }

  /**
   * Creates {@code document} in the collection at {@code path} and answers what the server stored.
   */
  public JsonNode create(Attempt attempt, JsonNode document) {
    return exchange("POST", attempt, JSON, JSON, document.toString());
  }

  /**
   * Replaces the document at {@code path}; a conflict if its resourceVersion is not the current
   * one.
   */
  public JsonNode replace(Attempt attempt, JsonNode document) {
    return exchange("PUT", attempt, JSON, JSON, document.toString());
  }

  /** Applies an RFC 7386 merge patch to the document that {@code attempt} names. */
  public JsonNode mergePatch(Attempt attempt, JsonNode patch) {
    return exchange("PATCH", attempt, JSON, MERGE_PATCH, patch.toString());
  }

  /** Deletes what is at {@code path} and answers what the server said. */
  public JsonNode delete(Attempt attempt) {
    return exchange("DELETE", attempt, JSON, JSON, "");
  }

  /**
   * Reads watch events until {@code more} answers false or the server ends the stream.
   *
   * @param attempt a path with {@code watch=1} in its query
   * @param table whether objects are asked for as Tables
   */
  public void watch(Attempt attempt, boolean table, Predicate<JsonNode> more) {
    HttpRequest request = request(attempt).header("Accept", table ? TABLE : JSON).GET().build();
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body();
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
        if (response.statusCode() >= 300) {
          String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
          throw refused(attempt, response.statusCode(), text);
        }
        String line;
        while ((line = lines.readLine()) != null) {
          if (!line.isBlank() && !more.test(MAPPER.readTree(line))) {
            return;
          }
        }
      }
    } catch (IOException e) {
      throw unreachable(attempt, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(attempt.inWords(), 0, "", "interrupted", List.of());
    }
  }

  @Override
  public void close() {
    // Not close(): that waits for idle connections' bookkeeping, and the process ends next.
    http.shutdownNow();
  }

  /**
   * A request in two languages.
   *
   * @param inWords what it is about, for messages: {@code create networkpolicies default/web}
   * @param path below the server's address, with the query
   */
  public record Attempt(String inWords, String path) {}

  private HttpRequest.Builder request(Attempt attempt) {
    String base = kubeconfig.server().toString();
    String trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(trimmed + attempt.path()));
    builder.header("User-Agent", "ocicat");
    if (kubeconfig.identity() instanceof Kubeconfig.Identity.Token(String value)) {
      builder.header("Authorization", "Bearer " + value);
    }
    return builder;
  }

  private JsonNode exchange(
      String method, Attempt attempt, String accept, String contentType, String body) {
    String answer = send(method, attempt, accept, contentType, body);
    try {
      return answer.isEmpty() ? MissingNode.getInstance() : MAPPER.readTree(answer);
    } catch (IOException e) {
      throw unreachable(attempt, e);
    }
  }

  private String send(
      String method, Attempt attempt, String accept, String contentType, String body) {
    HttpRequest.Builder builder = request(attempt).timeout(DEADLINE).header("Accept", accept);
    if (body.isEmpty()) {
      builder.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      builder.header("Content-Type", contentType);
      builder.method(method, HttpRequest.BodyPublishers.ofString(body));
    }
    try {
      HttpResponse<String> response =
          http.send(builder.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw refused(attempt, response.statusCode(), response.body());
      }
      response.headers().allValues("Warning").forEach(this::warn);
      return response.body();
    } catch (IOException e) {
      throw unreachable(attempt, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(attempt.inWords(), 0, "", "interrupted", List.of());
    }
  }

  private void warn(String header) {
    Matcher each = WARNING.matcher(header);
    while (each.find()) {
      warnings.accept(each.group(1).replaceAll("\\\\(.)", "$1"));
    }
  }

  private ApiException unreachable(Attempt attempt, IOException cause) {
    ApiException exception =
        new ApiException(
            attempt.inWords(),
            0,
            "",
            "no answer from "
                + kubeconfig.server()
                + " (named by "
                + kubeconfig.source()
                + "): "
                + words(cause)
                + "; is the controller running? 'ocicat lab up' starts a cluster to try",
            List.of());
    exception.initCause(cause);
    return exception;
  }

  /** The JDK's client says nothing when a connection is refused. */
  private static String words(IOException cause) {
    String said = cause.getMessage();
    if (said != null && !said.isEmpty()) {
      return said;
    }
    return cause instanceof ConnectException
        ? "connection refused"
        : cause.getClass().getSimpleName();
  }

  private static ApiException refused(Attempt attempt, int httpStatus, String body) {
    JsonNode status;
    try {
      status = MAPPER.readTree(body);
    } catch (IOException e) {
      status = MissingNode.getInstance();
    }
    if (status == null || !"Status".equals(status.path("kind").asText())) {
      String text = body.isBlank() ? "HTTP status " + httpStatus : body.strip();
      return new ApiException(attempt.inWords(), httpStatus, "", text, List.of());
    }
    List<String> causes = new ArrayList<>();
    for (JsonNode cause : status.path("details").path("causes")) {
      String field = cause.path("field").asText("");
      String message = cause.path("message").asText("");
      causes.add(field.isEmpty() ? message : field + ": " + message);
    }
    return new ApiException(
        attempt.inWords(),
        httpStatus,
        status.path("reason").asText(""),
        status.path("message").asText("HTTP status " + httpStatus),
        causes);
  }

  private static SSLContext sslContext(Kubeconfig kubeconfig) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(kubeconfig), trust(kubeconfig), new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new Kubeconfig.UnusableException(
          "use the certificates of " + kubeconfig.source() + ": " + e.getMessage());
    }
  }

  private static KeyManager[] keys(Kubeconfig kubeconfig)
      throws GeneralSecurityException, IOException {
    if (!(kubeconfig.identity()
        instanceof Kubeconfig.Identity.ClientCertificate(String certificate, String key))) {
      return new KeyManager[0];
    }
    return new KeyManager[] {new ClientKey(Pem.privateKey(key), Pem.certificates(certificate))};
  }

  private static TrustManager[] trust(Kubeconfig kubeconfig)
      throws GeneralSecurityException, IOException {
    if (kubeconfig.insecure()) {
      return new TrustManager[] {new TrustAnything()};
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    if (kubeconfig.caPem().isEmpty()) {
      factory.init((KeyStore) null);
    } else {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int index = 0;
      for (X509Certificate certificate : Pem.certificates(kubeconfig.caPem())) {
        store.setCertificateEntry("ca-" + index++, certificate);
      }
      factory.init(store);
    }
    return factory.getTrustManagers();
  }

  /**
   * What {@code insecure-skip-tls-verify} asks for; the extended class, so that host names are not
   * checked.
   */
  private static final class TrustAnything extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] c, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] c, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
