package io.ocicat.controller.reports;

import io.ocicat.sync.NodeReport;

/** Makes known how agents say that their nodes are. For one thread. */
public interface NodeReports {

  /**
   * What an agent said last.
   *
   * @throws io.ocicat.store.StoreException if it cannot be made known now
   */
  void report(String node, NodeReport report);

  /** The node's agent has been away for long. */
  void unreachable(String node);
}
