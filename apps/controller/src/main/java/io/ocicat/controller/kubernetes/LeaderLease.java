package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who of the replicas leads, by a Lease ({@code coordination.k8s.io/v1}).
 *
 * <p>A holder writes the Lease every {@link #RETRY}. One that has not managed to for {@link
 * #RENEW_DEADLINE} no longer holds it; one whose Lease has not changed for {@link #DURATION} is
 * followed by whoever is first to write it, which the server decides by the resourceVersion. Clocks
 * of machines are not compared: only how long a Lease has been seen unchanged counts.
 *
 * <p>One thread calls {@link #round} again and again, and may hang in it for as long as the server
 * lets it; any may ask {@link #isHeld}.
 */
public final class LeaderLease {

  static final Duration DURATION = Duration.ofSeconds(15);
  static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  static final Duration RETRY = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(LeaderLease.class);
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final ApiServer server;
  private final String collection;
  private final String name;
  private final String namespace;
  private final String identity;
  private final InstantSource clock;
  private final LongSupplier nowNs;

  /** Until when this process leads; at its beginning: it does not. */
  private volatile long heldUntilNs;

  private volatile boolean leading;
  private String observed = "";
  private long observedAtNs;
  private String trouble = "";

  /**
   * @param identity unlike that of any other process
   * @param nowNs a monotonic clock
   */
  public LeaderLease(
      ApiServer server,
      String namespace,
      String name,
      String identity,
      InstantSource clock,
      LongSupplier nowNs) {
    this.server = server;
    this.namespace = namespace;
    this.name = name;
    this.collection = "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
    this.identity = identity;
    this.clock = clock;
    this.nowNs = nowNs;
  }

  /** Tries to lead, or to go on leading; tells whether this process then does. */
  public boolean round() throws InterruptedException {
    // What counts is when the attempt began: the server may have taken it then.
    long began = nowNs.getAsLong();
    try {
      if (acquire(began)) {
        heldUntilNs = began + RENEW_DEADLINE.toNanos();
        leading = true;
      } else {
        leading = false;
      }
      trouble = "";
    } catch (ApiException e) {
      String said = String.valueOf(e.getMessage());
      if (!said.equals(trouble)) {
        LOG.warn("the lease {} was not written; trying on: {}", name, said);
      }
      trouble = said;
    }
    return isHeld();
  }

  /** Whether this process leads: it wrote the Lease last, and not too long ago. */
  public boolean isHeld() {
    return leading && nowNs.getAsLong() - heldUntilNs < 0;
  }

  /**
   * Whether nobody else is known to lead after this process did, though it may not have been able
   * to write the Lease for long: while the server is away nobody else can write it either.
   */
  public boolean isUncontested() {
    return leading;
  }

  private boolean acquire(long now) throws ApiException, InterruptedException {
    ObjectNode lease;
    try {
      lease = server.get(collection + "/" + name);
    } catch (ApiException e) {
      if (!e.isNotFound()) {
        throw e;
      }
      return create();
    }
    JsonNode spec = lease.path("spec");
    String holder = spec.path("holderIdentity").asText();
    String state = holder + " " + spec.path("renewTime").asText();
    if (!state.equals(observed)) {
      observed = state;
      observedAtNs = now;
    }
    Duration duration =
        Duration.ofSeconds(spec.path("leaseDurationSeconds").asLong(DURATION.toSeconds()));
    boolean mine = holder.equals(identity);
    if (!mine && !holder.isEmpty() && now - observedAtNs < duration.toNanos()) {
      return false;
    }
    fill(lease.withObject("/spec"), !mine);
    try {
      ObjectNode _ = server.send(Verb.PUT, collection + "/" + name, lease);
      if (!mine) {
        LOG.info("leading, after '{}'", holder);
      }
      return true;
    } catch (ApiException e) {
      if (e.isConflict()) {
        return false;
      }
      throw e;
    }
  }

  private boolean create() throws ApiException, InterruptedException {
    ObjectNode lease =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", "coordination.k8s.io/v1")
            .put("kind", "Lease");
    lease.putObject("metadata").put("name", name).put("namespace", namespace);
    fill(lease.putObject("spec"), true);
    try {
      ObjectNode _ = server.send(Verb.POST, collection, lease);
      LOG.info("leading, as the first");
      return true;
    } catch (ApiException e) {
      if (e.isConflict()) {
        return false;
      }
      throw e;
    }
  }

  private void fill(ObjectNode spec, boolean acquired) {
    String now = MICRO_TIME.format(clock.instant());
    spec.put("holderIdentity", identity)
        .put("leaseDurationSeconds", DURATION.toSeconds())
        .put("renewTime", now);
    if (acquired) {
      spec.put("acquireTime", now)
          .put("leaseTransitions", spec.path("leaseTransitions").asInt(-1) + 1);
    }
  }

  /** Lets another one lead at once. */
  public void release() throws InterruptedException {
    if (!leading) {
      return;
    }
    leading = false;
    try {
      ObjectNode lease = server.get(collection + "/" + name);
      if (lease.path("spec").path("holderIdentity").asText().equals(identity)) {
        lease
            .withObject("/spec")
            .put("holderIdentity", "")
            .put("leaseDurationSeconds", 1)
            .put("renewTime", MICRO_TIME.format(clock.instant()));
        ObjectNode _ = server.send(Verb.PUT, collection + "/" + name, lease);
      }
    } catch (ApiException e) {
      LOG.warn("the lease {} was not released; another leads after it ends", name, e);
    }
  }
}
