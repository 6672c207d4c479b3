package io.ocicat.controller.reports;

import io.ocicat.controller.DocumentStamp;
import io.ocicat.controller.leases.LeaseDesk;
import io.ocicat.inet.Cidr;
import io.ocicat.store.Store;
import io.ocicat.store.StoreException;
import io.ocicat.store.StoredObject;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.Notice;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes reports in the order in which they came, on two threads: what policy follows from never
 * waits for what is told to people and other programs about pods, nodes and pools, which may be a
 * call to a server each.
 */
public final class ReportWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReportWriter.class);

  private final EndpointDocuments endpoints;
  private final NodeReports nodes;
  private final PodReports pods;
  private final PoolDocuments pools;
  private final AutoHostEndpoints hosts;
  private final AtomicBoolean hostsAreDue = new AtomicBoolean();
  private final InspectionDocuments inspections;
  private final NodeStatusDocuments statuses;
  private final LeaseDesk leases;
  private final Lane documents = new Lane("report-writer");
  private final Lane announcements = new Lane("announcer");

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
    this.hosts = new AutoHostEndpoints(store, stamp);
    this.inspections = new InspectionDocuments(store);
    this.statuses = new NodeStatusDocuments(store, stamp);
    this.leases = leases;
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
    writer.documents.start();
    writer.announcements.start();
    return writer;
  }

  public void endpoints(String node, FromAgent.Endpoints report) {
    documents.add("endpoints of node " + node, () -> endpoints.report(node, report));
    announcements.add("pods of node " + node, () -> pods.report(node, report));
  }

  public void node(String node, NodeReport report) {
    announcements.add("node " + node, () -> nodes.report(node, report));
  }

  /** The node's agent has been away for long. */
  public void unreachable(String node) {
    announcements.add("node " + node, () -> nodes.unreachable(node));
  }

  /** The node is no more: its endpoints go, and then its leases. */
  public void departed(String node, List<Cidr> blocks) {
    List<Cidr> held = List.copyOf(blocks);
    documents.add(
        "endpoints of node " + node,
        () -> {
          endpoints.forget(node);
          announcements.add(
              "leases of node " + node, () -> held.forEach(block -> leases.release(node, block)));
        });
  }

  /** Pools came, changed or went. */
  public void pools() {
    announcements.add("pools", pools::judge);
  }

  /** Nodes, host endpoints or what the controller does about them changed. */
  public void hosts() {
    if (!hostsAreDue.getAndSet(true)) {
      announcements.add(
          "automatic host endpoints",
          () -> {
            hostsAreDue.set(false);
            hosts.settle();
          });
    }
  }

  /** Nodes have answered an inspection. */
  public void inspection(Inspections.Standing standing) {
    announcements.add("inspection " + standing.name(), () -> inspections.write(standing));
  }

  /** An inspection is old. */
  public void expired(Inspections.Standing standing) {
    announcements.add("inspection " + standing.name(), () -> inspections.delete(standing));
  }

  /** A node has answered a CalicoNodeStatus. */
  public void status(String node, Notice.Routed answer) {
    announcements.add("status " + answer.request(), () -> statuses.write(node, answer));
  }

  /** Writes what is queued, then ends. */
  @Override
  public void close() {
    documents.close();
    announcements.close();
  }

  /** A queue, and the thread that works it off. */
  private static final class Lane implements AutoCloseable {

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

    /**
     * @param what is written, for messages
     * @param last nothing comes after it
     */
    private record Task(String what, Runnable work, boolean last) {}

    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final Thread thread;

    Lane(String name) {
      thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    void start() {
      thread.start();
    }

    void add(String what, Runnable work) {
      tasks.add(new Task(what, work, false));
    }

    private void run() {
      try {
        for (Task task = tasks.take(); !task.last() && !closed(); task = tasks.take()) {
          perform(task);
        }
      } catch (InterruptedException e) {
        LOG.debug("{} reports are not written any more", tasks.size());
      }
    }

    private static boolean closed() {
      return Thread.currentThread().isInterrupted();
    }

    private static void perform(Task task) {
      try {
        task.work().run();
      } catch (StoreException e) {
        LOG.error("a report on {} was not written and waits for the next", task.what(), e);
      } catch (IllegalArgumentException e) {
        LOG.warn("a report on {} is refused: {}", task.what(), e.getMessage());
      }
    }

    /** Works off what is there, for a while. */
    @Override
    public void close() {
      tasks.add(new Task("", () -> {}, true));
      try {
        if (!thread.join(CLOSE_DEADLINE)) {
          LOG.warn("{} reports were still to be written after {}", tasks.size(), CLOSE_DEADLINE);
          thread.interrupt();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
