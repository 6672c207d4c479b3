package io.ocicat.controller.kubernetes;

import io.ocicat.controller.AgentsSocket;
import io.ocicat.controller.ClusterSide;
import io.ocicat.controller.ControllerLoop;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.controller.events.EventNotices;
import io.ocicat.controller.events.EventRecorder;
import io.ocicat.controller.events.EventSink;
import io.ocicat.controller.events.FlowEvents;
import io.ocicat.controller.events.PodEvents;
import io.ocicat.controller.index.ClusterIndex;
import io.ocicat.model.Kinds;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.StoreException;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.KubernetesStore;
import io.ocicat.store.kubernetes.MirroredKind;
import io.ocicat.store.kubernetes.Settings;
import io.ocicat.sync.grpc.SyncServer;
import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.IdentityException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica: follows the cluster from its start on, and serves agents while it leads.
 *
 * <p>Two threads: one writes the Lease, and may hang in that; the other looks whether the Lease is
 * still held, and begins and ends serving. Neither ends when the API server is away, nor does
 * serving: what one agent tells goes to the others then, too.
 */
public final class KubernetesController implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesController.class);
  private static final String LEASE = "ocicat-controller";

  /** Somebody may have taken the line away, by mistake or by hand. */
  private static final Duration PUBLISH_EVERY = Duration.ofSeconds(30);

  /** Of flows that policy denied: the API server has other things to do. */
  private static final int EVENTS_PER_SECOND = 10;

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(10);

  private final KubernetesConfig config;
  private final Path directory;
  private final AgentsSocket listen;
  private final ApiServer server;
  private final KubernetesStore store;
  private final InstantSource clock;
  private final SecureRandom random;
  private final LeaderLease lease;
  private final ClusterFiles files;
  private final OtherReplicas others;
  private final Thread elector;
  private final Thread supervisor;

  private volatile boolean stopped;
  private volatile @Nullable ClusterAuthority authority;
  private volatile Optional<InetSocketAddress> served = Optional.empty();

  /** What runs only while this replica leads. */
  private record Serving(
      ControllerLoop loop,
      SyncServer sync,
      StatusWriter status,
      AgentPods agents,
      PeerSecrets secrets,
      EventRecorder events,
      FlowEvents flows)
      implements AutoCloseable {
    @Override
    public void close() {
      agents.close();
      secrets.close();
      status.close();
      events.close();
      flows.close();
      sync.close();
      loop.close();
    }
  }

  private KubernetesController(
      KubernetesConfig config,
      Path directory,
      AgentsSocket listen,
      ApiServer server,
      ApiServer mirrored,
      InstantSource clock,
      SecureRandom random) {
    this.config = config;
    this.directory = directory;
    this.listen = listen;
    this.server = server;
    this.clock = clock;
    this.random = random;
    this.store =
        KubernetesStore.open(
            mirrored, MirroredKind.all(), MirroredKind.derived(), Settings.DEFAULT, clock, random);
    this.files = new ClusterFiles(server, config.namespace());
    this.others = new OtherReplicas(files::others, System::nanoTime);
    String identity = config.replica() + "_" + HexFormat.of().toHexDigits(random.nextLong());
    this.lease =
        new LeaderLease(server, config.namespace(), LEASE, identity, clock, System::nanoTime);
    this.elector = Thread.ofPlatform().name("elector").unstarted(this::elect);
    this.supervisor = Thread.ofPlatform().name("supervisor").unstarted(this::supervise);
  }

  /**
   * Begins to follow the cluster and to campaign. Returns at once, whether or not the API server
   * answers.
   *
   * @param directory for the authority's files
   * @param listen for agents, while leading
   * @param server for calls; closed with this
   * @param mirrored for the store; closed with this
   */
  public static KubernetesController start(
      KubernetesConfig config,
      Path directory,
      AgentsSocket listen,
      ApiServer server,
      ApiServer mirrored,
      InstantSource clock,
      SecureRandom random) {
    KubernetesController controller =
        new KubernetesController(config, directory, listen, server, mirrored, clock, random);
    controller.elector.start();
    controller.supervisor.start();
    return controller;
  }

  /** Where agents are served at this moment; empty while another replica leads. */
  public Optional<InetSocketAddress> served() {
    return served;
  }

  /** Whether this replica could lead: it has seen the whole cluster once. */
  public boolean isReady() {
    return authority != null && store.isStarted(ClusterIndex.SELECTION.kinds());
  }

  // ---- the elector

  private void elect() {
    long publishAtNs = System.nanoTime();
    String trouble = "";
    try {
      while (!stopped) {
        try {
          if (authority == null) {
            authority = files.authority(directory, clock, random);
          }
          if (store.isStarted(ClusterIndex.SELECTION.kinds())) {
            boolean _ = lease.round();
            if (System.nanoTime() - publishAtNs >= 0) {
              publish();
              publishAtNs = System.nanoTime() + PUBLISH_EVERY.toNanos();
            }
          } else {
            LOG.debug("not campaigning before the cluster is known: {}", store.health());
          }
          trouble = "";
        } catch (ApiException | IdentityException e) {
          String said = String.valueOf(e.getMessage());
          if (!said.equals(trouble)) {
            LOG.warn("agents cannot be told of this replica; trying on: {}", said);
          }
          trouble = said;
        }
        Thread.sleep(LeaderLease.RETRY);
      }
    } catch (InterruptedException e) {
      LOG.debug("the campaign is over");
    }
  }

  private void publish() throws ApiException, InterruptedException {
    PermanentTiers.createMissing(store, server);
    ClusterAuthority known = authority;
    if (known != null) {
      files.publish(known, config.advertised(), config.replica(), this::isReplica);
    }
  }

  private boolean isReplica(String pod) {
    return store.get(new ResourceKey(Kinds.POD.name(), config.namespace(), pod)).isPresent();
  }

  // ---- the supervisor

  private void supervise() {
    Serving serving = null;
    boolean alone = false;
    try {
      while (!stopped) {
        boolean held = lease.isHeld();
        boolean leads = held || (serving != null && mayServeOn());
        if (alone != (leads && !held)) {
          alone = !alone;
          if (alone) {
            LOG.warn("the API server is away; agents are served on, as no other replica does");
          }
        }
        if (leads && serving == null) {
          serving = serve();
        } else if (!leads && serving != null) {
          serving = end(serving);
        }
        Thread.sleep(leads && serving == null ? AFTER_FAILURE : LOOK);
      }
    } catch (InterruptedException e) {
      LOG.debug("serving is over");
    }
    if (serving != null) {
      Serving _ = end(serving);
    }
  }

  /**
   * Whether to go on though the Lease could not be renewed. Without an API server nobody else can
   * take it, and agents need each other's news then too. If only this replica is cut off from the
   * server, another one leads before long, and is seen to serve.
   */
  private boolean mayServeOn() {
    return lease.isUncontested() && others.serving().isEmpty();
  }

  private @Nullable Serving end(Serving serving) {
    LOG.info("agents are no longer served here");
    served = Optional.empty();
    serving.close();
    return null;
  }

  private @Nullable Serving serve() {
    ClusterAuthority known = authority;
    if (known == null) {
      return null;
    }
    ControllerLoop loop = null;
    PeerSecrets secrets = null;
    DocumentStamp stamp = new DocumentStamp(clock, random);
    EventSink sink = new ServerEvents(server);
    EventRecorder events = EventRecorder.start(sink, stamp, config.replica(), System::nanoTime);
    FlowEvents flows =
        FlowEvents.start(
            sink,
            stamp,
            new FlowEvents.Settings(config.replica(), EVENTS_PER_SECOND),
            System::nanoTime);
    try {
      PodAnnotations pods = new PodAnnotations(store, server, random);
      ClusterSide cluster =
          new ClusterSide(
              new KubernetesNodes(server, stamp, random),
              pods,
              new PodEvents(store, events),
              new EventNotices(store, events, flows),
              pods,
              config.blocks(),
              true,
              config.namespace());
      secrets = PeerSecrets.start(server, store, config.namespace());
      loop =
          ControllerLoop.start(
              store, stamp, cluster, HexFormat.of().toHexDigits(random.nextLong()));
      SyncServer sync =
          SyncServer.start(
              listen.open(),
              listen.address(),
              known,
              new ServiceAccountGate(
                  new TokenReviews(server, config.namespace(), config.agentAccount())),
              loop,
              clock);
      served = Optional.of(sync.address());
      LOG.info("serving agents on {}", sync.address());
      return new Serving(
          loop,
          sync,
          StatusWriter.start(
              server,
              store,
              loop,
              new EnforcementAlarm(store, events),
              stamp,
              new StatusWriter.Writer(config.replica(), version())),
          AgentPods.start(server, files, loop, config),
          secrets,
          events,
          flows);
    } catch (UncheckedIOException | StoreException e) {
      LOG.error("leading, but agents cannot be served; trying again", e);
      if (loop != null) {
        loop.close();
      }
      if (secrets != null) {
        secrets.close();
      }
      events.close();
      flows.close();
      return null;
    }
  }

  private static String version() {
    return Optional.ofNullable(KubernetesController.class.getPackage().getImplementationVersion())
        .orElse("unpackaged");
  }

  /** Ends serving, lets another replica lead, and closes the store and both connections. */
  @Override
  public void close() {
    stopped = true;
    supervisor.interrupt();
    elector.interrupt();
    try {
      for (Thread thread : new Thread[] {supervisor, elector}) {
        if (!thread.join(CLOSE_DEADLINE)) {
          LOG.warn("{} was still at work after {}", thread.getName(), CLOSE_DEADLINE);
        }
      }
      lease.release();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
    server.close();
  }
}
