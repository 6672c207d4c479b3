package io.ocicat.agent.routing;

import io.ocicat.sync.ItemKey;
import io.ocicat.sync.Notice;
import io.ocicat.sync.SyncItem;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Answers CalicoNodeStatuses: at once, when a controller listens again, and then as often as each
 * asks for. Belongs to one thread; what is answered may come from any.
 */
final class StatusAnswers {

  private static final long NEVER = Long.MAX_VALUE;

  private static final class Open {
    private final SyncItem.StatusRequest request;
    private long atNs;

    Open(SyncItem.StatusRequest request, long atNs) {
      this.request = request;
      this.atNs = atNs;
    }
  }

  private final RoutingStatus status;
  private final Consumer<Notice> controller;
  private final Map<ItemKey, Open> open = new HashMap<>();

  StatusAnswers(RoutingStatus status, Consumer<Notice> controller) {
    this.status = status;
    this.controller = controller;
  }

  /** These are the questions; one that is as it was keeps its time. */
  void ask(Map<ItemKey, SyncItem.StatusRequest> requests, long nowNs) {
    open.keySet().retainAll(requests.keySet());
    requests.forEach(
        (key, request) -> {
          Open known = open.get(key);
          if (known == null || !known.request.equals(request)) {
            open.put(key, new Open(request, nowNs));
          }
        });
  }

  void askAgain(long nowNs) {
    open.values().forEach(each -> each.atNs = nowNs);
  }

  /** When {@link #due} has something to do next. */
  long nextNs() {
    return open.values().stream().mapToLong(each -> each.atNs).min().orElse(NEVER);
  }

  /** Answers what is due. */
  void due(long nowNs) {
    for (Open each : open.values()) {
      if (each.atNs != NEVER && nowNs - each.atNs >= 0) {
        int period = each.request.periodSeconds();
        each.atNs = period == 0 ? NEVER : nowNs + TimeUnit.SECONDS.toNanos(period);
        String name = each.request.name();
        String uid = each.request.uid();
        status.ask(
            each.request.parts(),
            routing -> controller.accept(new Notice.Routed(name, uid, routing)));
      }
    }
  }
}
