package io.ocicat.controller.reports;

import io.ocicat.sync.FromAgent;

/** Makes known on pods what agents wired for them. For one thread. */
public interface PodReports {

  /** Pods stay as they are. */
  PodReports NONE = (_, _) -> {};

  /**
   * What the agent of a node said.
   *
   * @throws io.ocicat.store.StoreException if it cannot be made known now
   */
  void report(String node, FromAgent.Endpoints report);
}
