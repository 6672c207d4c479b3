package io.ocicat.bgp.rib;

import java.util.List;

/**
 * Learns what is used (Loc-RIB), in batches, on the loop thread: usually who programs the kernel.
 */
public interface RouteListener {
  /** Prefixes whose paths in use may be others than before. The latest state, each once. */
  void changed(List<RouteChange> batch);

  /**
   * All that was waiting has been told, and no selection is deferred: what is not known is gone.
   */
  default void inSync() {}
}
