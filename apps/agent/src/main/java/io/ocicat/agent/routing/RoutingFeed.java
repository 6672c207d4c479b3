package io.ocicat.agent.routing;

import io.ocicat.routing.RoutingInputs;
import io.ocicat.sync.SyncDelta;
import java.util.List;

/** What planning follows from. Called by one thread; returns at once. */
public interface RoutingFeed {

  /** For a node that speaks no BGP. */
  RoutingFeed NONE =
      new RoutingFeed() {
        @Override
        public void table(SyncDelta delta) {}

        @Override
        public void workloads(List<RoutingInputs.Workload> workloads) {}

        @Override
        public void connected() {}
      };

  /** A change of the controller's table; what is not about routing is passed over. */
  void table(SyncDelta delta);

  /** The node's own pods, all of them. */
  void workloads(List<RoutingInputs.Workload> workloads);

  /** A controller listens again: what it was told before may be unknown to it. */
  void connected();
}
