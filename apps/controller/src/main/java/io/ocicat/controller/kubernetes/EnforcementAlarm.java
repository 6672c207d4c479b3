package io.ocicat.controller.kubernetes;

import io.ocicat.controller.ClusterStatus;
import io.ocicat.controller.ClusterStatus.NodeStatus;
import io.ocicat.controller.events.EventRecorder;
import io.ocicat.controller.events.ObjectReference;
import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import io.ocicat.model.Pod;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.sync.PodTrouble;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells on the node, and on those of its pods for which there is policy, when the node does not
 * enforce policy as it stands: its agent says that the kernel refuses, or is connected and has
 * acknowledged nothing for long though there was something. What was enforced before stays.
 *
 * <p>For one thread.
 */
final class EnforcementAlarm {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Told again while it lasts. */
  static final Duration AGAIN = Duration.ofMinutes(5);

  private static final int MOST_PODS = 20;

  private record Behind(long acknowledged, long sinceNs, long toldAtNs) {}

  private final Store store;
  private final EventRecorder events;
  private final Map<String, Behind> behind = new HashMap<>();

  EnforcementAlarm(Store store, EventRecorder events) {
    this.store = store;
    this.events = events;
  }

  /** How the nodes are now. */
  void look(ClusterStatus status, long nowNs) {
    Set<String> names = status.nodes().stream().map(NodeStatus::name).collect(Collectors.toSet());
    behind.keySet().retainAll(names);
    for (NodeStatus node : status.nodes()) {
      boolean current = node.ready() && node.policyGeneration() >= status.policyGeneration();
      if (current || !node.connected()) {
        behind.remove(node.name());
        continue;
      }
      Behind before = behind.get(node.name());
      boolean moves = before != null && before.acknowledged() != node.policyGeneration();
      if (before == null || (moves && node.ready())) {
        behind.put(node.name(), new Behind(node.policyGeneration(), nowNs, Long.MIN_VALUE));
        continue;
      }
      boolean told = before.toldAtNs() != Long.MIN_VALUE;
      if (nowNs - before.sinceNs() >= PATIENCE.toNanos()
          && (!told || nowNs - before.toldAtNs() >= AGAIN.toNanos())) {
        behind.put(node.name(), new Behind(node.policyGeneration(), before.sinceNs(), nowNs));
        tell(node, Duration.ofNanos(nowNs - before.sinceNs()).toSeconds());
      }
    }
  }

  private void tell(NodeStatus node, long seconds) {
    String why =
        node.problems().isEmpty()
            ? "its agent has acknowledged nothing for %d s".formatted(seconds)
            : String.join("; ", node.problems());
    String message =
        ("node %s does not enforce policy as it is now: %s; what it enforced before stays in force;"
                + " look at the log of the agent's pod on that node")
            .formatted(node.name(), why);
    events.warn(ObjectReference.node(node.name()), PodTrouble.NO_POLICY, message);
    Set<String> isolated =
        objects(Kinds.NETWORK_POLICY.name()).stream()
            .map(policy -> policy.key().namespace())
            .collect(Collectors.toSet());
    objects(Kinds.POD.name()).stream()
        .filter(object -> isolated.contains(object.key().namespace()))
        .map(object -> Pod.read(object.tree()))
        .filter(pod -> pod.nodeName().equals(node.name()) && pod.isOnPodNetwork())
        .limit(MOST_PODS)
        .forEach(
            pod ->
                events.warn(
                    ObjectReference.pod(pod.namespace(), pod.name(), pod.metadata().uid()),
                    PodTrouble.NO_POLICY,
                    message));
  }

  private List<StoredObject> objects(KindName kind) {
    return store.snapshot(Selection.of(kind)).objects();
  }
}
