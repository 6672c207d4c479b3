package io.ocicat.bgp.session;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.loop.Loop;
import io.ocicat.bgp.rib.PeerRoutes;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** What a session asks of the speaker that it belongs to. */
public interface SessionContext {

  Loop loop();

  RandomGenerator random();

  /** Our BGP identifier. */
  int identifier();

  /** Room to read into that all sessions of the loop share; its content is lost between turns. */
  ByteBuffer scratch();

  /** Whether we started less than a restart time ago and ask neighbours to have kept our routes. */
  boolean restarting();

  /** Who notices that a neighbour is gone. */
  Liveness liveness();

  /** A session is established: its routes are wanted. */
  PeerRoutes up(Session session, Established established, Runnable wake);

  /** What was chosen for an established session is another now, which its OPEN does not show. */
  void changed(Session session, Established established, PeerRoutes routes);

  /** An established session has got an UPDATE, which is about to be taken; not to be changed. */
  void heard(Session session, ByteBuffer update);

  /** A session went from one state to another; the last word is {@link Session#lastError}. */
  void moved(Session session, FsmState from, FsmState to);
}
