package io.ocicat.agent.node;

import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.agent.journal.Ledger;
import io.ocicat.agent.logged.SeenFlows;
import io.ocicat.agent.routing.RoutingFeed;
import io.ocicat.cni.AttachmentKey;
import io.ocicat.inet.Cidr;
import io.ocicat.ipam.Block;
import io.ocicat.nft.NftInspection;
import io.ocicat.nftables.NftTable;
import io.ocicat.policy.GroupId;
import io.ocicat.routing.RoutingInputs;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.PodName;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.client.Controller;
import io.ocicat.sync.client.SyncListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns {@link NodeModel} and the kernel's nftables, routes and parameters.
 *
 * <p>It takes all events that wait, changes the model by them, and enforces the outcome at once: a
 * hundred endpoints that come together are one nftables transaction. Then it answers those who
 * wait, acknowledges the generation, and reports. Callers leave events from any thread.
 */
public final class NodeLoop implements SyncListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeLoop.class);

  /** How long a change waits for address groups that it is the first to need. */
  private static final Duration GROUPS_HOLD = Duration.ofMillis(500);

  private static final long NEVER = Long.MAX_VALUE;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  /** Who the node is and how often it is looked after. */
  public record Settings(
      NodeReport identity,
      String nodeName,
      Duration driftCheck,
      Supplier<Set<Integer>> controllerPorts) {

    /** Of a node whose controllers need no port kept open. */
    public Settings(NodeReport identity, String nodeName, Duration driftCheck) {
      this(identity, nodeName, driftCheck, Set::of);
    }
  }

  private sealed interface Event {}

  private record Updates() implements Event {}

  private record Put(LocalEndpoint endpoint, CompletableFuture<Programmed> done) implements Event {}

  private record Settle(AttachmentKey key) implements Event {}

  private record Remove(AttachmentKey key, CompletableFuture<Programmed> done) implements Event {}

  private record LeasesChanged() implements Event {}

  private record CheckNow(CompletableFuture<Map<String, Long>> done) implements Event {}

  private record Seen(SeenFlows flows) implements Event {}

  private record Warning(String sentence) implements Event {}

  private record RoutingProblems(List<String> sentences) implements Event {}

  private record Connection() implements Event {}

  private record Stop() implements Event {}

  private record Waiter(AttachmentKey key, CompletableFuture<Programmed> done) {}

  private final Settings settings;
  private final Ledger ledger;
  private final Enforcement enforcement;
  private final LongSupplier nowNs;
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Thread thread;

  // Read by anybody, written by the thread.
  private final Map<PodName, SyncItem.LocalPod> localPods = new ConcurrentHashMap<>();
  private volatile PoolView pools = PoolView.EMPTY;
  private volatile boolean podObjects;
  private final CountDownLatch inSync = new CountDownLatch(1);
  private volatile List<String> problems = List.of();
  private volatile boolean failing;

  // What follows belongs to the thread.
  private final NodeModel model;
  private final Findings findings;
  private final List<Waiter> waiters = new ArrayList<>();
  private final Map<String, Long> driftCounts = new TreeMap<>();
  private final Set<Cidr> lostLeases = new HashSet<>();
  private final Set<String> warnings = new LinkedHashSet<>();
  private @Nullable Controller controller;
  private RoutingFeed routing = RoutingFeed.NONE;
  private List<RoutingInputs.Workload> workloads = List.of();
  private List<String> routingProblems = List.of();
  private Set<GroupId> subscribed = Set.of();
  private @Nullable NftTable enforced;
  private boolean planDirty = true;
  private List<String> planProblems = List.of();
  private String tableProblem = "";
  private long acked = -1;
  private long holdUntilNs = NEVER;
  private long retryAtNs = NEVER;
  private long checkAtNs;
  private @Nullable NodeReport reported;
  private boolean stopped;

  public NodeLoop(Settings settings, Ledger ledger, Enforcement enforcement, LongSupplier nowNs) {
    this.settings = settings;
    this.ledger = ledger;
    this.enforcement = enforcement;
    this.nowNs = nowNs;
    this.model = new NodeModel(settings.nodeName());
    this.findings = new Findings(model);
    this.thread = Thread.ofPlatform().name("node").daemon().unstarted(this::run);
  }

  /**
   * Begins. What the controller has saved is enforced before anything is asked of it.
   *
   * @param present the endpoints that are wired on the node now
   */
  public void start(Controller controller, List<EndpointRecord> present) {
    start(controller, present, RoutingFeed.NONE);
  }

  /** The same; routing is told what it follows from. */
  public void start(Controller controller, List<EndpointRecord> present, RoutingFeed routing) {
    this.controller = controller;
    this.routing = routing;
    for (EndpointRecord endpoint : present) {
      model.put(new LocalEndpoint(endpoint, List.of()));
      model.settle(endpoint.key());
    }
    checkAtNs = nowNs.getAsLong() + settings.driftCheck().toNanos();
    events.add(new Updates());
    thread.start();
  }

  // ---- called from any thread

  /**
   * Programs the policy of an endpoint whose link is being made.
   *
   * @param done is told the outcome
   */
  public void put(LocalEndpoint endpoint, CompletableFuture<Programmed> done) {
    events.add(new Put(endpoint, done));
  }

  /** The endpoint's link is complete: from now on it is looked after. */
  public void settle(AttachmentKey key) {
    events.add(new Settle(key));
  }

  /** Removes an endpoint's policy; its link is taken away by the caller. */
  public Future<Programmed> remove(AttachmentKey key) {
    CompletableFuture<Programmed> done = new CompletableFuture<>();
    events.add(new Remove(key, done));
    return done;
  }

  public void leasesChanged() {
    events.add(new LeasesChanged());
  }

  /** Packets that rules reported. */
  public void seen(SeenFlows flows) {
    events.add(new Seen(flows));
  }

  /** Something is wrong with the node, and stays so. */
  public void warn(String sentence) {
    events.add(new Warning(sentence));
  }

  /** What is wrong with documents about routing, all of it. */
  public void routingProblems(List<String> sentences) {
    events.add(new RoutingProblems(sentences));
  }

  /** Compares the kernel with what it should be now; gives the counts of all drift so far. */
  public Future<Map<String, Long>> checkNow() {
    CompletableFuture<Map<String, Long>> done = new CompletableFuture<>();
    events.add(new CheckNow(done));
    return done;
  }

  @Override
  public void updatesPending() {
    events.add(new Updates());
  }

  @Override
  public void connectionChanged(boolean connected) {
    events.add(new Connection());
  }

  /** The Pod object of that name, if the table has it. */
  public Optional<SyncItem.LocalPod> localPod(PodName name) {
    return Optional.ofNullable(localPods.get(name));
  }

  public PoolView pools() {
    return pools;
  }

  /**
   * Whether every pod of the cluster has a Pod object: one that nobody knows is then not to be
   * wired, since there is no telling which policies select it. Known once the loop is in sync.
   */
  public boolean podObjects() {
    return podObjects;
  }

  /** {@code true} once what the controller sent, now or in an earlier life, is enforced. */
  public boolean isInSync() {
    return inSync.getCount() == 0;
  }

  /** Waits until {@link #isInSync()} for at most that long; tells whether it is. */
  public boolean awaitInSync(Duration deadline) {
    try {
      return inSync.await(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return isInSync();
    }
  }

  /** {@code true} while the kernel does not hold what it should. */
  public boolean isFailing() {
    return failing;
  }

  /** What is wrong with the node at the moment, as sentences. */
  public List<String> problems() {
    return problems;
  }

  /** Ends the loop; the kernel stays as it is. */
  @Override
  public void close() {
    events.add(new Stop());
    try {
      if (!thread.join(CLOSE_DEADLINE)) {
        LOG.warn("the node loop did not end within {}", CLOSE_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the thread

  private void run() {
    while (!stopped) {
      try {
        List<Event> batch = new ArrayList<>();
        Event first =
            events.poll(Math.max(0, nextTimerNs() - nowNs.getAsLong()), TimeUnit.NANOSECONDS);
        if (first != null) {
          batch.add(first);
          events.drainTo(batch);
        }
        round(batch);
      } catch (InterruptedException e) {
        stopped = true;
      } catch (RuntimeException e) {
        // One bad round must not end enforcement; whoever waited learns of it.
        LOG.error("the node loop failed in a round and goes on", e);
        tableProblem = "the node loop failed: " + e;
        enforced = null;
        retryAtNs = nowNs.getAsLong() + RETRY_AFTER.toNanos();
        answerAll(new Programmed.Failed(tableProblem));
      }
    }
    answerAll(new Programmed.Failed("the agent is ending"));
  }

  private long nextTimerNs() {
    return Math.min(holdUntilNs, Math.min(checkAtNs, retryAtNs));
  }

  private void round(List<Event> batch) {
    for (Event event : batch) {
      handle(event);
    }
    if (stopped) {
      return;
    }
    long now = nowNs.getAsLong();
    boolean checkIsDue = now >= checkAtNs;
    checkAtNs = checkIsDue ? now + settings.driftCheck().toNanos() : checkAtNs;
    retryAtNs = now >= retryAtNs ? NEVER : retryAtNs;
    if (model.isInSync()) {
      lookAround(batch, checkIsDue);
      subscribe(now);
      if (now >= holdUntilNs || !groupsMayArrive()) {
        holdUntilNs = NEVER;
      }
      if (holdUntilNs == NEVER) {
        enforceAll(now);
        answerWaiters();
      }
      boolean found = inspect();
      if (checkIsDue || found) {
        check();
      }
      acknowledge();
    }
    report();
    feedRouting();
  }

  /** After all that somebody may wait for. */
  private void feedRouting() {
    if (routing.equals(RoutingFeed.NONE) || !model.takeWorkloadsChanged()) {
      return;
    }
    List<RoutingInputs.Workload> now = model.workloads();
    if (!now.equals(workloads)) {
      workloads = now;
      routing.workloads(now);
    }
  }

  private void handle(Event event) {
    switch (event) {
      case Updates() -> controller().takeUpdates().ifPresent(this::apply);
      case Put(LocalEndpoint endpoint, var done) -> {
        model.put(endpoint);
        waiters.add(new Waiter(endpoint.endpoint().key(), done));
      }
      case Settle(AttachmentKey key) -> model.settle(key);
      case Remove(AttachmentKey key, var done) -> {
        model.remove(key);
        if (model.isInSync()) {
          waiters.add(new Waiter(key, done));
        } else {
          done.complete(new Programmed.Enforced());
        }
      }
      case LeasesChanged() -> planDirty = true;
      case CheckNow(var done) -> {
        if (model.isInSync()) {
          enforceAll(nowNs.getAsLong());
          check();
        }
        done.complete(Map.copyOf(driftCounts));
      }
      case Seen(SeenFlows flows) -> findings.logged(flows).ifPresent(controller()::tell);
      case Warning(String sentence) -> warnings.add(sentence);
      case RoutingProblems(var sentences) -> routingProblems = Findings.first(sentences);
      case Connection() -> {
        if (controller().connected()) {
          routing.connected();
        }
      }
      case Stop() -> stopped = true;
    }
  }

  private Controller controller() {
    if (controller == null) {
      throw new IllegalStateException("the loop has not been started");
    }
    return controller;
  }

  private void apply(SyncDelta delta) {
    model.apply(delta);
    routing.table(delta);
    if (delta.snapshot()) {
      localPods.clear();
    }
    for (ItemKey key : delta.removals()) {
      if (key.kind() == ItemKey.Kind.POD) {
        localPods.remove(new PodName(key.namespace(), key.name()));
      }
    }
    for (SyncItem item : delta.upserts()) {
      if (item instanceof SyncItem.LocalPod pod) {
        localPods.put(new PodName(pod.namespace(), pod.name()), pod);
      }
    }
    pools = model.pools();
    podObjects = model.podObjects();
    takeOverLeases(delta);
    planDirty = planDirty || delta.snapshot() || bearsOnRoutes(delta);
  }

  private static boolean bearsOnRoutes(SyncDelta delta) {
    return Stream.concat(delta.upserts().stream().map(SyncItem::key), delta.removals().stream())
        .anyMatch(key -> key.kind() == ItemKey.Kind.BLOCK || key.kind() == ItemKey.Kind.POOL);
  }

  /** Leases that the controller knows of are held; one that it takes away is used no further. */
  private void takeOverLeases(SyncDelta delta) {
    Set<Cidr> own = new HashSet<>();
    for (SyncItem.Block block : model.ownBlocks()) {
      own.add(block.cidr());
      lostLeases.remove(block.cidr());
      ledger.addLease(new Block(block.cidr(), block.pool()));
    }
    for (ItemKey key : delta.removals()) {
      if (key.kind() == ItemKey.Kind.BLOCK) {
        loseLease(Cidr.parse(key.name()), own);
      }
    }
    for (SyncItem item : delta.upserts()) {
      if (item instanceof SyncItem.Block block && !block.node().equals(settings.nodeName())) {
        loseLease(block.cidr(), own);
      }
    }
  }

  private void loseLease(Cidr cidr, Set<Cidr> own) {
    boolean held = ledger.blocks().stream().anyMatch(block -> block.cidr().equals(cidr));
    if (!held || own.contains(cidr)) {
      return;
    }
    ledger.removeLease(cidr);
    if (ledger.isUnused(cidr)) {
      LOG.info("the lease of block {} ended", cidr);
    } else {
      lostLeases.add(cidr);
      LOG.warn("the lease of block {} was taken away while pods have addresses of it", cidr);
    }
  }

  /** Where host endpoints are depends on interfaces, which are looked at anew now and then. */
  private void lookAround(List<Event> batch, boolean checkIsDue) {
    boolean isTime = checkIsDue || batch.stream().anyMatch(Updates.class::isInstance);
    if (model.hasHostEndpoints() && isTime) {
      model.sees(enforcement.interfaces(), settings.controllerPorts().get());
    }
  }

  private void subscribe(long now) {
    Set<GroupId> wanted = new HashSet<>(model.wantedGroups());
    if (!controller().connected()) {
      // Nobody could send them again for a pod that goes and comes back.
      wanted.addAll(subscribed);
    }
    if (wanted.equals(subscribed)) {
      return;
    }
    subscribed = wanted;
    controller().subscribe(wanted.stream().map(GroupId::value).collect(Collectors.toSet()));
    if (holdUntilNs == NEVER && groupsMayArrive()) {
      holdUntilNs = now + GROUPS_HOLD.toNanos();
    }
  }

  /** Members of a group that is needed are still to come, and there is somebody to send them. */
  private boolean groupsMayArrive() {
    return !model.hasArrived(subscribed) && controller().connected();
  }

  private void enforceAll(long now) {
    NftTable table = model.table();
    if (!table.equals(enforced)) {
      try {
        enforcement.enforce(table);
        enforced = table;
        inSync.countDown();
        tableProblem = "";
      } catch (RuntimeException e) {
        LOG.error("policy could not be enforced; trying again in {}", RETRY_AFTER, e);
        tableProblem = "policy is not enforced: " + e.getMessage();
        retryAtNs = now + RETRY_AFTER.toNanos();
      }
    }
    if (planDirty) {
      try {
        note(enforcement.enforce(model.plan(leases())));
        planDirty = false;
      } catch (RuntimeException e) {
        LOG.error("routes could not be set; trying again in {}", RETRY_AFTER, e);
        planProblems = List.of("routes are not as they should be: " + e.getMessage());
        retryAtNs = now + RETRY_AFTER.toNanos();
      }
    }
  }

  private List<Cidr> leases() {
    return ledger.blocks().stream().map(Block::cidr).toList();
  }

  private void answerWaiters() {
    if (!tableProblem.isEmpty()) {
      answerAll(new Programmed.Failed(tableProblem));
    }
    for (Waiter waiter : waiters) {
      boolean complete = model.hasArrived(model.wantedGroups(waiter.key));
      waiter.done.complete(complete ? new Programmed.Enforced() : new Programmed.Incomplete());
    }
    waiters.clear();
  }

  private void answerAll(Programmed answer) {
    waiters.forEach(waiter -> waiter.done.complete(answer));
    waiters.clear();
  }

  private boolean isCurrent() {
    return enforced != null && enforced.equals(model.table()) && !planDirty;
  }

  /**
   * Answers inspections, once the kernel should hold all that they came with.
   *
   * @return whether one found what is to be put right
   */
  private boolean inspect() {
    if (!isCurrent() || !model.hasArrived(subscribed)) {
      return false;
    }
    boolean found = false;
    for (SyncItem.Inspection asked : model.takeInspections()) {
      try {
        NftInspection inspection = enforcement.inspect(model.table());
        found |= !inspection.differences().isEmpty();
        controller().tell(findings.inspected(asked, inspection, nowNs.getAsLong()));
      } catch (RuntimeException e) {
        LOG.error("nftables could not be read back for inspection {}", asked.name(), e);
        String reason = "nftables could not be read back: " + e.getMessage();
        controller().tell(findings.notInspected(asked, reason, nowNs.getAsLong()));
      }
    }
    return found;
  }

  private void check() {
    if (enforced == null) {
      return;
    }
    try {
      note(enforcement.repair(model.plan(leases())));
    } catch (RuntimeException e) {
      LOG.error("the kernel could not be compared with what it should be", e);
      planProblems = List.of("the kernel could not be checked: " + e.getMessage());
    }
  }

  private void note(Enforcement.Repair repair) {
    repair
        .drift()
        .forEach(
            (kind, changes) -> {
              driftCounts.merge(kind, (long) changes.size(), Long::sum);
              LOG.warn(
                  "put right what somebody else had changed in {}, {} in all: {}",
                  kind,
                  changes.size(),
                  Findings.first(changes));
              controller().tell(findings.repaired(kind, changes, nowNs.getAsLong()));
            });
    planProblems = repair.problems();
  }

  private void acknowledge() {
    if (isCurrent() && model.generation() != acked && model.hasArrived(subscribed)) {
      acked = model.generation();
      controller().ack(acked);
    }
  }

  private void report() {
    List<String> all = new ArrayList<>(model.problems());
    all.addAll(planProblems);
    all.addAll(warnings);
    all.addAll(routingProblems);
    if (!tableProblem.isEmpty()) {
      all.add(tableProblem);
    }
    lostLeases.removeIf(ledger::isUnused);
    lostLeases.forEach(
        cidr ->
            all.add("pods have addresses of block " + cidr + ", which is leased to nobody here"));
    problems = List.copyOf(new LinkedHashSet<>(all));
    failing = !tableProblem.isEmpty();
    NodeReport report =
        new NodeReport(
            settings.identity().addresses(),
            settings.identity().labels(),
            isInSync() && tableProblem.isEmpty(),
            new HashMap<>(driftCounts),
            problems);
    if (!report.equals(reported)) {
      reported = report;
      controller().report(report);
    }
  }
}
