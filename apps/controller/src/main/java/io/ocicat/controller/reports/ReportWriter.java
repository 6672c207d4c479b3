package io.ocicat.controller.reports;

import io.ocicat.controller.DocumentStamp;
import io.ocicat.controller.leases.LeaseDesk;
import io.ocicat.inet.Cidr;
import io.ocicat.store.Store;
import io.ocicat.store.StoreException;
import io.ocicat.store.StoredObject;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.NodeReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes reports in the order in which they came, on a thread of its own. */
public final class ReportWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReportWriter.class);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  private sealed interface Task {
    String node();
  }

  private record Endpoints(String node, FromAgent.Endpoints report) implements Task {}

  private record Condition(String node, NodeReport report) implements Task {}

  private record Unreachable(String node) implements Task {}

  private record Departed(String node, List<Cidr> blocks) implements Task {}

  private record Pools(String node) implements Task {}

  private record Stop(String node) implements Task {}

  private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
  private final EndpointDocuments endpoints;
  private final NodeReports nodes;
  private final PodReports pods;
  private final PoolDocuments pools;
  private final LeaseDesk leases;
  private final Thread thread;

  private ReportWriter(
      Store store,
      DocumentStamp stamp,
      LeaseDesk leases,
      NodeReports nodes,
      PodReports pods,
      List<StoredObject> old) {
    this.endpoints = new EndpointDocuments(store, stamp, old);
    this.nodes = nodes;
    this.pods = pods;
    this.pools = new PoolDocuments(store, stamp);
    this.leases = leases;
    this.thread = Thread.ofPlatform().name("report-writer").unstarted(this::run);
  }

  /**
   * @param existing the WorkloadEndpoints that are there
   */
  public static ReportWriter start(
      Store store,
      DocumentStamp stamp,
      LeaseDesk leases,
      NodeReports nodes,
      PodReports pods,
      List<StoredObject> existing) {
    ReportWriter writer = new ReportWriter(store, stamp, leases, nodes, pods, existing);
    writer.thread.start();
    return writer;
  }

  public void endpoints(String node, FromAgent.Endpoints report) {
    tasks.add(new Endpoints(node, report));
  }

  public void node(String node, NodeReport report) {
    tasks.add(new Condition(node, report));
  }

  /** The node's agent has been away for long. */
  public void unreachable(String node) {
    tasks.add(new Unreachable(node));
  }

  /** The node is no more: its endpoints go, and then its leases. */
  public void departed(String node, List<Cidr> blocks) {
    tasks.add(new Departed(node, List.copyOf(blocks)));
  }

  /** Pools came, changed or went. */
  public void pools() {
    tasks.add(new Pools(""));
  }

  private void run() {
    boolean stopped = false;
    while (!stopped) {
      try {
        Task task = tasks.take();
        stopped = task instanceof Stop;
        write(task);
      } catch (InterruptedException e) {
        stopped = true;
      }
    }
  }

  private void write(Task task) {
    try {
      switch (task) {
        case Endpoints(var node, var report) -> {
          endpoints.report(node, report);
          pods.report(node, report);
        }
        case Condition(var node, var report) -> nodes.report(node, report);
        case Unreachable(var node) -> nodes.unreachable(node);
        case Departed(var node, var blocks) -> {
          endpoints.forget(node);
          blocks.forEach(block -> leases.release(node, block));
        }
        case Pools _ -> pools.judge();
        case Stop _ -> LOG.debug("all reports are written");
      }
    } catch (StoreException e) {
      LOG.error("a report of node {} was not written and waits for its next", task.node(), e);
    } catch (IllegalArgumentException e) {
      LOG.warn("a report of node {} is refused: {}", task.node(), e.getMessage());
    }
  }

  /** Writes what is queued, then ends. */
  @Override
  public void close() {
    tasks.add(new Stop(""));
    try {
      if (!thread.join(CLOSE_DEADLINE)) {
        LOG.warn("reports were still being written after {}", CLOSE_DEADLINE);
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
