package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import java.time.Duration;
import java.util.function.Consumer;

/** Waits until a DaemonSet has done its work on every node. */
public final class DaemonSetWatch {

  private static final Duration EVERY = Duration.ofSeconds(1);

  private final ApiServer server;
  private final String path;
  private final Duration every;

  /**
   * @param server stays the caller's
   */
  public DaemonSetWatch(ApiServer server, String namespace, String name) {
    this(server, namespace, name, EVERY);
  }

  DaemonSetWatch(ApiServer server, String namespace, String name, Duration every) {
    this.server = server;
    this.path = "/apis/apps/v1/namespaces/" + namespace + "/daemonsets/" + name;
    this.every = every;
  }

  /**
   * Waits for a ready pod on each node that one is meant for.
   *
   * @param progress is told how far it is, whenever that changes
   * @return whether that came to be in time
   */
  public boolean await(Duration patience, Consumer<String> progress) throws InterruptedException {
    long endNs = System.nanoTime() + patience.toNanos();
    String told = "";
    while (true) {
      State state = look();
      if (!state.words.equals(told)) {
        told = state.words;
        progress.accept(told);
      }
      if (state.isDone || System.nanoTime() - endNs >= 0) {
        return state.isDone;
      }
      Thread.sleep(every);
    }
  }

  private record State(boolean isDone, String words) {}

  private State look() throws InterruptedException {
    try {
      JsonNode daemonSet = server.get(path);
      JsonNode status = daemonSet.path("status");
      // Before its controller has looked at it, it is meant for no node.
      boolean isCurrent =
          status.path("observedGeneration").asLong()
              >= daemonSet.at("/metadata/generation").asLong(1);
      long wanted = status.path("desiredNumberScheduled").asLong();
      long ready = status.path("numberReady").asLong();
      return new State(
          isCurrent && ready >= wanted,
          isCurrent ? "%d of %d nodes".formatted(ready, wanted) : "not looked at yet");
    } catch (ApiException e) {
      return new State(false, String.valueOf(e.getMessage()));
    }
  }
}
