package io.ocicat.bgp.rib;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells listeners what is used, in batches, in slices of the loop. */
final class LocRibFeed {
  private static final int BATCH = 256;

  private final Rib rib;
  private final List<RouteListener> listeners = new ArrayList<>();
  private final Map<FamilyTable, NumberQueue> pending = new HashMap<>();
  private final int[] paths = new int[64];
  private boolean running;

  LocRibFeed(Rib rib) {
    this.rib = rib;
  }

  void listen(RouteListener listener) {
    listeners.add(listener);
    for (FamilyTable table : rib.tables()) {
      for (int net = 1; net < table.prefixes.limit(); net++) {
        if (table.best(net) != 0) {
          changed(table, net);
        }
      }
    }
    run();
  }

  void changed(FamilyTable table, int net) {
    if (listeners.isEmpty()) {
      return;
    }
    if (pending.computeIfAbsent(table, t -> new NumberQueue()).add(net)) {
      table.prefixes.pin(net);
    }
    run();
  }

  /** The deferral is over. */
  void resume() {
    if (!listeners.isEmpty()) {
      run();
    }
  }

  private void run() {
    if (!running && !rib.deferred()) {
      running = true;
      rib.background().work(this::runFor);
    }
  }

  private boolean runFor(long nanos) {
    if (rib.deferred()) {
      running = false; // begins again when the deferral ends
      return false;
    }
    long until = rib.background().nanoTime() + nanos;
    do {
      List<RouteChange> batch = batch();
      if (batch.isEmpty()) {
        running = false;
        for (RouteListener listener : listeners) {
          listener.inSync();
        }
        return false;
      }
      for (RouteListener listener : listeners) {
        listener.changed(batch);
      }
    } while (rib.background().nanoTime() < until);
    return true;
  }

  private List<RouteChange> batch() {
    List<RouteChange> batch = new ArrayList<>();
    for (Map.Entry<FamilyTable, NumberQueue> entry : pending.entrySet()) {
      FamilyTable table = entry.getKey();
      NumberQueue nets = entry.getValue();
      while (!nets.isEmpty() && batch.size() < BATCH) {
        int net = nets.poll();
        batch.add(change(table, net));
        table.prefixes.unpin(net);
      }
    }
    return batch;
  }

  private RouteChange change(FamilyTable table, int net) {
    int count = table.together(net, paths);
    List<UsedPath> used = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      RibPeer owner = rib.peers().at(table.owner(paths[i]));
      used.add(
          new UsedPath(
              owner.index() == 0 ? "" : owner.name(),
              owner.device(),
              table.external(paths[i]),
              rib.attributes().set(table.accepted(paths[i]))));
    }
    return new RouteChange(table.family, table.prefixes.prefix(net), used);
  }
}
