package io.ocicat.testkit.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * An API server with an etcd of its own, both on free loopback ports and in a temporary directory.
 * RBAC decides what users may; service-account tokens can be issued; the admission of service
 * accounts is off, since nothing here creates them.
 *
 * <p>Both processes end with this object, and with this JVM however it ends.
 */
public final class RealApiServer implements AutoCloseable {
  private static final Duration READY_DEADLINE = Duration.ofSeconds(90);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int LOG_LINES_SHOWN = 40;
  private static final String ADMIN_TOKEN = "admin-token";

  /** Ends what it started when its input ends, which the end of the JVM sees to. */
  private static final String KEEPER =
      """
      "$@" &
      child=$!
      read -r _ignored
      kill "$child" 2>/dev/null
      wait "$child"
      """;

  private static final ReentrantLock SHARING = new ReentrantLock();
  private static @Nullable RealApiServer shared;

  /**
   * Somebody whom the server knows by a token.
   *
   * @param token the bearer token
   * @param name the user's name, e.g. {@code system:serviceaccount:ocicat:controller}
   * @param groups the user's groups
   */
  public record User(String token, String name, List<String> groups) {
    /** Copies the list. */
    public User {
      groups = List.copyOf(groups);
    }

    private String line() {
      return "%s,%s,%s,\"%s\"".formatted(token, name, name, String.join(",", groups));
    }
  }

  private final Path directory;
  private final int etcdPort;
  private final int port;
  private final List<String> serverFlags;
  private final Process etcd;
  private Process server;

  private RealApiServer(Path directory, List<User> users, List<String> extraFlags)
      throws IOException, InterruptedException {
    this.directory = directory;
    this.etcdPort = freePort();
    this.port = freePort();
    writeServiceAccountKey();
    writeUsers(users);
    this.serverFlags = serverFlags(extraFlags);
    this.etcd = start("etcd", etcdFlags());
    this.server = start("kube-apiserver", serverFlags);
  }

  /**
   * Why there can be no API server here, if there can be none. In a continuous-integration run
   * (environment variable {@code CI}) that is an error instead.
   */
  public static Optional<String> whyNone() {
    for (String program : List.of("etcd", "kube-apiserver")) {
      if (!Files.isExecutable(program(program))) {
        String reason =
            "there is no "
                + program(program)
                + ": run testing/install-needs, which builds the API server that tests run on";
        if (System.getenv("CI") != null) {
          throw new IllegalStateException(reason);
        }
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }

  /** The server that all tests of this JVM share; it ends with the JVM. */
  public static RealApiServer shared() throws IOException, InterruptedException {
    SHARING.lock();
    try {
      RealApiServer existing = shared;
      if (existing != null) {
        return existing;
      }
      RealApiServer started = start(List.of(), List.of());
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(started::close));
      shared = started;
      return started;
    } finally {
      SHARING.unlock();
    }
  }

  /**
   * A server of the test's own, when it is ready.
   *
   * @param users who may come besides the administrator; RBAC says what they may
   * @param extraFlags command-line flags for the server, after the usual ones
   */
  public static RealApiServer start(List<User> users, List<String> extraFlags)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("ocicat-apiserver-");
    RealApiServer result = null;
    try {
      result = new RealApiServer(directory, users, extraFlags);
      result.awaitReady();
      return result;
    } catch (IOException | InterruptedException | RuntimeException e) {
      if (result == null) {
        delete(directory);
      } else {
        result.close();
      }
      throw e;
    }
  }

  /** Where it listens. */
  public URI uri() {
    return URI.create("https://127.0.0.1:" + port);
  }

