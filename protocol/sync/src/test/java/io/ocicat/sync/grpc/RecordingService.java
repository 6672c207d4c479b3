package io.ocicat.sync.grpc;

import io.ocicat.inet.Cidr;
import io.ocicat.sync.AgentService;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.ReleaseAnswer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Notes what agents say and leaves the answers to the test. */
final class RecordingService implements AgentService {

  /** An opened stream. */
  record Opened(String node, DeltaSink sink, BlockingQueue<FromAgent> messages) {}

  final BlockingQueue<Opened> streams = new LinkedBlockingQueue<>();
  final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

  @Override
  public AgentStream open(String node, DeltaSink toAgent) {
    Opened opened = new Opened(node, toAgent, new LinkedBlockingQueue<>());
    streams.add(opened);
    return new AgentStream() {
      @Override
      public void received(FromAgent message) {
        opened.messages.add(message);
      }

      @Override
      public void writable() {}

      @Override
      public void closed() {
        closed.add(node);
      }
    };
  }

  @Override
  public PodAnswer resolvePod(String node, PodName pod, String uid) {
    return new PodAnswer.NotFound(Map.of("asked", node + " " + pod + " " + uid));
  }

  @Override
  public BlockAnswer requestBlock(String node, BlockRequest request) {
    return new BlockAnswer.PoolExhausted(List.of(node));
  }

  @Override
  public ReleaseAnswer releaseBlock(String node, Cidr block) {
    return new ReleaseAnswer.Unavailable("the store is read-only");
  }
}
