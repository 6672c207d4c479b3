package io.ocicat.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.agent.AgentConfig.Controllers;
import io.ocicat.inet.Cidr;
import io.ocicat.sync.AgentService;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.client.ControllerTransport;
import io.ocicat.sync.grpc.SyncServer;
import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.JoinGate;
import io.ocicat.sync.identity.NodeCredentials;
import io.ocicat.sync.identity.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class JoiningTransportTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Identity.Node NODE = new Identity.Node("n1");
  private static final String AT_ONCE = "next at once: ";

  @TempDir private Path folder;
  private final Set<String> goodTokens = ConcurrentHashMap.newKeySet();
  private final List<AutoCloseable> open = new ArrayList<>();
  private volatile Duration ahead = Duration.ZERO;

  /** Answers every hello with one empty snapshot. */
  private static final class Service implements AgentService {
    @Override
    public AgentStream open(String node, DeltaSink toAgent) {
      return new AgentStream() {
        @Override
        public void received(FromAgent message) {
          if (message instanceof FromAgent.Hello) {
            toAgent.send(new SyncDelta("e", 1, true, List.of(), List.of(), List.of()));
          }
        }

        @Override
        public void writable() {}

        @Override
        public void closed() {}
      };
    }

    @Override
    public PodAnswer resolvePod(String node, PodName pod, String uid) {
      return new PodAnswer.Unavailable("not asked");
    }

    @Override
    public BlockAnswer requestBlock(String node, BlockRequest request) {
      return new BlockAnswer.Unavailable("not asked");
    }

    @Override
    public ReleaseAnswer releaseBlock(String node, Cidr block) {
      return new ReleaseAnswer.Unavailable("not asked");
    }
  }

  /** What a stream brought: a delta, or the reason of its end. */
  private static final class Ear implements ControllerTransport.Incoming {
    final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    public void received(SyncDelta delta) {
      heard.add("served");
    }

    @Override
    public void closed(String reason) {
      heard.add(reason);
    }

    @Override
    public void ended(String reason) {
      heard.add(AT_ONCE + reason);
    }
  }

  @BeforeEach
  void makeToken() throws IOException {
    Files.writeString(folder.resolve("token"), "first\n");
    goodTokens.add("first");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private ClusterAuthority authority(String name) {
    return ClusterAuthority.loadOrCreate(folder.resolve(name), InstantSource.system(), RANDOM);
  }

  private Instant now() {
    return InstantSource.system().instant().plus(ahead);
  }

  private SyncServer server(ClusterAuthority authority, int port) throws IOException {
    JoinGate gate =
        new JoinGate() {
          @Override
          public Admission join(Identity.Node node, Credential credential) {
            return credential instanceof Credential.ServiceAccountToken(var text)
                    && goodTokens.contains(text)
                ? new Admission.Admitted(Duration.ofHours(24))
                : new Admission.Refused("an unknown token");
          }

          @Override
          public Admission renew(Identity.Node node) {
            return new Admission.Refused("join again");
          }
        };
    SyncServer server =
        SyncServer.start(
            ServerSocketChannel.open(), loopback(port), authority, gate, new Service(), this::now);
    open.add(server);
    return server;
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void publish(ClusterAuthority authority, int... ports) throws IOException {
    Files.writeString(folder.resolve("ca.crt"), Pem.text(List.of(authority.certificate())));
    StringBuilder lines = new StringBuilder();
    for (int port : ports) {
      lines.append("127.0.0.1:").append(port).append(" ocicat-controller-").append(port);
      lines.append('\n');
    }
    Files.writeString(folder.resolve("controllers"), lines.toString());
  }

  private JoiningTransport transport() {
    JoiningTransport transport =
        new JoiningTransport(
            new Controllers(List.of(), Optional.of(folder.resolve("controllers"))),
            NODE,
            new Joining.ByServiceAccount(folder.resolve("token"), folder.resolve("ca.crt")),
            folder.resolve("state"),
            this::now,
            RANDOM);
    open.add(transport);
    return transport;
  }

  private static String attempt(JoiningTransport transport) throws InterruptedException {
    Ear ear = new Ear();
    transport.open(ear).send(new FromAgent.Hello("n1", "t", "", 0, Set.of(), Set.of()));
    return Optional.ofNullable(ear.heard.poll(20, TimeUnit.SECONDS)).orElseThrow();
  }

  private NodeCredentials stored() {
    return NodeCredentials.load(folder.resolve("state"), NODE, now()).orElseThrow();
  }

  @Test
  void waitsForControllersThenJoinsAndIsServed() throws Exception {
    JoiningTransport transport = transport();
    assertThat(attempt(transport)).contains("no controller is known yet");
    ClusterAuthority authority = authority("a");
    SyncServer server = server(authority, 0);
    publish(authority, server.address().getPort());
    assertThat(attempt(transport)).contains("joined");
    assertThat(attempt(transport)).isEqualTo("served");
    JoiningTransport restarted = transport();
    assertThat(attempt(restarted)).isEqualTo("served");
  }

  @Test
  void goesRoundTheControllersUntilOneServes() throws Exception {
    ClusterAuthority authority = authority("a");
    SyncServer server = server(authority, 0);
    publish(authority, freePort(), freePort(), server.address().getPort());
    JoiningTransport transport = transport();
    List<String> heard = new ArrayList<>();
    while (!heard.contains("served") && heard.size() < 6) {
      heard.add(attempt(transport));
    }
    assertThat(heard).hasSize(4).last().isEqualTo("served");
    assertThat(heard.subList(0, 3)).allMatch(each -> each.startsWith(AT_ONCE));
    int gone = server.address().getPort();
    server.close();
    SyncServer next = server(authority, 0);
    publish(authority, gone, next.address().getPort());
    heard.clear();
    while (!heard.contains("served") && heard.size() < 6) {
      heard.add(attempt(transport));
    }
    assertThat(heard).contains("served");
  }

  @Test
  void waitsOnlyWhenNoneOfTheControllersServes() throws Exception {
    publish(authority("a"), freePort(), freePort());
    JoiningTransport transport = transport();
    for (int round = 0; round < 2; round++) {
      assertThat(attempt(transport)).startsWith(AT_ONCE);
      assertThat(attempt(transport)).doesNotStartWith(AT_ONCE);
    }
  }

  @Test
  void renewsWithTheTokenOfThenAndJoinsAgainWhenTheCertificateHasExpired() throws Exception {
    ClusterAuthority authority = authority("a");
    publish(authority, server(authority, 0).address().getPort());
    JoiningTransport transport = transport();
    assertThat(attempt(transport)).contains("joined");
    assertThat(attempt(transport)).isEqualTo("served");
    var first = stored().current().leaf();
    goodTokens.clear();
    goodTokens.add("rotated");
    Files.writeString(folder.resolve("token"), "rotated");
    ahead = Duration.ofHours(13);
    transport.maintain();
    assertThat(stored().current().leaf()).isNotEqualTo(first);
    assertThat(attempt(transport)).isEqualTo("served");
    ahead = Duration.ofHours(100);
    assertThat(attempt(transport)).contains("joined");
  }

  @Test
  void joinsAnewWhenTheClusterHasAnotherAuthority() throws Exception {
    ClusterAuthority authority = authority("a");
    publish(authority, server(authority, 0).address().getPort());
    JoiningTransport transport = transport();
    assertThat(attempt(transport)).contains("joined");
    ClusterAuthority other = authority("b");
    publish(other, server(other, 0).address().getPort());
    assertThat(attempt(transport)).contains("joined");
    assertThat(attempt(transport)).isEqualTo("served");
  }

  @Test
  void saysWhatIsMissingOrRefused() throws Exception {
    ClusterAuthority authority = authority("a");
    publish(authority, server(authority, 0).address().getPort());
    goodTokens.clear();
    JoiningTransport transport = transport();
    assertThat(attempt(transport)).contains("an unknown token");
    Files.delete(folder.resolve("token"));
    assertThat(attempt(transport)).contains("cannot read the service account token");
    Files.delete(folder.resolve("ca.crt"));
    Files.writeString(folder.resolve("token"), "x");
    assertThat(attempt(transport)).contains("authority is not known yet");
  }
}
