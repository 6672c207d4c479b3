package io.ocicat.sync.client;

import io.ocicat.inet.Cidr;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncDelta;
import java.time.Duration;

/**
 * The way to a controller. Never throws for what a network or the other side may do: a stream ends
 * with {@link Incoming#closed}, a question is answered with {@code Unavailable}.
 */
public interface ControllerTransport extends AutoCloseable {

  /** Opens a stream; returns at once, whether or not the controller can be reached. */
  Outgoing open(Incoming incoming);

  PodAnswer resolvePod(PodName pod, String uid, Duration deadline);

  BlockAnswer requestBlock(BlockRequest request, Duration deadline);

  ReleaseAnswer releaseBlock(Cidr block, Duration deadline);

  /** Called about once a minute; renews what expires. May block for some seconds. */
  void maintain();

  @Override
  void close();

  /** The agent's half of a stream; for one thread. */
  interface Outgoing {

    /** Does nothing after the stream ended. */
    void send(FromAgent message);

    /** Ends the stream. */
    void end();
  }

  /** The controller's half; one call at a time, from the transport's threads. */
  interface Incoming {

    void received(SyncDelta delta);

    /** The last call, made exactly once, unless it is {@link #ended}. */
    void closed(String reason);

    /** In place of {@link #closed}: to open again need not wait, since it is another attempt. */
    default void ended(String reason) {
      closed(reason);
    }
  }
}
