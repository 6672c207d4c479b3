package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.ClusterStatus;
import io.ocicat.controller.ClusterStatus.NodeStatus;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.controller.StatusSource;
import io.ocicat.model.Kinds;
import io.ocicat.store.StoreException;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import io.ocicat.store.kubernetes.KubernetesStore;
import io.ocicat.store.kubernetes.Retries;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the object {@code OcicatStatus} named {@code cluster}, by which people with a kubeconfig
 * learn how the network is; the leader's alone. It has a thread of its own, and writes when
 * something is different, but never sooner after the last write than {@link #GAP} and a little for
 * each node listed.
 */
final class StatusWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final String NAME = "cluster";
  private static final String COLLECTION =
      "/apis/" + Kinds.OCICAT_STATUS.apiVersion() + "/" + Kinds.OCICAT_STATUS.plural();

  static final Duration GAP = Duration.ofMillis(500);
  private static final Duration GAP_FOR_NODE = Duration.ofMillis(20);

  /** Written this often at least, so that a reader knows that somebody is there. */
  static final Duration HEARTBEAT = Duration.ofSeconds(20);

  /** After a new leader, agents take a moment to find it. */
  private static final Duration GATHERING = Duration.ofSeconds(10);

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  /** Who writes. */
  record Writer(String replica, String version) {}

  private final ApiServer server;
  private final KubernetesStore store;
  private final StatusSource source;
  private final EnforcementAlarm alarm;
  private final DocumentStamp stamp;
  private final Writer writer;
  private final EnforcedVersions versions = new EnforcedVersions();
  private final Thread thread;
  private volatile boolean stopped;

  private StatusWriter(
      ApiServer server,
      KubernetesStore store,
      StatusSource source,
      EnforcementAlarm alarm,
      DocumentStamp stamp,
      Writer writer) {
    this.server = server;
    this.store = store;
    this.source = source;
    this.alarm = alarm;
    this.stamp = stamp;
    this.writer = writer;
    this.thread = Thread.ofPlatform().name("status-writer").unstarted(this::run);
  }

  /**
   * Begins.
   *
   * @param source how the nodes are
   * @param alarm is shown it, too
   */
  static StatusWriter start(
      ApiServer server,
      KubernetesStore store,
      StatusSource source,
      EnforcementAlarm alarm,
      DocumentStamp stamp,
      Writer writer) {
    StatusWriter result = new StatusWriter(server, store, source, alarm, stamp, writer);
    result.thread.start();
    return result;
  }

  private void run() {
    long beganNs = System.nanoTime();
    long nextNs = beganNs;
    long heartbeatNs = beganNs;
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    try {
      while (!stopped) {
        ClusterStatus status = source.status();
        ObjectNode now = look(status);
        long time = System.nanoTime();
        alarm.look(status, time);
        boolean gathering = !status.ready() && time - beganNs < GATHERING.toNanos();
        boolean due = time - nextNs >= 0 && (!now.equals(written) || time - heartbeatNs >= 0);
        if (due && !gathering) {
          nextNs = time + gap(status).toNanos();
          if (write(status, now)) {
            written = now;
            heartbeatNs = time + HEARTBEAT.toNanos();
          } else {
            nextNs = time + AFTER_FAILURE.toNanos();
          }
        }
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      LOG.debug("the status is no longer written");
    }
  }

  private static Duration gap(ClusterStatus status) {
    int listed = Math.min(status.nodes().size(), StatusDocument.MOST_NODES);
    return GAP.plus(GAP_FOR_NODE.multipliedBy(listed));
  }

  private ObjectNode look(ClusterStatus status) {
    // In this order: what is complete now has at most the revision that is read after.
    var complete = store.completeTo();
    versions.mark(store.currentRevision(), complete);
    long enforced =
        status.nodes().stream()
            .filter(NodeStatus::ready)
            .mapToLong(NodeStatus::policyGeneration)
            .reduce(status.policyGeneration(), Math::min);
    versions.acknowledged(enforced);
    return StatusDocument.of(status, enforced, versions.versions());
  }

  private boolean write(ClusterStatus status, ObjectNode content) throws InterruptedException {
    ObjectNode filled = content.deepCopy();
    filled.put("controller", writer.replica()).put("version", writer.version());
    filled.put("heardAt", stamp.now());
    try {
      Calls calls = new Calls(server, Retries.once());
      Optional<ObjectNode> before = calls.find(COLLECTION + "/" + NAME);
      if (before.isEmpty()) {
        create();
      }
      condition(filled, status, before.orElse(null));
      ObjectNode patch = JsonNodeFactory.instance.objectNode();
      patch.set("status", filled);
      return calls.patch(COLLECTION + "/" + NAME + "/status", patch);
    } catch (StoreException | ApiException e) {
      LOG.warn(
          "{} {} was not written, so that neither 'ocicat status' nor --wait can tell; trying"
              + " again in {}: {}",
          Kinds.OCICAT_STATUS.name(),
          NAME,
          AFTER_FAILURE,
          e.getMessage());
      return false;
    }
  }

  private void create() throws ApiException, InterruptedException {
    ObjectNode document =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", Kinds.OCICAT_STATUS.apiVersion())
            .put("kind", Kinds.OCICAT_STATUS.kind());
    document.putObject("metadata").put("name", NAME);
    try {
      ObjectNode _ = server.send(Verb.POST, COLLECTION, document);
    } catch (ApiException e) {
      if (!e.isConflict()) {
        throw e;
      }
    }
  }

  private void condition(ObjectNode target, ClusterStatus status, @Nullable ObjectNode before) {
    boolean ready = status.ready() && !status.nodes().isEmpty();
    String word = ready ? "True" : "False";
    String since = stamp.now();
    if (before != null) {
      for (JsonNode old : before.path("status").path("conditions")) {
        if (old.path("type").asText().equals("Ready") && old.path("status").asText().equals(word)) {
          since = old.path("lastTransitionTime").asText(since);
        }
      }
    }
    target
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", word)
        .put("reason", ready ? "NodesReady" : "NodesNotReady")
        .put("message", StatusDocument.message(status))
        .put("lastTransitionTime", since);
  }

  /** Ends; the object stays as it is, and its time tells that nobody keeps it. */
  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    try {
      if (!thread.join(CLOSE_DEADLINE)) {
        LOG.warn("the status was still being written after {}", CLOSE_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
