package io.ocicat.sync.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ocicat.inet.Cidr;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.Endpoint;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PodTrouble;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.client.ControllerTransport.Incoming;
import io.ocicat.sync.client.ControllerTransport.Outgoing;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an agent in step with its controller, through all reconnects.
 *
 * <p>A thread of its own owns the table, the stream and what is to be said again on the next one;
 * callers leave events in its queue. Only the updates that wait to be taken are shared, under a
 * lock. The stream comes from a {@link ControllerTransport}; questions go past the thread.
 */
public final class SyncClient implements Controller, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SyncClient.class);

  /** A table that goes on changing is saved this often, not at every change. */
  private static final Duration SAVE_AFTER = Duration.ofMillis(300);

  /** Endpoints that come and go together are one message and one write of the controller. */
  private static final Duration REPORT_AFTER = Duration.ofMillis(10);

  private static final Duration MAINTAIN_EVERY = Duration.ofMinutes(1);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  /** Who the agent is. */
  public record Agent(String node, String version) {}

  private sealed interface Event {}

  private record Received(int stream, SyncDelta delta) implements Event {}

  private record Closed(int stream, String reason, boolean delayed) implements Event {}

  private record Wanted(Set<String> groups) implements Event {}

  private record Acked(String epoch, long generation) implements Event {}

  private record Up(Endpoint endpoint) implements Event {}

  private record Down(EndpointKey key) implements Event {}

  private record Reported(NodeReport report) implements Event {}

  private record Troubled(PodTrouble trouble) implements Event {}

  private record Noticed(Notice notice) implements Event {}

  private record Stop() implements Event {}

  private final Agent agent;
  private final ControllerTransport transport;
  private final TableStore store;
  private final SyncListener listener;
  private final ReconnectDelay reconnectDelay;
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Thread thread;

  private final ReentrantLock updatesLock = new ReentrantLock();

  @GuardedBy("updatesLock")
  private final PendingUpdates updates = new PendingUpdates();

  /** Of the updates last taken: what the caller acknowledges counts in it. */
  @GuardedBy("updatesLock")
  private String takenEpoch = "";

  private volatile boolean connected;

  // What follows belongs to the thread.
  private final SyncTable table = new SyncTable();
  private final Map<EndpointKey, Endpoint> endpoints = new LinkedHashMap<>();
  private final Set<EndpointKey> unreported = new LinkedHashSet<>();
  private final Set<String> groups = new HashSet<>();
  private @Nullable NodeReport nodeReport;
  private long acked;
  private String ackedEpoch = "";
  private int streamNumber;
  private @Nullable Outgoing stream;
  private long connectAtNs;
  private long maintainAtNs;
  private long saveAtNs = Long.MAX_VALUE;
  private long reportAtNs = Long.MAX_VALUE;
  private boolean stopped;

  private SyncClient(
      Agent agent,
      ControllerTransport transport,
      TableStore store,
      SyncListener listener,
      RandomGenerator random) {
    this.agent = agent;
    this.transport = transport;
    this.store = store;
    this.listener = listener;
    this.reconnectDelay = new ReconnectDelay(random);
    this.thread = Thread.ofPlatform().name("sync").daemon().unstarted(this::run);
  }

  /**
   * Loads the saved table, which {@link #takeUpdates} has when this returns, and begins to connect.
   *
   * @param endpoints everything that is wired on the node now; the controller forgets the others
   */
  public static SyncClient start(
      Agent agent,
      ControllerTransport transport,
      TableStore store,
      Collection<Endpoint> endpoints,
      SyncListener listener,
      RandomGenerator random) {
    SyncClient client = new SyncClient(agent, transport, store, listener, random);
    client.begin(endpoints);
    return client;
  }

  private void begin(Collection<Endpoint> wired) {
    wired.forEach(endpoint -> endpoints.put(endpoint.key(), endpoint));
    store
        .load()
        .ifPresent(
            saved -> {
              table.apply(saved);
              groups.addAll(table.groupIds());
              publish(saved);
            });
    long now = System.nanoTime();
    connectAtNs = now;
    maintainAtNs = now + MAINTAIN_EVERY.toNanos();
    thread.start();
  }

  // ---- called from any thread

  @Override
  public Optional<SyncDelta> takeUpdates() {
    updatesLock.lock();
    try {
      Optional<SyncDelta> taken = updates.take();
      taken.ifPresent(delta -> takenEpoch = delta.epoch());
      return taken;
    } finally {
      updatesLock.unlock();
    }
  }

  @Override
  public void subscribe(Set<String> groupIds) {
    events.add(new Wanted(Set.copyOf(groupIds)));
  }

  @Override
  public void ack(long generation) {
    updatesLock.lock();
    try {
      events.add(new Acked(takenEpoch, generation));
    } finally {
      updatesLock.unlock();
    }
  }

  @Override
  public void endpointUp(Endpoint endpoint) {
    events.add(new Up(endpoint));
  }

  @Override
  public void endpointDown(EndpointKey key) {
    events.add(new Down(key));
  }

  @Override
  public void report(NodeReport report) {
    events.add(new Reported(report));
  }

  @Override
  public void report(PodTrouble trouble) {
    events.add(new Troubled(trouble));
  }

  @Override
  public void tell(Notice notice) {
    events.add(new Noticed(notice));
  }

  @Override
  public PodAnswer resolvePod(PodName pod, String uid, Duration deadline) {
    return transport.resolvePod(pod, uid, deadline);
  }

  @Override
  public BlockAnswer requestBlock(BlockRequest request, Duration deadline) {
    return transport.requestBlock(request, deadline);
  }

  @Override
  public ReleaseAnswer releaseBlock(Cidr block, Duration deadline) {
    return transport.releaseBlock(block, deadline);
  }

  @Override
  public boolean connected() {
    return connected;
  }

  /** Ends the stream, saves the table, and closes the transport. */
  @Override
  public void close() {
    events.add(new Stop());
    try {
      if (!thread.join(CLOSE_DEADLINE)) {
        throw new IllegalStateException("the sync thread did not end in " + CLOSE_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    transport.close();
  }

  // ---- the thread

  private void run() {
    while (!stopped) {
      try {
        long now = System.nanoTime();
        dueTimers(now);
        Event event = events.poll(Math.max(0, nextTimer() - now), TimeUnit.NANOSECONDS);
        if (event != null) {
          handle(event);
        }
      } catch (InterruptedException e) {
        stopped = true;
      }
    }
    saveNow();
  }

  private long nextTimer() {
    long next = Math.min(reportAtNs, Math.min(maintainAtNs, saveAtNs));
    return stream == null ? Math.min(next, connectAtNs) : next;
  }

  private void dueTimers(long now) {
    if (stream == null && now >= connectAtNs) {
      connect();
    }
    if (now >= reportAtNs) {
      reportEndpoints();
    }
    if (now >= saveAtNs) {
      saveNow();
    }
    if (now >= maintainAtNs) {
      maintainAtNs = now + MAINTAIN_EVERY.toNanos();
      transport.maintain();
    }
  }

  private void handle(Event event) {
    switch (event) {
      case Received(var number, var delta) -> {
        if (number == streamNumber) {
          received(delta);
        }
      }
      case Closed(var number, var reason, var delayed) -> {
        if (number == streamNumber && stream != null) {
          lost(reason, delayed);
        }
      }
      case Wanted(var wanted) -> want(wanted);
      case Acked(var epoch, var generation) -> {
        acked = generation;
        ackedEpoch = epoch;
        // An acknowledgement of another life of the controller says nothing to this one.
        if (connected && epoch.equals(table.epoch())) {
          say(new FromAgent.Ack(generation));
        }
      }
      case Up(var endpoint) -> {
        endpoints.put(endpoint.key(), endpoint);
        changed(endpoint.key());
      }
      case Down(var key) -> {
        if (endpoints.remove(key) != null) {
          changed(key);
        }
      }
      case Reported(var report) -> {
        nodeReport = report;
        say(new FromAgent.Node(report));
      }
      case Troubled(var trouble) -> say(new FromAgent.Trouble(trouble));
      case Noticed(var notice) -> say(new FromAgent.Noticed(notice));
      case Stop() -> {
        stopped = true;
        reportEndpoints();
        if (stream != null) {
          stream.end();
        }
      }
    }
  }

  private void changed(EndpointKey key) {
    unreported.add(key);
    if (reportAtNs == Long.MAX_VALUE) {
      reportAtNs = System.nanoTime() + REPORT_AFTER.toNanos();
    }
  }

  /** Tells how the changed endpoints are now; what came and went meanwhile is told as gone. */
  private void reportEndpoints() {
    reportAtNs = Long.MAX_VALUE;
    if (unreported.isEmpty()) {
      return;
    }
    List<Endpoint> up = new ArrayList<>();
    List<EndpointKey> down = new ArrayList<>();
    for (EndpointKey key : unreported) {
      Endpoint endpoint = endpoints.get(key);
      if (endpoint == null) {
        down.add(key);
      } else {
        up.add(endpoint);
      }
    }
    unreported.clear();
    say(new FromAgent.Endpoints(false, up, down));
  }

  private void connect() {
    // All that there is is told at once.
    unreported.clear();
    reportAtNs = Long.MAX_VALUE;
    int number = ++streamNumber;
    stream =
        transport.open(
            new Incoming() {
              @Override
              public void received(SyncDelta delta) {
                events.add(new Received(number, delta));
              }

              @Override
              public void closed(String reason) {
                events.add(new Closed(number, reason, true));
              }

              @Override
              public void ended(String reason) {
                events.add(new Closed(number, reason, false));
              }
            });
    Set<String> held = new HashSet<>(table.groupIds());
    held.retainAll(groups);
    say(
        new FromAgent.Hello(
            agent.node(), agent.version(), table.epoch(), table.generation(), groups, held));
    say(new FromAgent.Endpoints(true, List.copyOf(endpoints.values()), List.of()));
    if (nodeReport != null) {
      say(new FromAgent.Node(nodeReport));
    }
  }

  private void say(FromAgent message) {
    if (stream != null) {
      stream.send(message);
    }
  }

  private void lost(String reason, boolean delayed) {
    stream = null;
    Duration delay = delayed ? reconnectDelay.next() : Duration.ZERO;
    connectAtNs = System.nanoTime() + delay.toNanos();
    if (connected) {
      connected = false;
      listener.connectionChanged(false);
      LOG.warn("lost the controller, enforcing what is known: {}", reason);
    } else {
      LOG.debug("no connection, next attempt in {}: {}", delay, reason);
    }
  }

  private void received(SyncDelta delta) {
    boolean resumed = delta.epoch().equals(ackedEpoch);
    SyncDelta effect = table.apply(withoutUnwanted(delta));
    publish(effect);
    scheduleSave();
    if (!connected) {
      connected = true;
      reconnectDelay.reset();
      LOG.info("in step with the controller at generation {}", delta.generation());
      listener.connectionChanged(true);
      if (resumed) {
        say(new FromAgent.Ack(acked));
      }
    }
  }

  /** What was sent before the controller heard that a group is no longer wanted. */
  private SyncDelta withoutUnwanted(SyncDelta delta) {
    return new SyncDelta(
        delta.epoch(),
        delta.generation(),
        delta.snapshot(),
        delta.upserts().stream()
            .filter(
                item ->
                    item.key().kind() != ItemKey.Kind.GROUP || groups.contains(item.key().name()))
            .toList(),
        delta.removals(),
        delta.groups());
  }

  private void want(Set<String> wanted) {
    Set<String> added = new HashSet<>(wanted);
    added.removeAll(groups);
    Set<String> removed = new HashSet<>(groups);
    removed.removeAll(wanted);
    if (added.isEmpty() && removed.isEmpty()) {
      return;
    }
    groups.addAll(added);
    groups.removeAll(removed);
    say(new FromAgent.Subscribe(added, removed));
    List<ItemKey> dropped = removed.stream().sorted().map(ItemKey::group).toList();
    SyncDelta effect =
        table.apply(
            new SyncDelta(table.epoch(), table.generation(), false, List.of(), dropped, List.of()));
    if (!effect.isEmpty()) {
      publish(effect);
      scheduleSave();
    }
  }

  private void publish(SyncDelta delta) {
    boolean first;
    updatesLock.lock();
    try {
      first = updates.add(delta);
    } finally {
      updatesLock.unlock();
    }
    if (first) {
      listener.updatesPending();
    }
  }

  private void scheduleSave() {
    if (saveAtNs == Long.MAX_VALUE) {
      saveAtNs = System.nanoTime() + SAVE_AFTER.toNanos();
    }
  }

  private void saveNow() {
    if (saveAtNs == Long.MAX_VALUE) {
      return;
    }
    saveAtNs = Long.MAX_VALUE;
    try {
      store.save(table.asSnapshot());
    } catch (UncheckedIOException e) {
      LOG.warn("{}; after a restart this agent begins from an older state", e.getMessage(), e);
    }
  }
}
