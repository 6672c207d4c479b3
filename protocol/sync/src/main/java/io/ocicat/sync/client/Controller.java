package io.ocicat.sync.client;

import io.ocicat.inet.Cidr;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.Endpoint;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PodTrouble;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncDelta;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The controller as an agent sees it. All methods may be called from any thread; those with a
 * deadline block for at most that long, the others never.
 */
public interface Controller {

  /**
   * What changed since the last call, merged into one delta; empty if nothing did. The first call
   * gives the saved table as a snapshot, if there was one. A snapshot of the controller's arrives
   * here as an ordinary delta. {@link SyncListener#updatesPending} says when to call.
   */
  Optional<SyncDelta> takeUpdates();

  /**
   * The address groups whose members are wanted, replacing the set of the last call. A group has
   * arrived when its item has; one no longer wanted is removed by a delta.
   */
  void subscribe(Set<String> groupIds);

  /** The kernel enforces everything up to {@code generation}. */
  void ack(long generation);

  /** An endpoint is wired, or its report changed. */
  void endpointUp(Endpoint endpoint);

  /** An endpoint is gone; an unknown key does nothing. */
  void endpointDown(EndpointKey key);

  /** Replaces the node's last report. */
  void report(NodeReport report);

  /** A pod could not be added; lost if no controller can be reached. */
  void report(PodTrouble trouble);

  /** Something for people; lost if no controller can be reached. */
  void tell(Notice notice);

  /**
   * @param uid the pod's; an earlier or later pod of the name is not meant; empty: any
   */
  PodAnswer resolvePod(PodName pod, String uid, Duration deadline);

  BlockAnswer requestBlock(BlockRequest request, Duration deadline);

  /** Gives back a block in which no address is in use. */
  ReleaseAnswer releaseBlock(Cidr block, Duration deadline);

  /** {@code true} while a stream to a controller stands and its first delta has arrived. */
  boolean connected();
}
