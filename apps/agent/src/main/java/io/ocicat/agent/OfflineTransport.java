package io.ocicat.agent;

import io.ocicat.inet.Cidr;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.client.ControllerTransport;
import java.time.Duration;

/** The way to no controller: the agent enforces what it remembers. */
final class OfflineTransport implements ControllerTransport {

  private static final String REASON = "no controller is configured";

  @Override
  public Outgoing open(Incoming incoming) {
    return new Outgoing() {
      @Override
      public void send(FromAgent message) {}

      @Override
      public void end() {}
    };
  }

  @Override
  public PodAnswer resolvePod(PodName pod, String uid, Duration deadline) {
    return new PodAnswer.Unavailable(REASON);
  }

  @Override
  public BlockAnswer requestBlock(BlockRequest request, Duration deadline) {
    return new BlockAnswer.Unavailable(REASON);
  }

  @Override
  public ReleaseAnswer releaseBlock(Cidr block, Duration deadline) {
    return new ReleaseAnswer.Unavailable(REASON);
  }

  @Override
  public void maintain() {}

  @Override
  public void close() {}
}
