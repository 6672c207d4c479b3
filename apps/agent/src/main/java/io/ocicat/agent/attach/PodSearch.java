package io.ocicat.agent.attach;

import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.cni.CniErrorCode;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.client.Controller;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the Pod object of a container that is added: in the table, or else at the controller.
 *
 * <p>Where every pod has a Pod object, one that cannot be found is refused after a while: which
 * policies select it cannot be known, and it must not send a packet before they hold. Elsewhere the
 * labels given with ADD do. The uid tells a pod from an earlier one of its name, which the table,
 * or the controller, may still have.
 */
final class PodSearch {

  private static final Logger LOG = LoggerFactory.getLogger(PodSearch.class);

  /** The kubelet asks again after some seconds, so there is no use in much more. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration ONE_ANSWER = Duration.ofSeconds(1);
  private static final Duration BETWEEN = Duration.ofMillis(100);

  private final Function<PodName, Optional<SyncItem.LocalPod>> table;
  private final BooleanSupplier podObjects;
  private final Controller controller;
  private final Duration patience;

  /**
   * @param patience for how long a pod that must be found is looked for
   */
  PodSearch(
      Function<PodName, Optional<SyncItem.LocalPod>> table,
      BooleanSupplier podObjects,
      Controller controller,
      Duration patience) {
    this.table = table;
    this.podObjects = podObjects;
    this.controller = controller;
    this.patience = patience;
  }

  private Optional<SyncItem.LocalPod> inTable(EndpointRecord endpoint) {
    return table
        .apply(new PodName(endpoint.namespace(), endpoint.pod()))
        .filter(pod -> pod.isPod(endpoint.podUid()));
  }

  /** Whether {@link #find} would have to ask or wait. */
  boolean isNeeded(EndpointRecord endpoint) {
    return !endpoint.pod().isEmpty()
        && (podObjects.getAsBoolean() || controller.connected())
        && inTable(endpoint).isEmpty();
  }

  /**
   * The Pod object; none where pods need not have one. Blocks while it is asked and waited for.
   *
   * @throws CniRefusal if there must be one and it is not found
   */
  List<SyncItem.LocalPod> find(EndpointRecord endpoint) {
    PodName name = new PodName(endpoint.namespace(), endpoint.pod());
    long endNs = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<SyncItem.LocalPod> known = inTable(endpoint);
      if (known.isPresent()) {
        return List.of(known.get());
      }
      String missing =
          switch (controller.resolvePod(name, endpoint.podUid(), ONE_ANSWER)) {
            case PodAnswer.Found(SyncItem.LocalPod pod, _) when pod.isPod(endpoint.podUid()) -> {
              known = Optional.of(pod);
              yield "";
            }
            case PodAnswer.Found(SyncItem.LocalPod pod, _) ->
                "the controller knows a pod of that name with uid " + pod.uid();
            case PodAnswer.NotFound _ -> "the controller knows no such pod on this node";
            case PodAnswer.Unavailable(String reason) -> "the controller cannot say: " + reason;
          };
      if (known.isPresent()) {
        return List.of(known.get());
      }
      if (!podObjects.getAsBoolean()) {
        LOG.debug("pod {} is added with the labels of its ADD call: {}", name, missing);
        return List.of();
      }
      if (System.nanoTime() - endNs >= 0) {
        throw new CniRefusal(CniErrorCode.TRY_LATER, refusal(endpoint, name, missing));
      }
      pause();
    }
  }

  private String refusal(EndpointRecord endpoint, PodName name, String missing) {
    return ("pod %s%s is not known on this node, and without its labels no policy can be enforced"
            + " on it: %s; ADD will be done when the controller has the Pod object, so try again,"
            + " and if that does not help see whether the controller runs and reaches the API"
            + " server (waited %s)")
        .formatted(
            name,
            endpoint.podUid().isEmpty() ? "" : " with uid " + endpoint.podUid(),
            missing,
            patience);
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CniRefusal(CniErrorCode.TRY_LATER, "the agent is ending");
    }
  }
}
