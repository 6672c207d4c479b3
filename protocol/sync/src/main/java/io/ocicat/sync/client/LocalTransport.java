package io.ocicat.sync.client;

import io.ocicat.inet.Cidr;
import io.ocicat.sync.AgentService;
import io.ocicat.sync.AgentService.AgentStream;
import io.ocicat.sync.AgentService.DeltaSink;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncDelta;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Connects an agent with a controller in the same process. */
public final class LocalTransport implements ControllerTransport {

  private final AgentService service;
  private final String node;

  public LocalTransport(AgentService service, String node) {
    this.service = service;
    this.node = node;
  }

  @Override
  public Outgoing open(Incoming incoming) {
    AtomicBoolean ended = new AtomicBoolean();
    AgentStream stream =
        service.open(
            node,
            new DeltaSink() {
              @Override
              public boolean ready() {
                return true;
              }

              @Override
              public void send(SyncDelta delta) {
                if (!ended.get()) {
                  incoming.received(delta);
                }
              }

              @Override
              public void end(String reason) {
                if (ended.compareAndSet(false, true)) {
                  incoming.closed(reason);
                }
              }
            });
    return new Outgoing() {
      @Override
      public void send(FromAgent message) {
        if (!ended.get()) {
          stream.received(message);
        }
      }

      @Override
      public void end() {
        if (ended.compareAndSet(false, true)) {
          stream.closed();
          incoming.closed("ended by this agent");
        }
      }
    };
  }

  @Override
  public PodAnswer resolvePod(PodName pod, String uid, Duration deadline) {
    return service.resolvePod(node, pod, uid);
  }

  @Override
  public BlockAnswer requestBlock(BlockRequest request, Duration deadline) {
    return service.requestBlock(node, request);
  }

  @Override
  public ReleaseAnswer releaseBlock(Cidr block, Duration deadline) {
    return service.releaseBlock(node, block);
  }

  @Override
  public void maintain() {}

  @Override
  public void close() {}
}
