package io.ocicat.fib;

import io.ocicat.bgp.rib.NextHops;
import io.ocicat.bgp.rib.Reachability;
import io.ocicat.bgp.rib.Rib;
import io.ocicat.bgp.rib.RouteChange;
import io.ocicat.bgp.rib.RouteListener;
import io.ocicat.bgp.rib.UsedPath;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.rtnetlink.Rtnetlink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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

  private static final int CHANGES_AT_ONCE = 512;
  private static final long RETRY_NS = Duration.ofSeconds(1).toNanos();
  private static final Duration LONGEST_END = Duration.ofSeconds(3);

  private final KernelTable table;
  private final int adopted;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();

  // What follows is guarded by the lock.
  private final Map<Cidr, List<KernelTable.Way>> waiting = new LinkedHashMap<>();
  private FibSettings settings;
  private boolean changed;
  private boolean knownAll;
  private boolean withdrawing;
  private boolean ended;
  private FibView view;

  private Fib(KernelTable table, FibSettings settings) {
    this.table = table;
    this.settings = settings;
    this.adopted = table.adopt();
    this.view = table.view(0);
    this.thread = Thread.ofPlatform().name("fib").daemon().unstarted(this::run);
  }

  /**
   * Reads the kernel's routes, and takes over the routes of an earlier run.
   *
   * @throws io.ocicat.netlink.NetlinkException if they cannot be read
   */
  public static Fib open(FibSettings settings) {
    Fib fib = new Fib(new KernelTable(Rtnetlink.open(), settings), settings);
    fib.thread.start();
    return fib;
  }

  /** How many routes an earlier run had left. They stay until {@link #inSync}. */
  public int adopted() {
    return adopted;
  }

  /**
   * From now on the kernel follows the tables, and the tables learn of changes of next hops. On the
   * loop's thread.
   *
   * @param loop runs tasks on the loop's thread
   */
  public void attach(Rib rib, Executor loop) {
    rib.listen(this);
  }

  /** Goes over to other settings; the table stays as it was. From any thread. */
  public void apply(FibSettings settings) {
    signal(
        () -> {
          if (!settings.equals(this.settings)) {
            this.settings = settings;
            changed = true;
          }
        });
  }

  @Override
  public Reachability watch(IpAddress nextHop) {
    return Reachability.CONNECTED;
  }

  @Override
  public void forget(IpAddress nextHop) {}

  @Override
  public void changed(List<RouteChange> batch) {
    signal(
        () -> {
          for (RouteChange change : batch) {
            waiting.put(change.prefix(), ways(change.paths()));
          }
        });
  }

  /** What is best here is the kernel's already, and no way out. */
  private static List<KernelTable.Way> ways(List<UsedPath> paths) {
    List<KernelTable.Way> ways = new ArrayList<>();
    for (UsedPath path : paths) {
      if (path.local()) {
        return List.of();
      }
      path.attributes()
          .nextHop()
          .map(address -> new KernelTable.Way(address, address.isLinkLocal() ? path.device() : ""))
          .filter(way -> !ways.contains(way))
          .ifPresent(ways::add);
    }
    return ways;
  }

  /** What of the routes that were taken over is not known now goes. */
  @Override
  public void inSync() {
    signal(() -> knownAll = true);
  }

  /** From any thread. */
  public FibView view() {
    lock.lock();
    try {
      return view;
    } finally {
      lock.unlock();
    }
  }

  /** Removes all routes; to be called before {@link #close} if forwarding is to end too. */
  public void withdrawAll(Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    lock.lock();
    try {
      withdrawing = true;
      something.signalAll();
      while (withdrawing && !ended) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          LOG.warn("routes of BGP are left in the kernel: not all went within {}", longest);
          return;
        }
        long _ = something.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void signal(Runnable change) {
    lock.lock();
    try {
      change.run();
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- the thread

  private record Work(
      Map<Cidr, List<KernelTable.Way>> changes,
      FibSettings settings,
      boolean changed,
      boolean prune,
      boolean withdraw,
      boolean end) {}

  private void run() {
    long auditAt = System.nanoTime() + settings.audit().toNanos();
    while (true) {
      try {
        Work work = next(auditAt);
        if (work.end) {
          return;
        }
        boolean audit = work.changed || System.nanoTime() - auditAt >= 0;
        if (audit) {
          auditAt = System.nanoTime() + work.settings.audit().toNanos();
        }
        carryOut(work, audit);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("putting routes into the kernel failed in a round and goes on", e);
      }
    }
  }

  private Work next(long auditAt) throws InterruptedException {
    lock.lock();
    try {
      long retryAt = table.hasRefused() ? System.nanoTime() + RETRY_NS : Long.MAX_VALUE;
      while (waiting.isEmpty() && !changed && !knownAll && !withdrawing && !ended) {
        long left = Math.min(auditAt, retryAt) - System.nanoTime();
        if (left <= 0) {
          break;
        }
        long _ = something.awaitNanos(left);
      }
      Map<Cidr, List<KernelTable.Way>> some = new LinkedHashMap<>();
      var all = waiting.entrySet().iterator();
      while (all.hasNext() && some.size() < CHANGES_AT_ONCE) {
        Map.Entry<Cidr, List<KernelTable.Way>> each = all.next();
        some.put(each.getKey(), each.getValue());
        all.remove();
      }
      boolean prune = knownAll && waiting.isEmpty();
      knownAll &= !prune;
      Work work = new Work(some, settings, changed, prune, withdrawing, ended);
      changed = false;
      return work;
    } finally {
      lock.unlock();
    }
  }

  private void carryOut(Work work, boolean audit) {
    if (work.changed) {
      table.apply(work.settings);
    }
    if (work.withdraw) {
      table.withdrawAll();
    } else {
      table.change(work.changes);
      if (work.prune) {
        table.prune();
      }
      if (audit) {
        table.audit();
      }
    }
    lock.lock();
    try {
      view = table.view(waiting.size());
      if (work.withdraw) {
        withdrawing = false;
        something.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends; the routes stay in the kernel for the next run. */
  @Override
  public void close() {
    signal(() -> ended = true);
    try {
      if (thread.join(LONGEST_END)) {
        table.close();
      } else {
        LOG.warn("putting routes into the kernel did not end within {}", LONGEST_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
