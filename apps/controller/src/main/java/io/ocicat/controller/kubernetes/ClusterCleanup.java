package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has every node cleaned up after the agents are gone: by a DaemonSet, which is made for that and
 * removed again, whatever came of it. One that stayed would clean up under a later agent.
 */
public final class ClusterCleanup {

  private static final Duration EVERY = Duration.ofSeconds(1);

  private final ApiServer server;
  private final String agents;
  private final Duration every;

  /** What came of it. */
  public sealed interface Outcome {
    /** Every node is clean. */
    record Cleaned(long nodes) implements Outcome {}

    /** Nothing was done: the agents' DaemonSet is there and is to stay. */
    record AgentsRun(String daemonSet) implements Outcome {}

    /**
     * Not every node is clean.
     *
     * @param state how far it came, or what the API server said
     */
    record Unfinished(String state) implements Outcome {}
  }

  /**
   * The pod that this runs in. What it made goes with it.
   *
   * @param uid empty if it runs in none
   */
  public record Owner(String pod, String uid) {}

  /**
   * @param server stays the caller's
   * @param agents name of the agents' DaemonSet
   */
  public ClusterCleanup(ApiServer server, String agents) {
    this(server, agents, EVERY);
  }

  ClusterCleanup(ApiServer server, String agents, Duration every) {
    this.server = server;
    this.agents = agents;
    this.every = every;
  }

  /**
   * Cleans up.
   *
   * @param daemonSet a pod of it is ready when its node is clean
   * @param patience for all nodes together
   * @param progress is told how far it is, whenever that changes
   */
  public Outcome run(
      ObjectNode daemonSet, Owner owner, Duration patience, Consumer<String> progress)
      throws InterruptedException {
    long endNs = System.nanoTime() + patience.toNanos();
    String namespace = daemonSet.at("/metadata/namespace").asText();
    String all = "/apis/apps/v1/namespaces/" + namespace + "/daemonsets";
    String own = all + "/" + daemonSet.at("/metadata/name").asText();
    try {
      if (isToStay(all + "/" + agents)) {
        return new Outcome.AgentsRun(namespace + "/" + agents);
      }
      remove(own);
      create(all, owned(daemonSet, owner), endNs);
    } catch (ApiException e) {
      return new Outcome.Unfinished(String.valueOf(e.getMessage()));
    }
    try {
      return await(own, endNs, progress);
    } finally {
      removeOrTell(own, progress);
    }
  }

  private boolean isToStay(String path) throws ApiException, InterruptedException {
    try {
      return !server.get(path).at("/metadata/deletionTimestamp").isTextual();
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return false;
      }
      throw e;
    }
  }

  private static ObjectNode owned(ObjectNode daemonSet, Owner owner) {
    ObjectNode copy = daemonSet.deepCopy();
    if (!owner.uid.isEmpty()) {
      copy.withObject("/metadata")
          .putArray("ownerReferences")
          .addObject()
          .put("apiVersion", "v1")
          .put("kind", "Pod")
          .put("name", owner.pod)
          .put("uid", owner.uid);
    }
    return copy;
  }

  /** One of an earlier run may take a moment to go. */
  private void create(String path, ObjectNode daemonSet, long endNs)
      throws ApiException, InterruptedException {
    while (true) {
      try {
        ObjectNode _ = server.send(Verb.POST, path, daemonSet);
        return;
      } catch (ApiException e) {
        if (!e.isConflict() || System.nanoTime() - endNs >= 0) {
          throw e;
        }
        Thread.sleep(every);
      }
    }
  }

  private record State(boolean isDone, long nodes, String words) {}

  private Outcome await(String path, long endNs, Consumer<String> progress)
      throws InterruptedException {
    String told = "";
    while (true) {
      State state = look(path);
      if (state.isDone) {
        return new Outcome.Cleaned(state.nodes);
      }
      if (!state.words.equals(told)) {
        told = state.words;
        progress.accept(told);
      }
      if (System.nanoTime() - endNs >= 0) {
        return new Outcome.Unfinished(told);
      }
      Thread.sleep(every);
    }
  }

  private State look(String path) throws InterruptedException {
    try {
      JsonNode daemonSet = server.get(path);
      JsonNode status = daemonSet.path("status");
      // Before its controller has looked at it, it is meant for no node.
      if (status.path("observedGeneration").asLong()
          < daemonSet.at("/metadata/generation").asLong(1)) {
        return new State(false, 0, "no node yet");
      }
      long wanted = status.path("desiredNumberScheduled").asLong();
      long ready = status.path("numberReady").asLong();
      return new State(ready >= wanted, ready, "%d of %d nodes are clean".formatted(ready, wanted));
    } catch (ApiException e) {
      return new State(false, 0, String.valueOf(e.getMessage()));
    }
  }

  private void remove(String path) throws ApiException, InterruptedException {
    try {
      ObjectNode options =
          JsonNodeFactory.instance.objectNode().put("propagationPolicy", "Background");
      ObjectNode _ = server.call(Verb.DELETE, path, Optional.of(options));
    } catch (ApiException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  private void removeOrTell(String path, Consumer<String> progress) throws InterruptedException {
    try {
      remove(path);
    } catch (ApiException e) {
      progress.accept("it has to be deleted by hand: " + e.getMessage());
    }
  }
}
