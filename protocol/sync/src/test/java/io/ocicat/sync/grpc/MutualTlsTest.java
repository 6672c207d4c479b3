package io.ocicat.sync.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.client.ControllerTransport;
import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.JoinAnswer;
import io.ocicat.sync.identity.JoinGate;
import io.ocicat.sync.identity.JoinProof;
import io.ocicat.sync.identity.JoinToken;
import io.ocicat.sync.identity.KeyedCertificate;
import io.ocicat.sync.identity.NodeCredentials;
import io.ocicat.sync.identity.PinnedTrust;
import io.ocicat.sync.wire.ControllerGrpc;
import io.ocicat.sync.wire.ResolvePodRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MutualTlsTest {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Identity.Node NODE = new Identity.Node("n1");

  private final Path directory;
  private final ClusterAuthority authority;
  private final JoinToken token;
  private final RecordingService service = new RecordingService();
  private final SyncServer server;
  private volatile Duration ahead = Duration.ZERO;

  /** Tokens by text, with the node that each was issued to. */
  private final Map<String, String> accountTokens = new ConcurrentHashMap<>();

  MutualTlsTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.authority = ClusterAuthority.loadOrCreate(directory, CLOCK, RANDOM);
    this.token = JoinToken.create(RANDOM, authority);
    JoinGate byToken = JoinGate.byToken(token);
    JoinGate gate =
        new JoinGate() {
          @Override
          public Admission join(Identity.Node node, Credential credential) {
            return switch (credential) {
              case Credential.Secret _ -> byToken.join(node, credential);
              case Credential.ServiceAccountToken(var text) when text.equals("away") ->
                  new Admission.Unavailable("the API server is away");
              case Credential.ServiceAccountToken(var text) ->
                  node.name().equals(accountTokens.get(text))
                      ? new Admission.Admitted(Duration.ofHours(24))
                      : new Admission.Refused("not the token of " + node.name());
            };
          }

          @Override
          public Admission renew(Identity.Node node) {
            return byToken.renew(node);
          }
        };
    this.server =
        SyncServer.start(
            ServerSocketChannel.open(),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            authority,
            gate,
            service,
            () -> Instant.now().plus(ahead));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private JoinAnswer join(JoinToken presented) {
    return GrpcTransport.join(server.address(), JoinProof.of(presented), NODE, RANDOM, DEADLINE);
  }

  private GrpcTransport joined() {
    return switch (join(token)) {
      case JoinAnswer.Joined(var certificate) -> transport(certificate);
      case JoinAnswer other -> throw new AssertionError(other.toString());
    };
  }

  private GrpcTransport transport(KeyedCertificate certificate) {
    return new GrpcTransport(
        server.address(), NodeCredentials.store(directory, certificate), CLOCK, RANDOM);
  }

  /** The agent's ear. */
  private static final class Ear implements ControllerTransport.Incoming {
    final BlockingQueue<SyncDelta> deltas = new LinkedBlockingQueue<>();
    final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

    @Override
    public void received(SyncDelta delta) {
      deltas.add(delta);
    }

    @Override
    public void closed(String reason) {
      closed.add(reason);
    }
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  private static FromAgent.Hello hello(String node) {
    return new FromAgent.Hello(node, "test", "", 0, Set.of(), Set.of());
  }

  @Test
  void aNodeJoinsAndTalksUnderItsName() throws InterruptedException {
    try (GrpcTransport transport = joined()) {
      Ear ear = new Ear();
      ControllerTransport.Outgoing outgoing = transport.open(ear);
      outgoing.send(hello("n1"));
      RecordingService.Opened opened = next(service.streams);
      assertThat(opened.node()).isEqualTo("n1");
      assertThat(next(opened.messages())).isEqualTo(hello("n1"));
      opened.sink().send(TableFileTest.ONE_OF_EACH);
      assertThat(next(ear.deltas)).isEqualTo(TableFileTest.ONE_OF_EACH);
      outgoing.end();
      assertThat(next(service.closed)).isEqualTo("n1");
      assertThat(next(ear.closed)).contains("ended by this agent");
    }
  }

  @Test
  void questionsAreAnsweredForTheNodeOfTheCertificate() {
    try (GrpcTransport transport = joined()) {
      assertThat(transport.resolvePod(new PodName("ns", "p"), "u1", DEADLINE))
          .isInstanceOfSatisfying(
              PodAnswer.NotFound.class,
              answer -> assertThat(answer.namespaceLabels()).containsEntry("asked", "n1 ns/p u1"));
      assertThat(transport.requestBlock(new BlockRequest(IpFamily.IPV4, List.of()), DEADLINE))
          .isEqualTo(new BlockAnswer.PoolExhausted(List.of("n1")));
      assertThat(transport.releaseBlock(Cidr.parse("10.0.0.0/26"), DEADLINE))
          .isInstanceOfSatisfying(
              ReleaseAnswer.Unavailable.class,
              answer -> assertThat(answer.reason()).contains("read-only"));
    }
  }

  @Test
  void aWrongSecretDoesNotJoin() {
    JoinToken wrong = new JoinToken(token.id(), "0".repeat(32), token.authorityPin());
    assertThat(join(wrong))
        .isInstanceOfSatisfying(
            JoinAnswer.Refused.class, answer -> assertThat(answer.reason()).contains("token"));
  }

  @Test
  void aControllerOfAnotherAuthorityIsNotTold() {
    JoinToken other = new JoinToken(token.id(), token.secret(), "sha256:" + "0".repeat(64));
    assertThat(join(other))
        .isInstanceOfSatisfying(
            JoinAnswer.Unavailable.class,
            answer -> assertThat(answer.reason()).contains("do not include the authority"));
  }

  @Test
  void nobodyAsksWithoutACertificate() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(server.address())
            .overrideAuthority(Tls.AUTHORITY)
            .sslContext(Tls.joining(authority.pin()))
            .build();
    try {
      ControllerGrpc.ControllerBlockingStub stub =
          ControllerGrpc.newBlockingStub(channel)
              .withDeadlineAfter(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      assertThat(refusal(stub)).isEqualTo(Status.Code.UNAUTHENTICATED);
    } finally {
      channel.shutdownNow();
    }
  }

  private static Status.Code refusal(ControllerGrpc.ControllerBlockingStub stub) {
    try {
      return stub.resolvePod(ResolvePodRequest.getDefaultInstance()).hasPod()
          ? Status.Code.ALREADY_EXISTS
          : Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  @Test
  void anAdministratorIsNoNode() {
    KeyedCertificate administrator =
        authority.issueAdministrator(new Identity.Administrator("alice"));
    try (GrpcTransport transport = transport(administrator)) {
      assertThat(transport.resolvePod(new PodName("ns", "p"), "u1", DEADLINE))
          .isInstanceOfSatisfying(
              PodAnswer.Unavailable.class,
              answer -> assertThat(answer.reason()).contains("node's client certificate"));
    }
  }

  @Test
  void aCertificateOfAnotherClusterIsNone(@TempDir Path elsewhere) {
    ClusterAuthority foreign = ClusterAuthority.loadOrCreate(elsewhere, CLOCK, RANDOM);
    KeyedCertificate stranger = foreign.issueAdministrator(new Identity.Administrator("n1"));
    KeyedCertificate mixed =
        new KeyedCertificate(stranger.key(), List.of(stranger.leaf(), authority.certificate()));
    try (GrpcTransport transport = transport(mixed)) {
      assertThat(transport.resolvePod(new PodName("ns", "p"), "u1", DEADLINE))
          .isInstanceOf(PodAnswer.Unavailable.class);
    }
    assertThat(service.streams).isEmpty();
  }

  @Test
  void aNodeThatSaysItIsAnotherIsCutOff() throws InterruptedException {
    try (GrpcTransport transport = joined()) {
      Ear ear = new Ear();
      transport.open(ear).send(hello("n2"));
      assertThat(next(ear.closed)).contains("node n1", "n2");
      assertThat(next(service.streams).messages()).isEmpty();
    }
  }

  private JoinAnswer joinWith(String accountToken) {
    JoinProof proof =
        new JoinProof(new JoinGate.Credential.ServiceAccountToken(accountToken), authority.pin());
    return GrpcTransport.join(server.address(), proof, NODE, RANDOM, DEADLINE);
  }

  @Test
  void anAccountsTokenIsGoodForItsNodeOnly() {
    accountTokens.put("mine", "n1");
    accountTokens.put("another's", "n2");
    assertThat(joinWith("mine")).isInstanceOf(JoinAnswer.Joined.class);
    assertThat(joinWith("another's")).asString().contains("Refused", "not the token of n1");
    assertThat(joinWith("away")).asString().contains("Unavailable", "the API server is away");
    JoinGate alone = JoinGate.byToken(token);
    assertThat(alone.join(NODE, new JoinGate.Credential.ServiceAccountToken("mine")))
        .isInstanceOf(JoinGate.Admission.Refused.class);
  }

  @Test
  void anAccountsCertificateIsRenewedWithTheTokenOfThen() {
    accountTokens.put("first", "n1");
    KeyedCertificate first =
        switch (joinWith("first")) {
          case JoinAnswer.Joined(var certificate) -> certificate;
          case JoinAnswer other -> throw new AssertionError(other.toString());
        };
    assertThat(Duration.between(Instant.now(), first.leaf().getNotAfter().toInstant()))
        .isBetween(Duration.ofHours(23), Duration.ofHours(25));
    accountTokens.clear();
    accountTokens.put("rotated", "n1");
    AtomicReference<String> file = new AtomicReference<>("first");
    NodeCredentials credentials = NodeCredentials.store(directory, first);
    Instant late = first.renewAt().plusSeconds(1);
    try (GrpcTransport due =
        new GrpcTransport(
            server.address(),
            credentials,
            Optional.of(
                () ->
                    new JoinProof(
                        new JoinGate.Credential.ServiceAccountToken(file.get()), authority.pin())),
            () -> late,
            RANDOM)) {
      due.maintain();
      assertThat(credentials.current()).isSameAs(first);
      file.set("rotated");
      due.maintain();
      assertThat(credentials.current()).isNotSameAs(first);
    }
  }

  @Test
  void theServersOwnCertificateIsRenewedWithoutARestart() throws Exception {
    X509Certificate before = shownByServer();
    assertThat(shownByServer()).isEqualTo(before);
    ahead = Duration.ofDays(183);
    assertThat(shownByServer()).isNotEqualTo(before);
    assertThat(joinWith("unknown")).isInstanceOf(JoinAnswer.Refused.class);
  }

  private X509Certificate shownByServer() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new PinnedTrust(authority.pin())}, null);
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void aCertificateIsRenewedWhenHalfOfItsLifeIsOver() throws InterruptedException {
    KeyedCertificate first =
        switch (join(token)) {
          case JoinAnswer.Joined(var certificate) -> certificate;
          case JoinAnswer other -> throw new AssertionError(other.toString());
        };
    NodeCredentials credentials = NodeCredentials.store(directory, first);
    Instant late = first.renewAt().plusSeconds(1);
    try (GrpcTransport early = new GrpcTransport(server.address(), credentials, CLOCK, RANDOM)) {
      early.maintain();
      assertThat(credentials.current()).isSameAs(first);
    }
    try (GrpcTransport due = new GrpcTransport(server.address(), credentials, () -> late, RANDOM)) {
      due.maintain();
      assertThat(credentials.current().leaf()).isNotEqualTo(first.leaf());
      Ear ear = new Ear();
      due.open(ear).send(hello("n1"));
      assertThat(next(next(service.streams).messages())).isEqualTo(hello("n1"));
    }
  }

  @Test
  void aStreamToNowhereEndsWithAReason() throws InterruptedException, IOException {
    InetSocketAddress free;
    try (ServerSocketChannel probe = ServerSocketChannel.open()) {
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      free = (InetSocketAddress) probe.getLocalAddress();
    }
    KeyedCertificate certificate =
        switch (join(token)) {
          case JoinAnswer.Joined(var joined) -> joined;
          case JoinAnswer other -> throw new AssertionError(other.toString());
        };
    try (GrpcTransport transport =
        new GrpcTransport(free, NodeCredentials.store(directory, certificate), CLOCK, RANDOM)) {
      for (int attempt = 0; attempt < 3; attempt++) {
        Ear ear = new Ear();
        transport.open(ear).send(hello("n1"));
        assertThat(next(ear.closed)).contains("refused");
      }
    }
  }
}