  /** The certificates that clients have to trust, as PEM text. */
  public String certificates() {
    try {
      return Files.readString(certificateFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file with the certificates that clients have to trust. */
  public Path certificateFile() {
    return directory.resolve("apiserver.crt");
  }

  /** The token of somebody who may do everything. */
  public String adminToken() {
    return ADMIN_TOKEN;
  }

  /** A kubeconfig file for the holder of a token. */
  public Path kubeconfig(String token) {
    try {
      Path file = directory.resolve("kubeconfig-" + token);
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          clusters:
          - name: test
            cluster: {server: "%s", certificate-authority: "%s"}
          users:
          - name: user
            user: {token: "%s"}
          contexts:
          - name: test
            context: {cluster: test, user: user}
          current-context: test
          """
              .formatted(uri(), certificateFile(), token));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the API server, as an outage would; etcd keeps what it holds. */
  public void stopServer() throws InterruptedException {
    stop(server);
  }

  /** Starts the API server again, at the same place and with the same state, and awaits it. */
  public void startServer() throws IOException, InterruptedException {
    server = start("kube-apiserver", serverFlags);
    awaitReady();
  }

  /** Makes etcd forget old revisions, so that watches and lists from before get 410. */
  public void compact() throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    String range = "{\"key\":\"AA==\",\"range_end\":\"AA==\",\"limit\":1}";
    String answer = etcdCall(client, "kv/range", range);
    String revision = answer.replaceFirst("(?s).*\"revision\":\"(\\d+)\".*", "$1");
    etcdCall(client, "kv/compaction", "{\"revision\":\"" + revision + "\",\"physical\":true}");
  }

  private String etcdCall(HttpClient client, String call, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + etcdPort + "/v3/" + call))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("etcd answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  @Override
  public void close() {
    try {
      stop(server);
      stop(etcd);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      delete(directory);
    }
  }

  private static Path program(String name) {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path root =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return root.resolve("ocicat/kubernetes/bin").resolve(name);
  }

  private List<String> etcdFlags() throws IOException {
    String client = "http://127.0.0.1:" + etcdPort;
    String peer = "http://127.0.0.1:" + freePort();
    return List.of(
        "--data-dir=" + directory.resolve("etcd"),
        "--listen-client-urls=" + client,
        "--advertise-client-urls=" + client,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer,
        "--logger=zap",
        "--log-outputs=stderr");
  }

  private List<String> serverFlags(List<String> extra) {
    List<String> flags = new ArrayList<>();
    flags.add("--etcd-servers=http://127.0.0.1:" + etcdPort);
    flags.add("--bind-address=127.0.0.1");
    flags.add("--secure-port=" + port);
    flags.add("--insecure-port=0");
    flags.add("--cert-dir=" + directory);
    flags.add("--authorization-mode=Node,RBAC");
    flags.add("--token-auth-file=" + directory.resolve("users.csv"));
    flags.add("--service-account-issuer=https://kubernetes.default.svc");
    flags.add("--service-account-key-file=" + directory.resolve("sa.pem"));
    flags.add("--service-account-signing-key-file=" + directory.resolve("sa.pem"));
    flags.add("--disable-admission-plugins=ServiceAccount");
    flags.add("--service-cluster-ip-range=10.96.0.0/16");
    flags.add("--endpoint-reconciler-type=none");
    flags.add("--allow-privileged=true");
    flags.addAll(extra);
    return List.copyOf(flags);
  }

  private void writeServiceAccountKey() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      Files.writeString(
          directory.resolve("sa.pem"),
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
              + "\n-----END PRIVATE KEY-----\n");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA keys", e);
    }
  }

  private void writeUsers(List<User> users) throws IOException {
    User admin = new User(ADMIN_TOKEN, "admin", List.of("system:masters"));
    Files.writeString(
        directory.resolve("users.csv"),
        Stream.concat(Stream.of(admin), users.stream())
            .map(User::line)
            .collect(Collectors.joining("\n", "", "\n")));
  }

  private Process start(String name, List<String> flags) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", KEEPER, "sh"));
    command.add(program(name).toString());
    command.addAll(flags);
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
        .start();
  }

  private Path log(String name) {
    return directory.resolve(name + ".log");
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + READY_DEADLINE.toNanos();
    while (!isReady()) {
      if (System.nanoTime() > deadlineNs) {
        throw new IOException(
            "the API server was not ready after %s; the ends of the logs are:%n%s%n%s"
                .formatted(READY_DEADLINE, endOf("etcd"), endOf("kube-apiserver")));
      }
      Thread.sleep(POLL);
    }
  }

  private boolean isReady() throws InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trust()).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(uri().resolve("/readyz"))
              .header("Authorization", "Bearer " + ADMIN_TOKEN)
              .timeout(Duration.ofSeconds(5))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    } catch (IOException | GeneralSecurityException _) {
      return false;
    }
  }

  /** What a client of the JDK needs to trust this server. */
  public SSLContext trust() throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var in = Files.newInputStream(certificateFile())) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("c" + trusted.size(), each);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private String endOf(String name) throws IOException {
    List<String> lines = Files.readAllLines(log(name));
    return String.join(
        "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
  }

  private static void stop(Process keeper) throws InterruptedException {
    List<ProcessHandle> children = keeper.descendants().toList();
    try {
      keeper.getOutputStream().close();
    } catch (IOException _) {
      // It has ended already.
    }
    if (!keeper.waitFor(STOP_DEADLINE)) {
      children.forEach(ProcessHandle::destroyForcibly);
      keeper.destroyForcibly();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + directory, e);
    }
  }
}
