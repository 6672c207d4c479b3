package io.ocicat.controller;

import io.ocicat.inet.Cidr;
import io.ocicat.sync.AgentService;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.client.ControllerTransport;
import io.ocicat.sync.client.LocalTransport;
import java.time.Duration;
import java.util.Optional;

/** Leads to one controller, then to none, then to the next. */
class SwitchedTransport implements ControllerTransport {

  private final String node;
  private volatile Optional<ControllerTransport> current = Optional.empty();
  private volatile Optional<Outgoing> stream = Optional.empty();

  SwitchedTransport(String node) {
    this.node = node;
  }

  void connectTo(AgentService controller) {
    current = Optional.of(new LocalTransport(controller, node));
  }

  void connectToNobody() {
    current = Optional.empty();
    stream.ifPresent(Outgoing::end);
  }

  @Override
  public Outgoing open(Incoming incoming) {
    Optional<ControllerTransport> to = current;
    if (to.isPresent()) {
      Outgoing opened = to.get().open(incoming);
      stream = Optional.of(opened);
      return opened;
    }
    incoming.closed("nobody is there");
    return new Outgoing() {
      @Override
      public void send(FromAgent message) {}

      @Override
      public void end() {}
    };
  }

  @Override
  public PodAnswer resolvePod(PodName pod, String uid, Duration deadline) {
    return current
        .map(each -> each.resolvePod(pod, uid, deadline))
        .orElse(new PodAnswer.Unavailable("nobody is there"));
  }

  @Override
  public BlockAnswer requestBlock(BlockRequest request, Duration deadline) {
    return current
        .map(each -> each.requestBlock(request, deadline))
        .orElse(new BlockAnswer.Unavailable("nobody is there"));
  }

  @Override
  public ReleaseAnswer releaseBlock(Cidr block, Duration deadline) {
    return current
        .map(each -> each.releaseBlock(block, deadline))
        .orElse(new ReleaseAnswer.Unavailable("nobody is there"));
  }

  @Override
  public void maintain() {}

  @Override
  public void close() {}
}
