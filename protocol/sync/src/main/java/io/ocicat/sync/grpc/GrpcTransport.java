package io.ocicat.sync.grpc;

import com.google.protobuf.ByteString;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.StreamObserver;
import io.ocicat.inet.Cidr;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.client.ControllerTransport;
import io.ocicat.sync.identity.CertificateRequest;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.IdentityException;
import io.ocicat.sync.identity.JoinAnswer;
import io.ocicat.sync.identity.JoinGate;
import io.ocicat.sync.identity.JoinProof;
import io.ocicat.sync.identity.KeyedCertificate;
import io.ocicat.sync.identity.NodeCredentials;
import io.ocicat.sync.identity.Pem;
import io.ocicat.sync.wire.ControllerGrpc;
import io.ocicat.sync.wire.JoinRequest;
import io.ocicat.sync.wire.JoinResponse;
import io.ocicat.sync.wire.ReleaseBlockRequest;
import io.ocicat.sync.wire.RenewRequest;
import io.ocicat.sync.wire.ResolvePodRequest;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Speaks gRPC over mutual TLS to a controller. */
public final class GrpcTransport implements ControllerTransport {

  private static final Logger LOG = LoggerFactory.getLogger(GrpcTransport.class);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

  private final InetSocketAddress controller;
  private final NodeCredentials credentials;
  private final Optional<Supplier<JoinProof>> rejoining;
  private final InstantSource clock;
  private final SecureRandom random;
  private final EventLoopGroup eventLoop = eventLoop();
  private volatile ManagedChannel channel;

  /** Nothing is sent before the first call. */
  public GrpcTransport(
      InetSocketAddress controller,
      NodeCredentials credentials,
      InstantSource clock,
      SecureRandom random) {
    this(controller, credentials, Optional.empty(), clock, random);
  }

  /**
   * Nothing is sent before the first call.
   *
   * @param rejoining what a new certificate is asked for with, instead of with the old one; may
   *     throw {@link IdentityException}
   */
  public GrpcTransport(
      InetSocketAddress controller,
      NodeCredentials credentials,
      Optional<Supplier<JoinProof>> rejoining,
      InstantSource clock,
      SecureRandom random) {
    this.controller = controller;
    this.credentials = credentials;
    this.rejoining = rejoining;
    this.clock = clock;
    this.random = random;
    this.channel = channel(controller, Tls.client(credentials.current()), eventLoop);
  }

