package io.ocicat.sync;

import io.ocicat.inet.Cidr;

/**
 * What a controller does for agents. The transport has authenticated {@code node} in every call;
 * calls come from any thread.
 */
public interface AgentService {

  /** A node has opened a stream; messages may be sent from now on, also before this returns. */
  AgentStream open(String node, DeltaSink toAgent);

  /**
   * @param uid the pod's; an earlier or later pod of the name is not meant; empty: any
   */
  PodAnswer resolvePod(String node, PodName pod, String uid);

  BlockAnswer requestBlock(String node, BlockRequest request);

  ReleaseAnswer releaseBlock(String node, Cidr block);

  /** The controller's end of a stream, as the transport calls it: one call at a time. */
  interface AgentStream {

    void received(FromAgent message);

    /** {@link DeltaSink#ready} may have become {@code true}. */
    void writable();

    /** The last call: the stream ended, whoever ended it. */
    void closed();
  }

  /** The way to the agent of one stream; for one thread. */
  interface DeltaSink {

    /** {@code false} while the agent is slow to read: what is sent now waits in memory. */
    boolean ready();

    /** Does nothing after the stream ended. */
    void send(SyncDelta delta);

    /**
     * Ends the stream.
     *
     * @param reason for the agent's log
     */
    void end(String reason);
  }
}
