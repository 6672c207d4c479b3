package io.ocicat.agent;

import io.ocicat.agent.AgentConfig.Controllers;
import io.ocicat.inet.Cidr;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.client.ControllerTransport;
import io.ocicat.sync.grpc.GrpcTransport;
import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.IdentityException;
import io.ocicat.sync.identity.JoinAnswer;
import io.ocicat.sync.identity.JoinGate;
import io.ocicat.sync.identity.JoinProof;
import io.ocicat.sync.identity.JoinToken;
import io.ocicat.sync.identity.NodeCredentials;
import io.ocicat.sync.identity.Pem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the controllers of a node that may not have joined yet: while it has no certificate
 * that they accept, attempts to connect are attempts to join, and meanwhile the agent enforces what
 * it remembers. A controller that does not serve is followed by the next one of the list, at once
 * until all have been tried.
 *
 * <p>Streams are opened by one thread; questions come from any.
 */
final class JoiningTransport implements ControllerTransport {

  private static final Logger LOG = LoggerFactory.getLogger(JoiningTransport.class);
  private static final Duration JOIN_DEADLINE = Duration.ofSeconds(10);
  private static final String NOT_JOINED = "the node has not joined its cluster yet";

  private final ControllerList controllers;
  private final Identity.Node node;
  private final Joining joining;
  private final Path folder;
  private final InstantSource clock;
  private final SecureRandom random;

  /** A connection, to one controller with one certificate. */
  private record Connection(
      InetSocketAddress controller, NodeCredentials credentials, GrpcTransport transport) {}

  private volatile @Nullable Connection connection;
  private volatile @Nullable NodeCredentials credentials;

  /**
   * @param folder of the node's key and certificate
   */
  JoiningTransport(
      Controllers controllers,
      Identity.Node node,
      Joining joining,
      Path folder,
      InstantSource clock,
      SecureRandom random) {
    this.controllers = new ControllerList(controllers);
    this.node = node;
    this.joining = joining;
    this.folder = folder;
    this.clock = clock;
    this.random = random;
    this.credentials = NodeCredentials.load(folder, node, clock.instant()).orElse(null);
    usable().ifPresent(found -> this.controllers.current().ifPresent(at -> connect(at, found)));
  }

  private void connect(InetSocketAddress controller, NodeCredentials with) {
    Connection old = connection;
    connection =
        new Connection(
            controller, with, new GrpcTransport(controller, with, rejoining(), clock, random));
    if (old != null) {
      old.transport().close();
    }
  }

  /** On Kubernetes a node proves itself anew for each certificate. */
  private Optional<Supplier<JoinProof>> rejoining() {
    return joining instanceof Joining.ByServiceAccount
        ? Optional.of(this::proof)
        : Optional.empty();
  }

  private JoinProof proof() {
    return switch (joining) {
      case Joining.Never() ->
          throw new IdentityException(
              "the node has no certificate and nothing to join with; set joinToken in agent.yaml");
      case Joining.ByToken(String text) -> JoinProof.of(JoinToken.parse(text));
      case Joining.ByServiceAccount(Path tokenFile, Path authorityFile) -> {
        try {
          yield new JoinProof(
              new JoinGate.Credential.ServiceAccountToken(Files.readString(tokenFile).strip()),
              authorityPin(authorityFile));
        } catch (IOException e) {
          throw new IdentityException(
              "cannot read the service account token; the DaemonSet projects it to " + tokenFile,
              e);
        }
      }
    };
  }

  private static String authorityPin(Path file) {
    if (!Files.exists(file)) {
      throw new IdentityException(
          "the controllers' authority is not known yet: no "
              + file
              + "; a controller publishes it");
    }
    return ClusterAuthority.pin(Pem.certificates(file).getFirst().getPublicKey());
  }

  /** Credentials that are good now: not expired, and of the authority that there is. */
  private Optional<NodeCredentials> usable() {
    return Optional.ofNullable(credentials)
        .filter(
            held ->
                clock.instant().isBefore(held.current().expiresAt()) && isOfThisAuthority(held));
  }

