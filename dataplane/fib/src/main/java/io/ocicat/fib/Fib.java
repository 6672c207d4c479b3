package io.ocicat.fib;

import io.ocicat.bgp.rib.NextHops;
import io.ocicat.bgp.rib.Reachability;
import io.ocicat.bgp.rib.Rib;
import io.ocicat.bgp.rib.RouteChange;
import io.ocicat.bgp.rib.RouteListener;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Epoll;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes in use into the kernel, and next hops from it, for the network namespace of the thread
 * that opens it.
 *
 * <p>In this order: {@link #open}; a {@link Rib} made with this as its {@link NextHops}; if {@link
 * #adopted} is not 0, {@link Rib#deferSelection} and the speaker's {@code restarted}; {@link
 * #attach}.
 */
public final class Fib implements NextHops, RouteListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Fib.class);

  /** Messages in one system call; between two of them others get the kernel's lock. */
  private static final int BATCH = 256;

  private static final long LONGEST_PAUSE_NS = 20_000_000;
  private static final long SHORTEST_PAUSE_NS = 1_000_000;
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);
  private static final Duration SHORTEST_AUDIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private final Rtnetlink writer;
  private final Rtnetlink auditor;
  private final KernelNews news;
  private final FibState state;
  private final Epoll epoll;
  private final Thread thread;
  private volatile Duration auditEvery;
  private volatile boolean ended;

  // What follows belongs to the thread.
  private Duration retryAfter = FIRST_RETRY;
  private long retryAtNs;
  private long pausedUntilNs;
  private long auditAtNs;
  private @Nullable Thread audits;

  private Fib(FibSettings settings, Rtnetlink writer, Rtnetlink auditor, KernelNews news) {
    this.writer = writer;
    this.auditor = auditor;
    this.news = news;
    List<RouteMessage> earlier = new ArrayList<>();
    Topology topology = KernelNews.read(auditor, earlier::add);
    this.state = new FibState(settings, topology);
    earlier.stream().filter(route -> route.table() == settings.table()).forEach(state::adopt);
    this.auditEvery = every(settings);
    CompletableFuture<Epoll> waits = new CompletableFuture<>();
    this.thread = Thread.ofPlatform().name("fib").daemon().unstarted(() -> run(waits));
    thread.start();
    this.epoll = waits.join();
  }

  /**
   * Reads the kernel's links, addresses and routes, and takes over the routes of an earlier run.
   *
   * @throws io.ocicat.netlink.NetlinkException if the kernel refuses
   */
  public static Fib open(FibSettings settings) {
    Rtnetlink writer = Rtnetlink.open();
    return new Fib(settings, writer, Rtnetlink.open(), KernelNews.open(writer));
  }

  /** How many routes an earlier run had left. They stay until {@link #inSync}. */
  public int adopted() {
    return state.adopted();
  }

  /**
   * From now on the kernel follows the tables, and the tables learn of changes of next hops. On the
   * loop's thread.
   *
   * @param loop runs tasks on the loop's thread
   */
  public void attach(Rib rib, Executor loop) {
    tell((nextHop, now) -> loop.execute(() -> rib.nextHopChanged(nextHop, now)));
    rib.listen(this);
  }

  void tell(BiConsumer<IpAddress, Reachability> told) {
    state.tell(told);
  }

  /** Goes over to other settings; the table stays as it was. From any thread. */
  public void apply(FibSettings settings) {
    auditEvery = every(settings);
    state.apply(settings);
    wake();
  }

  @Override
  public Reachability watch(IpAddress nextHop) {
    return state.watch(nextHop);
  }

  @Override
  public void forget(IpAddress nextHop) {
    state.forget(nextHop);
  }

  @Override
  public void changed(List<RouteChange> batch) {
    state.changed(batch);
    wake();
  }

  /** What of the routes that were taken over is not known now goes. */
  @Override
  public void inSync() {
    state.inSync();
    wake();
  }

  /** From any thread. */
  public FibView view() {
    return state.view();
  }

  /**
   * Removes all routes; to be called before {@link #close} if forwarding is to end too. Nothing is
   * put into the kernel any more.
   *
   * @param longest after so long some may be left
   */
  public void withdrawAll(Duration longest) {
    state.withdrawAll();
    wake();
    try {
      if (!state.awaitWritten(longest.toMillis())) {
        LOG.warn("not all routes were removed within {}: {}", longest, view());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends; the routes stay in the kernel for the next run. */
  @Override
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    epoll.wake();
    try {
      if (!thread.join(LONGEST_END)) {
        LOG.warn("did not end within {}", LONGEST_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration every(FibSettings settings) {
    return settings.audit().compareTo(SHORTEST_AUDIT) < 0 ? SHORTEST_AUDIT : settings.audit();
  }

  private void wake() {
    if (!ended) {
      epoll.wake();
    }
  }

  // ---- the thread

  private void run(CompletableFuture<Epoll> waits) {
    Epoll own = new Epoll();
    news.watchedBy(own);
    auditAtNs = System.nanoTime() + auditEvery.toNanos();
    waits.complete(own);
    try {
      while (!ended) {
        int _ = own.await(timeoutMillis());
        round();
      }
    } finally {
      news.close();
      writer.close();
      own.close();
      closeAuditor();
    }
  }

  private void closeAuditor() {
    Thread last = audits;
    try {
      if (last == null || last.join(LONGEST_END)) {
        auditor.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int timeoutMillis() {
    long until = Math.min(retryAtNs == 0 ? Long.MAX_VALUE : retryAtNs, auditAtNs);
    if (state.hasWork()) {
      until = Math.min(until, pausedUntilNs);
    }
    long nanos = until - System.nanoTime();
    return Math.clamp((nanos + 999_999) / 1_000_000, 0, 1000);
  }

  private void round() {
    try {
      listen();
      if (System.nanoTime() >= pausedUntilNs && state.hasWork()) {
        write();
      }
      retry();
      audit();
    } catch (RuntimeException e) {
      LOG.error("a round of the kernel's routes failed; the next is in {}", FIRST_RETRY, e);
      pausedUntilNs = System.nanoTime() + FIRST_RETRY.toNanos();
    }
  }

  private void listen() {
    switch (news.listen(state)) {
      case NOTHING -> {}
      case SOMETHING -> {
        if (retryAtNs != 0) {
          retryAfter = FIRST_RETRY;
          retryAtNs = System.nanoTime() + FIRST_RETRY.toNanos();
        }
      }
      case TOO_MUCH -> state.relearn(KernelNews.read(writer, _ -> {}));
    }
  }

  private void write() {
    long before = System.nanoTime();
    FibState.Work work = state.take(BATCH);
    if (work.items().isEmpty()) {
      return;
    }
    try {
      List<Rtnetlink.Refused> refused = writer.applyAll(work.changes());
      state.done(work, refused);
      if (!refused.isEmpty() && retryAtNs == 0) {
        LOG.warn(
            "the kernel refused {} of {} changes of routes, among them: {}",
            refused.size(),
            work.items().size(),
            refused.getFirst().cause().getMessage());
      }
    } catch (RuntimeException e) {
      state.lost(work, e);
      LOG.warn("{} changes of routes once more: {}", work.items().size(), e.getMessage());
    }
    long after = System.nanoTime();
    pausedUntilNs = after + Math.clamp(after - before, SHORTEST_PAUSE_NS, LONGEST_PAUSE_NS);
  }

  private void retry() {
    long now = System.nanoTime();
    if (retryAtNs == 0) {
      if (state.hasRefused()) {
        retryAtNs = now + retryAfter.toNanos();
      }
    } else if (now >= retryAtNs && !state.hasWork()) {
      boolean any = state.retry();
      retryAfter = any ? doubled(retryAfter) : FIRST_RETRY;
      retryAtNs = any ? now + retryAfter.toNanos() : 0;
    }
  }

  private static Duration doubled(Duration delay) {
    Duration twice = delay.multipliedBy(2);
    return twice.compareTo(LAST_RETRY) < 0 ? twice : LAST_RETRY;
  }

  /** On a thread of its own, as reading a full table takes seconds. */
  private void audit() {
    long now = System.nanoTime();
    boolean timeHasCome = now >= auditAtNs;
    if (state.beginAudit(timeHasCome)) {
      auditAtNs = now + auditEvery.toNanos();
      audits = Thread.ofPlatform().name("fib-audit").daemon().start(this::compare);
    } else if (timeHasCome) {
      auditAtNs = now + FIRST_RETRY.toNanos();
    }
  }

  private void compare() {
    boolean complete = true;
    try {
      for (IpFamily family : IpFamily.values()) {
        complete &= !ended && auditor.routes(family, FibSettings.PROTOCOL, state::audited);
      }
    } catch (RuntimeException e) {
      complete = false;
      if (!ended) {
        LOG.warn("cannot compare the kernel's routes: {}", e.getMessage());
      }
    } finally {
      state.endAudit(complete);
      wake();
    }
  }
}
