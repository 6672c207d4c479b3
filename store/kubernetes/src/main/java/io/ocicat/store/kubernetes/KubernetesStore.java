package io.ocicat.store.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.KindName;
import io.ocicat.store.AlreadyExists;
import io.ocicat.store.Conflict;
import io.ocicat.store.CreateResult;
import io.ocicat.store.DeleteResult;
import io.ocicat.store.Expected;
import io.ocicat.store.Json;
import io.ocicat.store.ListRequest;
import io.ocicat.store.ListResult;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoreException;
import io.ocicat.store.StoredObject;
import io.ocicat.store.UpdateResult;
import io.ocicat.store.Watch;
import io.ocicat.store.Written;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of a controller in a Kubernetes cluster.
 *
 * <p>Beyond what every store does:
 *
 * <ul>
 *   <li>Revisions are this store's own. They start at the time in milliseconds times 1000, so that
 *       those of a later store are higher and watches from an earlier store's begin again.
 *   <li>The server fills in and owns part of the metadata (uid, times, generation); what a writer
 *       says of it is ignored. The document that comes back is the server's.
 *   <li>A write of a kind with a status subresource is two calls where both parts change, and two
 *       revisions.
 *   <li>Deleting an object that has finalizers or a grace period marks it; its result is the marked
 *       state, and the deletion follows as an event when it happens.
 *   <li>History is bounded; {@link #compact} only shortens it.
 *   <li>Kinds that the store was not opened with have no objects and cannot be written.
 * </ul>
 *
 * <p>On the server it needs the verbs list and watch for every kind; for those that are written
 * get, create, patch and delete, and patch of their status subresource.
 */
public final class KubernetesStore implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesStore.class);
  private static final long REVISIONS_PER_MILLISECOND = 1000;
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  /** Writers hold up what comes after them. */
  private static final Duration WRITE_PATIENCE = Duration.ofSeconds(5);

  private static final Duration START_POLL = Duration.ofMillis(20);

  private final ApiServer server;
  private final Map<KindName, MirroredKind> kinds;
  private final Set<KindName> derived;
  private final Mirror mirror;
  private final Writes writes;
  private final List<Reflector> reflectors;
  private final List<Thread> threads = new ArrayList<>();

  private KubernetesStore(
      ApiServer server,
      Collection<MirroredKind> kinds,
      Collection<KindName> derived,
      Settings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.server = server;
    this.kinds = kinds.stream().collect(Collectors.toMap(MirroredKind::name, each -> each));
    this.derived = Set.copyOf(derived);
    this.mirror = new Mirror(clock.millis() * REVISIONS_PER_MILLISECOND, settings.historyChanges());
    this.writes = new Writes(server, mirror, new Retries(WRITE_PATIENCE, random));
    this.reflectors =
        kinds.stream()
            .map(kind -> new Reflector(server, kind, mirror, settings, clock, random))
            .toList();
  }

  /**
   * Begins to mirror a server. What is there appears when it has been listed: see {@link
   * #awaitStarted}.
   *
   * @param server is closed with the store
   * @param kinds what to mirror, e.g. {@link MirroredKind#all}
   * @param derived kinds that are kept here and not sent, e.g. {@link MirroredKind#derived}
   * @param clock for the start of the revisions and the times in {@link #health}
   * @param random for jitter; used by several threads
   */
  public static KubernetesStore open(
      ApiServer server,
      Collection<MirroredKind> kinds,
      Collection<KindName> derived,
      Settings settings,
      InstantSource clock,
      RandomGenerator random) {
    KubernetesStore store = new KubernetesStore(server, kinds, derived, settings, clock, random);
    for (Reflector reflector : store.reflectors) {
      store.threads.add(
          Thread.ofVirtual()
              .name("mirror-" + reflector.health().kind())
              .start(() -> run(reflector)));
    }
    return store;
  }

  private static void run(Reflector reflector) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(reflector.round());
      }
    } catch (InterruptedException _) {
      LOG.debug("{} is no longer mirrored", reflector.health().kind());
    }
  }

  /**
   * Waits until every kind has been listed once, or is known to be absent.
   *
   * @return whether that is so; if not, {@link #health} tells what is missing
   */
  public boolean awaitStarted(Duration deadline) throws InterruptedException {
    long endNs = System.nanoTime() + deadline.toNanos();
    while (!isStarted()) {
      if (System.nanoTime() >= endNs) {
        return false;
      }
      Thread.sleep(START_POLL);
    }
    return true;
  }

  /** Whether every kind has been listed once, or is known to be absent. */
  public boolean isStarted() {
    return health().stream().noneMatch(each -> each.state() == KindHealth.State.STARTING);
  }

  /**
   * Whether each of these kinds has been listed once, or is known to be absent. Others may be
   * refused to this account.
   */
  public boolean isStarted(Set<KindName> needed) {
    return health().stream()
        .noneMatch(
            each -> needed.contains(each.kind()) && each.state() == KindHealth.State.STARTING);
  }

  /** How well the server is followed, kind by kind, in the order of their names. */
  public List<KindHealth> health() {
    return reflectors.stream()
        .map(Reflector::health)
        .sorted(Comparator.comparing(KindHealth::kind))
        .toList();
  }

  /**
   * Up to which of the server's resourceVersions this store has everything of each kind. All of it
   * has revisions of at most the {@link #currentRevision} read after this.
   */
  public Map<KindName, Long> completeTo() {
    return reflectors.stream()
        .collect(Collectors.toMap(each -> each.health().kind(), Reflector::complete));
  }

  @Override
  public CreateResult create(ResourceKey key, ObjectNode document) {
    mirror.currentRevision();
    if (!derived.contains(key.kind())) {
      return writes.create(mirrored("creating", key), key, document);
    }
    Mirror.LocalWrite write = mirror.createLocal(key, Json.text(document));
    StoredObject object = Objects.requireNonNull(write.object());
    return write.outcome() == Mirror.Outcome.DONE ? new Written(object) : new AlreadyExists(object);
  }

  @Override
  public UpdateResult update(ResourceKey key, ObjectNode document, Expected expected) {
    if (!derived.contains(key.kind())) {
      return writes.update(mirrored("changing", key), key, document, expected);
    }
    return switch (mirror.changeLocal(key, Json.text(document), expected)) {
      case Mirror.LocalWrite(var outcome, var object) when object == null -> new NotFound(key);
      case Mirror.LocalWrite(var outcome, var object) ->
          outcome == Mirror.Outcome.DONE ? new Written(object) : new Conflict(object);
    };
  }

  @Override
  public DeleteResult delete(ResourceKey key, Expected expected) {
    if (!derived.contains(key.kind())) {
      return writes.delete(mirrored("deleting", key), key, expected);
    }
    return switch (mirror.changeLocal(key, null, expected)) {
      case Mirror.LocalWrite(var outcome, var object) when object == null -> new NotFound(key);
      case Mirror.LocalWrite(var outcome, var object) ->
          outcome == Mirror.Outcome.DONE ? new Written(object) : new Conflict(object);
    };
  }

  private MirroredKind mirrored(String what, ResourceKey key) {
    MirroredKind kind = kinds.get(key.kind());
    if (kind == null) {
      throw new StoreException(
          what + " " + key,
          server.location(),
          new IllegalStateException(key.kind() + " is not a kind that this store mirrors"));
    }
    return kind;
  }

  @Override
  public Optional<StoredObject> get(ResourceKey key) {
    return mirror.held(key).map(Mirror.Held::object);
  }

  @Override
  public ListResult list(ListRequest request) {
    return mirror.list(request);
  }

  @Override
  public Watch watch(Selection selection, long fromRevision) {
    return mirror.watch(selection, fromRevision);
  }

  @Override
  public long currentRevision() {
    return mirror.currentRevision();
  }

  @Override
  public long compactedRevision() {
    return mirror.compactedRevision();
  }

  @Override
  public void compact(long revision) {
    mirror.compact(revision);
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        if (!thread.join(CLOSE_DEADLINE)) {
          LOG.warn("{} was still at work after {}", thread.getName(), CLOSE_DEADLINE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    mirror.close();
    server.close();
  }
}