  private boolean isOfThisAuthority(NodeCredentials held) {
    if (!(joining instanceof Joining.ByServiceAccount account)
        || !Files.exists(account.authorityFile())) {
      return true;
    }
    try {
      return ClusterAuthority.pin(held.current().authority().getPublicKey())
          .equals(authorityPin(account.authorityFile()));
    } catch (IdentityException e) {
      LOG.warn("{}", e.getMessage());
      return true;
    }
  }

  private Optional<GrpcTransport> joined() {
    return Optional.ofNullable(connection).map(Connection::transport);
  }

  @Override
  public Outgoing open(Incoming incoming) {
    Optional<InetSocketAddress> controller = controllers.current();
    if (controller.isEmpty()) {
      return instead(
          () -> incoming.closed("no controller is known yet; a controller publishes itself"));
    }
    Optional<NodeCredentials> held = usable();
    if (held.isEmpty()) {
      return instead(() -> join(controller.get(), incoming));
    }
    Connection current = connection;
    if (current == null
        || !current.controller().equals(controller.get())
        || !current.credentials().equals(held.get())) {
      connect(controller.get(), held.get());
    }
    return joined().orElseThrow().open(watched(incoming));
  }

  /** Notices whether a controller serves. */
  private Incoming watched(Incoming incoming) {
    return new Incoming() {
      private volatile boolean served;

      @Override
      public void received(SyncDelta delta) {
        if (!served) {
          served = true;
          controllers.served();
        }
        incoming.received(delta);
      }

      @Override
      public void closed(String reason) {
        if (served) {
          incoming.closed(reason);
        } else {
          notServed(incoming, reason);
        }
      }
    };
  }

  /** The next controller's turn, which need not wait if it had none yet. */
  private void notServed(Incoming incoming, String reason) {
    if (controllers.advance()) {
      incoming.ended(reason);
    } else {
      incoming.closed(reason);
    }
  }

  /** A stream that never is, since there is something else to do. */
  private static Outgoing instead(Runnable attempt) {
    Thread.ofPlatform().name("join").daemon().start(attempt);
    return new Outgoing() {
      @Override
      public void send(FromAgent message) {}

      @Override
      public void end() {}
    };
  }

  /** Tries once. */
  private void join(InetSocketAddress controller, Incoming incoming) {
    try {
      switch (GrpcTransport.join(controller, proof(), node, random, JOIN_DEADLINE)) {
        case JoinAnswer.Joined(var certificate) -> {
          credentials = NodeCredentials.store(folder, certificate);
          LOG.info("node {} joined the cluster of {}", node.name(), controller);
          incoming.ended("joined, connecting now");
        }
        case JoinAnswer.Refused(String reason) -> {
          LOG.error("joining was refused: {}", reason);
          notServed(incoming, reason);
        }
        case JoinAnswer.Unavailable(String reason) -> notServed(incoming, reason);
      }
    } catch (IdentityException e) {
      LOG.warn("the node cannot join: {}", e.getMessage());
      incoming.closed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("joining failed", e);
      incoming.closed(e.toString());
    }
  }

  @Override
  public PodAnswer resolvePod(PodName pod, String uid, Duration deadline) {
    return joined()
        .map(transport -> transport.resolvePod(pod, uid, deadline))
        .orElseGet(() -> new PodAnswer.Unavailable(NOT_JOINED));
  }

  @Override
  public BlockAnswer requestBlock(BlockRequest request, Duration deadline) {
    return joined()
        .map(transport -> transport.requestBlock(request, deadline))
        .orElseGet(() -> new BlockAnswer.Unavailable(NOT_JOINED));
  }

  @Override
  public ReleaseAnswer releaseBlock(Cidr block, Duration deadline) {
    return joined()
        .map(transport -> transport.releaseBlock(block, deadline))
        .orElseGet(() -> new ReleaseAnswer.Unavailable(NOT_JOINED));
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
