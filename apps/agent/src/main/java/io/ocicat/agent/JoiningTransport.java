package io.ocicat.agent;

import io.ocicat.inet.Cidr;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.client.ControllerTransport;
import io.ocicat.sync.grpc.GrpcTransport;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.JoinAnswer;
import io.ocicat.sync.identity.JoinToken;
import io.ocicat.sync.identity.NodeCredentials;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the controller of a node that may not have joined yet: the first attempts to connect
 * are attempts to join, and meanwhile the agent enforces what it remembers.
 */
final class JoiningTransport implements ControllerTransport {

  private static final Logger LOG = LoggerFactory.getLogger(JoiningTransport.class);
  private static final Duration JOIN_DEADLINE = Duration.ofSeconds(10);

  private final InetSocketAddress controller;
  private final Identity.Node node;
  private final String token;
  private final Path folder;
  private final InstantSource clock;
  private final SecureRandom random;
  private volatile @Nullable GrpcTransport joined;

  /**
   * @param token may be empty if the folder holds credentials
   * @param folder of the node's key and certificate
   */
  JoiningTransport(
      InetSocketAddress controller,
      Identity.Node node,
      String token,
      Path folder,
      InstantSource clock,
      SecureRandom random) {
    this.controller = controller;
    this.node = node;
    this.token = token;
    this.folder = folder;
    this.clock = clock;
    this.random = random;
    NodeCredentials.load(folder, node, clock.instant()).ifPresent(this::use);
  }

  private void use(NodeCredentials credentials) {
    joined = new GrpcTransport(controller, credentials, clock, random);
  }

  private Optional<GrpcTransport> joined() {
    return Optional.ofNullable(joined);
  }

  @Override
  public Outgoing open(Incoming incoming) {
    Optional<GrpcTransport> transport = joined();
    if (transport.isPresent()) {
      return transport.get().open(incoming);
    }
    Thread.ofPlatform().name("join").daemon().start(() -> incoming.closed(join()));
    return new Outgoing() {
      @Override
      public void send(FromAgent message) {}

      @Override
      public void end() {}
    };
  }

  /** Tries once; what came of it, as a reason why there is no stream yet. */
  private String join() {
    if (token.isEmpty()) {
      return "the node has no certificate and no join token; set joinToken in agent.yaml";
    }
    try {
      return switch (GrpcTransport.join(
          controller, JoinToken.parse(token), node, random, JOIN_DEADLINE)) {
        case JoinAnswer.Joined(var certificate) -> {
          use(NodeCredentials.store(folder, certificate));
          LOG.info("node {} joined the cluster of {}", node.name(), controller);
          yield "joined, connecting now";
        }
        case JoinAnswer.Refused(String reason) -> {
          LOG.error("joining was refused: {}", reason);
          yield reason;
        }
        case JoinAnswer.Unavailable(String reason) -> reason;
      };
    } catch (RuntimeException e) {
      LOG.error("joining failed", e);
      return e.toString();
    }
  }

  private String notJoined() {
    return "the node has not joined the cluster of " + controller + " yet";
  }

  @Override
  public PodAnswer resolvePod(PodName pod, Duration deadline) {
    return joined()
        .map(transport -> transport.resolvePod(pod, deadline))
        .orElseGet(() -> new PodAnswer.Unavailable(notJoined()));
  }

  @Override
  public BlockAnswer requestBlock(BlockRequest request, Duration deadline) {
    return joined()
        .map(transport -> transport.requestBlock(request, deadline))
        .orElseGet(() -> new BlockAnswer.Unavailable(notJoined()));
  }

  @Override
  public ReleaseAnswer releaseBlock(Cidr block, Duration deadline) {
    return joined()
        .map(transport -> transport.releaseBlock(block, deadline))
        .orElseGet(() -> new ReleaseAnswer.Unavailable(notJoined()));
  }

  @Override
  public void maintain() {
    joined().ifPresent(GrpcTransport::maintain);
  }

  @Override
  public void close() {
    joined().ifPresent(GrpcTransport::close);
  }
}
