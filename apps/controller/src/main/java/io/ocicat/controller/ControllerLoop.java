package io.ocicat.controller;

import io.ocicat.controller.fanout.Fanout;
import io.ocicat.controller.fanout.Session;
import io.ocicat.controller.index.ClusterIndex;
import io.ocicat.controller.leases.DepartedNodes;
import io.ocicat.controller.leases.LeaseDesk;
import io.ocicat.controller.reports.Inspections;
import io.ocicat.controller.reports.ReportWriter;
import io.ocicat.inet.Cidr;
import io.ocicat.model.Kinds;
import io.ocicat.model.Metadata;
import io.ocicat.model.Namespace;
import io.ocicat.model.Pod;
import io.ocicat.model.PolicyInspection;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Snapshot;
import io.ocicat.store.Store;
import io.ocicat.store.StoreException;
import io.ocicat.store.StoredObject;
import io.ocicat.store.WatchEvent;
import io.ocicat.sync.AgentService;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncItem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller's one thread: it alone touches the index and the sessions. Store events and
 * agents' messages come through its queue; questions are answered past it, from the store.
 */
public final class ControllerLoop implements AgentService, StatusSource, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ControllerLoop.class);

  /** Sessions without news are told the generation this long after it rose, and not oftener. */
  private static final Duration MARKER_DELAY = Duration.ofMillis(10);

  /** And this much later for each session, so that markers never take all of the thread. */
  private static final Duration MARKER_COST = Duration.ofNanos(50_000);

  /** Nodes' answers to an inspection are written together. */
  private static final Duration INSPECTIONS_DELAY = Duration.ofMillis(50);

  private static final Duration HOUSEKEEPING = Duration.ofSeconds(1);

  /** After which a node whose agent is away is no longer called ready. */
  private static final Duration UNREACHABLE_AFTER = Duration.ofSeconds(10);

  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  private sealed interface Event {}

  private record Stored(StoreFeed.Batch batch) implements Event {}

  private record Message(Session session, FromAgent message) implements Event {}

  private record Writable(Session session) implements Event {}

  private record Closed(Session session) implements Event {}

  private record Stop() implements Event {}

  private final Store store;
  private final LeaseDesk leases;
  private final ReportWriter reports;
  private final PodTroubles troubles;
  private final Notices notices;
  private final PodLookup lookup;
  private final ClusterIndex index;
  private final Fanout fanout;
  private final DepartedNodes departed = new DepartedNodes();
  private final NodeBoard board = new NodeBoard();
  private final Inspections inspections = new Inspections();
  private final UnmetWishes unmetWishes = new UnmetWishes();
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final StoreFeed feed;
  private final Thread thread;

  private final Map<String, Long> awaySinceNs = new HashMap<>();
  private long markersAtNs = Long.MAX_VALUE;
  private long inspectionsAtNs = Long.MAX_VALUE;
  private long housekeepingAtNs;
  private boolean stopped;

  private ControllerLoop(
      Store store, DocumentStamp stamp, ClusterSide cluster, String epoch, int logCapacity) {
    this.store = store;
    this.troubles = cluster.troubles();
    this.notices = cluster.notices();
    this.lookup = cluster.lookup();
    this.index =
        new ClusterIndex(
            cluster.blocks() == ClusterSide.Blocks.POD_CIDRS,
            new SyncItem.Cluster(cluster.podObjects()),
            cluster.namespace());
    this.leases = new LeaseDesk(store, stamp, cluster.blocks());
    Snapshot snapshot = store.snapshot(ClusterIndex.SELECTION);
    snapshot.objects().forEach(this::put);
    this.fanout = new Fanout(epoch, index, snapshot.revision(), logCapacity);
    board.generation(snapshot.revision());
    this.reports =
        ReportWriter.start(
            store,
            stamp,
            leases,
            cluster.nodes(),
            cluster.pods(),
            snapshot.objects().stream()
                .filter(object -> object.key().kind().equals(Kinds.WORKLOAD_ENDPOINT.name()))
                .toList());
    reports.pools();
    reports.hosts();
    this.feed = new StoreFeed(store, snapshot.revision(), batch -> events.add(new Stored(batch)));
    this.housekeepingAtNs = System.nanoTime() + HOUSEKEEPING.toNanos();
    this.thread = Thread.ofPlatform().name("controller").unstarted(this::run);
  }

  /**
   * Reads the store and serves from then on.
   *
   * @param epoch unlike that of any earlier start
   */
  public static ControllerLoop start(
      Store store, DocumentStamp stamp, ClusterSide cluster, String epoch) {
    return start(store, stamp, cluster, epoch, Fanout.LOG_CAPACITY);
  }

  static ControllerLoop start(
      Store store, DocumentStamp stamp, ClusterSide cluster, String epoch, int logCapacity) {
    ControllerLoop loop = new ControllerLoop(store, stamp, cluster, epoch, logCapacity);
    loop.thread.start();
    loop.feed.start();
    return loop;
  }

  // ---- called from any thread

  @Override
  public ClusterStatus status() {
    return board.status();
  }

  @Override
  public AgentStream open(String node, DeltaSink toAgent) {
    Session session = fanout.open(node, toAgent);
    return new AgentStream() {
      @Override
      public void received(FromAgent message) {
        events.add(new Message(session, message));
      }

      @Override
      public void writable() {
        events.add(new Writable(session));
      }

      @Override
      public void closed() {
        events.add(new Closed(session));
      }
    };
  }

  /** From the store itself: a pod created a moment ago is found. */
  @Override
  public PodAnswer resolvePod(String node, PodName name, String uid) {
    try {
      Map<String, String> namespaceLabels =
          store
              .get(ResourceKey.ofCluster(Kinds.NAMESPACE.name(), name.namespace()))
              .map(object -> Namespace.read(object.tree()).labels().asMap())
              .orElse(Map.of());
      return store
          .get(new ResourceKey(Kinds.POD.name(), name.namespace(), name.name()))
          .map(object -> Pod.read(object.tree()))
          .filter(pod -> pod.isPod(uid))
          .or(() -> lookup.find(name).map(Pod::read).filter(pod -> pod.isPod(uid)))
          .filter(pod -> pod.nodeName().isEmpty() || pod.nodeName().equals(node))
          .<PodAnswer>map(
              pod ->
                  new PodAnswer.Found(
                      ClusterIndex.localPod(pod, accountLabels(pod)), namespaceLabels))
          .orElseGet(() -> new PodAnswer.NotFound(namespaceLabels));
    } catch (StoreException e) {
      return new PodAnswer.Unavailable("the controller's store: " + e.getMessage());
    }
  }

  private Map<String, String> accountLabels(Pod pod) {
    return store
        .get(
            new ResourceKey(
                Kinds.SERVICE_ACCOUNT.name(), pod.namespace(), pod.serviceAccountName()))
        .map(object -> Metadata.read(object.tree()).labels().asMap())
        .orElse(Map.of());
  }

  @Override
  public BlockAnswer requestBlock(String node, BlockRequest request) {
    try {
      return leases.request(node, request);
    } catch (StoreException e) {
      return new BlockAnswer.Unavailable("the controller's store: " + e.getMessage());
    }
  }

  @Override
  public ReleaseAnswer releaseBlock(String node, Cidr block) {
    try {
      return leases.release(node, block);
    } catch (StoreException e) {
      return new ReleaseAnswer.Unavailable("the controller's store: " + e.getMessage());
    }
  }

  /** Ends the thread; what agents reported before is written. */
  @Override
  public void close() {
    feed.close();
    events.add(new Stop());
    try {
      if (!thread.join(CLOSE_DEADLINE)) {
        throw new IllegalStateException("the controller's thread runs on after " + CLOSE_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reports.close();
  }

  // ---- the thread

  private void run() {
    while (!stopped) {
      try {
        dueTimers(System.nanoTime());
        long next = Math.min(inspectionsAtNs, Math.min(markersAtNs, housekeepingAtNs));
        long timeout = next - System.nanoTime();
        Event event = events.poll(Math.max(0, timeout), TimeUnit.NANOSECONDS);
        if (event != null) {
          handle(event);
        }
        if (inspectionsAtNs == Long.MAX_VALUE && inspections.isChanged()) {
          inspectionsAtNs = System.nanoTime() + INSPECTIONS_DELAY.toNanos();
        }
      } catch (InterruptedException e) {
        stopped = true;
      }
    }
  }

  private void dueTimers(long now) {
    if (now >= inspectionsAtNs) {
      inspectionsAtNs = Long.MAX_VALUE;
      inspections.drain().forEach(reports::inspection);
    }
    if (now >= markersAtNs) {
      markersAtNs = Long.MAX_VALUE;
      fanout.markers();
    }
    if (now >= housekeepingAtNs) {
      housekeepingAtNs = now + HOUSEKEEPING.toNanos();
      inspections.expired(now).forEach(reports::expired);
      departed
          .due(node -> fanout.session(node).isPresent(), now)
          .forEach(
              (node, blocks) -> {
                LOG.info("node {} is no more: its endpoints and leases {} go", node, blocks);
                reports.departed(node, blocks);
              });
      awaySinceNs
          .entrySet()
          .removeIf(
              away -> {
                if (now - away.getValue() < UNREACHABLE_AFTER.toNanos()) {
                  return false;
                }
                reports.unreachable(away.getKey());
                return true;
              });
    }
  }

  private void handle(Event event) {
    switch (event) {
      case Stored(var batch) -> stored(batch);
      case Message(var session, var message) -> message(session, message);
      case Writable(var session) -> fanout.writable(session);
      case Closed(var session) -> {
        if (fanout.closed(session)) {
          LOG.info("node {} disconnected", session.node());
          board.disconnected(session.node());
          awaySinceNs.put(session.node(), System.nanoTime());
        }
      }
      case Stop() -> stopped = true;
    }
  }

  private void stored(StoreFeed.Batch batch) {
    switch (batch.content()) {
      case StoreFeed.Content.Events(var list) -> {
        for (WatchEvent each : list) {
          switch (each) {
            case WatchEvent.Added(var object) -> put(object);
            case WatchEvent.Modified(var object, _) -> put(object);
            case WatchEvent.Deleted(var object) -> remove(object.key());
          }
        }
      }
      case StoreFeed.Content.Everything(var objects) -> {
        index.gone(objects).forEach(this::remove);
        objects.forEach(object -> put(object));
      }
    }
    if (batch.concerns(Kinds.IP_POOL.name())) {
      reports.pools();
    }
    if (Stream.of(Kinds.NODE, Kinds.HOST_ENDPOINT, Kinds.KUBE_CONTROLLERS_CONFIGURATION)
        .anyMatch(kind -> batch.concerns(kind.name()))) {
      reports.hosts();
    }
    fanout.flush(batch.completeTo());
    board.generation(batch.completeTo());
    batch.done().run();
    if (markersAtNs == Long.MAX_VALUE && fanout.needsMarkers()) {
      markersAtNs =
          System.nanoTime()
              + MARKER_DELAY.toNanos()
              + MARKER_COST.toNanos() * fanout.sessionCount();
    }
  }

  private void put(StoredObject object) {
    index.put(object);
    index.complaints(object.key()).ifPresent(each -> notices.misunderstood(object, each));
    departed.put(object);
    if (object.key().kind().equals(Kinds.BLOCK_AFFINITY.name())) {
      leases.put(object);
    } else if (object.key().kind().equals(Kinds.NODE.name())) {
      String node = object.key().name();
      board.documented(node);
    } else if (object.key().kind().equals(Kinds.POLICY_INSPECTION.name())) {
      PolicyInspection inspection = PolicyInspection.read(object.tree());
      inspections.put(inspection, board.documented(), System.nanoTime());
    }
  }

  private void remove(ResourceKey key) {
    index.remove(key);
    departed.remove(key);
    if (key.kind().equals(Kinds.BLOCK_AFFINITY.name())) {
      leases.remove(key);
    } else if (key.kind().equals(Kinds.NODE.name())) {
      board.undocumented(key.name());
      unmetWishes.forget(key.name());
      awaySinceNs.remove(key.name());
    } else if (key.kind().equals(Kinds.POLICY_INSPECTION.name())) {
      inspections.remove(key.name());
    }
  }

  private void message(Session session, FromAgent message) {
    String node = session.node();
    Optional<Session> current = fanout.session(node);
    switch (message) {
      case FromAgent.Hello hello -> {
        LOG.info("node {} connected, agent {}", node, hello.version());
        awaySinceNs.remove(node);
        board.connected(node, hello.version(), fanout.resumes(hello) ? hello.generation() : 0);
        fanout.hello(session, hello);
      }
      case FromAgent.Subscribe subscribe when current.equals(Optional.of(session)) ->
          fanout.subscribe(session, subscribe);
      case FromAgent.Endpoints endpoints when current.equals(Optional.of(session)) ->
          reports.endpoints(node, endpoints);
      case FromAgent.Node(var report) when current.equals(Optional.of(session)) -> {
        board.reported(node, report);
        reports.node(node, report);
      }
      case FromAgent.Ack(var generation) when current.equals(Optional.of(session)) ->
          board.acknowledged(node, Math.min(generation, fanout.generation()));
      case FromAgent.Trouble(var trouble) when current.equals(Optional.of(session)) ->
          troubles.tell(node, trouble);
      case FromAgent.Noticed(var notice) when current.equals(Optional.of(session)) -> {
        switch (notice) {
          case Notice.Logged logged -> notices.logged(node, logged, index.addresses());
          case Notice.Repaired repaired -> notices.repaired(node, repaired);
          case Notice.Inspected inspected -> inspections.answered(node, inspected);
          case Notice.Unmet unmet -> {
            List<Notice.Unfulfilled> fresh = unmetWishes.say(node, unmet);
            if (!fresh.isEmpty()) {
              notices.unmet(node, fresh);
            }
          }
          case Notice.Routed routed -> reports.status(node, routed);
        }
      }
      case FromAgent.Subscribe _,
          FromAgent.Endpoints _,
          FromAgent.Node _,
          FromAgent.Ack _,
          FromAgent.Noticed _,
          FromAgent.Trouble _ ->
          LOG.debug("node {} speaks on a stream that is over or has not said hello", node);
    }
  }
}