  private static EventLoopGroup eventLoop() {
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory("sync-io", true), NioIoHandler.newFactory());
  }

  private static ManagedChannel channel(
      InetSocketAddress controller, SslContext tls, EventLoopGroup eventLoop) {
    return NettyChannelBuilder.forAddress(controller)
        .overrideAuthority(Tls.AUTHORITY)
        .sslContext(tls)
        .eventLoopGroup(eventLoop)
        .channelType(NioSocketChannel.class)
        .directExecutor()
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
        .build();
  }

  /**
   * Joins a cluster: shows the proof's credential and knows the controller by the proof's pin.
   *
   * @param deadline after which it is given up
   */
  public static JoinAnswer join(
      InetSocketAddress controller,
      JoinProof proof,
      Identity.Node node,
      SecureRandom random,
      Duration deadline) {
    EventLoopGroup eventLoop = eventLoop();
    ManagedChannel channel = channel(controller, Tls.joining(proof.authorityPin()), eventLoop);
    try {
      KeyPair key = CertificateRequest.newKey(random);
      JoinRequest.Builder request =
          JoinRequest.newBuilder()
              .setCsr(ByteString.copyFrom(CertificateRequest.forNode(node, key)));
      switch (proof.credential()) {
        case JoinGate.Credential.Secret(var text) -> request.setToken(text);
        case JoinGate.Credential.ServiceAccountToken(var text) ->
            request.setServiceAccountToken(text);
      }
      return obtain(key, () -> blocking(channel, deadline).join(request.build()), controller);
    } finally {
      channel.shutdownNow();
      var _ = eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private interface Issuing {
    JoinResponse call();
  }

  private static JoinAnswer obtain(KeyPair key, Issuing issuing, InetSocketAddress controller) {
    try {
      JoinResponse response = issuing.call();
      return new JoinAnswer.Joined(
          new KeyedCertificate(
              key.getPrivate(),
              response.getChainList().stream()
                  .map(der -> Pem.certificate(der.toByteArray()))
                  .toList()));
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case PERMISSION_DENIED, INVALID_ARGUMENT, UNAUTHENTICATED ->
            new JoinAnswer.Refused(reason(controller, e.getStatus()));
        default -> new JoinAnswer.Unavailable(reason(controller, e.getStatus()));
      };
    } catch (IdentityException | IllegalArgumentException e) {
      return new JoinAnswer.Refused(
          "the controller at %s sent no usable certificate: %s"
              .formatted(controller, e.getMessage()));
    }
  }

  private static ControllerGrpc.ControllerBlockingStub blocking(
      ManagedChannel channel, Duration deadline) {
    return ControllerGrpc.newBlockingStub(channel)
        .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public Outgoing open(Incoming incoming) {
    // A channel that failed waits before it tries again; here the caller decides when to try.
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      replaceChannel();
    }
    GrpcIncoming receiver = new GrpcIncoming(incoming, controller);
    StreamObserver<io.ocicat.sync.wire.FromAgent> call =
        ControllerGrpc.newStub(channel).sync(receiver);
    return new Outgoing() {
      @Override
      public void send(FromAgent message) {
        if (!receiver.isClosed()) {
          call.onNext(AgentCodec.encode(message));
        }
      }

      @Override
      public void end() {
        if (!receiver.isClosed()) {
          call.onError(
              Status.CANCELLED.withDescription("ended by this agent").asRuntimeException());
        }
      }
    };
  }

  @Override
  public PodAnswer resolvePod(PodName pod, String uid, Duration deadline) {
    ResolvePodRequest request =
        ResolvePodRequest.newBuilder()
            .setNamespace(pod.namespace())
            .setName(pod.name())
            .setUid(uid)
            .build();
    return ask(
        deadline, stub -> AnswerCodec.decode(stub.resolvePod(request)), PodAnswer.Unavailable::new);
  }

  @Override
  public BlockAnswer requestBlock(BlockRequest request, Duration deadline) {
    return ask(
        deadline,
        stub -> AnswerCodec.decode(stub.requestBlock(AnswerCodec.encode(request))),
        BlockAnswer.Unavailable::new);
  }

  @Override
  public ReleaseAnswer releaseBlock(Cidr block, Duration deadline) {
    ReleaseBlockRequest request =
        ReleaseBlockRequest.newBuilder().setCidr(ItemCodec.encode(block)).build();
    return ask(
        deadline,
        stub -> AnswerCodec.decode(stub.releaseBlock(request)),
        ReleaseAnswer.Unavailable::new);
  }

  private <R> R ask(
      Duration deadline,
      Function<ControllerGrpc.ControllerBlockingStub, R> question,
      Function<String, R> unavailable) {
    try {
      return question.apply(blocking(channel, deadline));
    } catch (StatusRuntimeException e) {
      return unavailable.apply(reason(controller, e.getStatus()));
    } catch (IllegalArgumentException e) {
      return unavailable.apply(
          "the controller at %s sent an answer that is none: %s"
              .formatted(controller, e.getMessage()));
    }
  }

  static String reason(InetSocketAddress controller, Status status) {
    StringBuilder reason = new StringBuilder("controller ").append(controller).append(": ");
    reason.append(Optional.ofNullable(status.getDescription()).orElse(status.getCode().name()));
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      reason.append(": ").append(cause.getMessage());
    }
    return reason.toString();
  }

  @Override
  public void maintain() {
    KeyedCertificate current = credentials.current();
    if (clock.instant().isBefore(current.renewAt())
        || !(Identity.of(current.leaf().getSubjectX500Principal()).orElse(null)
            instanceof Identity.Node node)) {
      return;
    }
    switch (renewal(node)) {
      case JoinAnswer.Joined(var renewed) -> {
        credentials.replace(renewed);
        // The stream on the old one ends, and the client opens the next one on the new one.
        replaceChannel();
        LOG.info("renewed the certificate, good until {}", renewed.leaf().getNotAfter());
      }
      case JoinAnswer.Refused(var reason) -> LOG.warn("certificate not renewed: {}", reason);
      case JoinAnswer.Unavailable(var reason) -> LOG.warn("certificate not renewed: {}", reason);
    }
  }

  private JoinAnswer renewal(Identity.Node node) {
    if (rejoining.isPresent()) {
      try {
        return join(controller, rejoining.get().get(), node, random, RENEW_DEADLINE);
      } catch (IdentityException e) {
        return new JoinAnswer.Unavailable(String.valueOf(e.getMessage()));
      }
    }
    KeyPair key = CertificateRequest.newKey(random);
    RenewRequest request =
        RenewRequest.newBuilder()
            .setCsr(ByteString.copyFrom(CertificateRequest.forNode(node, key)))
            .build();
    return obtain(key, () -> blocking(channel, RENEW_DEADLINE).renew(request), controller);
  }

  private void replaceChannel() {
    ManagedChannel old = channel;
    channel = channel(controller, Tls.client(credentials.current()), eventLoop);
    old.shutdownNow();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    var _ = eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
