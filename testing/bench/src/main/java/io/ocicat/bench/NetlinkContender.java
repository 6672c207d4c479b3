package io.ocicat.bench;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.links.PodWiring;
import io.ocicat.links.ProcSysctls;
import io.ocicat.links.WireRequest;
import io.ocicat.links.WireResult;
import io.ocicat.plan.PodLink;
import io.ocicat.state.FaultPoints;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The kernel's share: the same wiring by netlink, with no plugin, agent, journal or policy. */
final class NetlinkContender implements Contender {

  private static final IpAddress FIRST_V4 = IpAddress.parse("10.90.0.1");
  private static final IpAddress FIRST_V6 = IpAddress.parse("fd90::1");
  private static final int MTU_BYTES = 1500;

  private final NetNamespace node = NetNamespace.create();
  private final PodWiring wiring =
      node.call(() -> PodWiring.open(new ProcSysctls(), FaultPoints.NONE));
  private final AtomicInteger next = new AtomicInteger();

  @Override
  public String name() {
    return "netlink alone";
  }

  @Override
  public NetNamespace node() {
    return node;
  }

  @Override
  public void add(Pod pod) {
    int index = next.getAndIncrement() % 10_000;
    PodLink link =
        PodLink.of(
            pod.containerId(),
            "eth0",
            "bench",
            pod.containerId(),
            List.of(FIRST_V4.plus(index), FIRST_V6.plus(index)));
    WireResult result = wiring.wire(new WireRequest(link, pod.path(), MTU_BYTES));
    if (!(result instanceof WireResult.Wired)) {
      throw new IllegalStateException("wiring " + pod.containerId() + ": " + result);
    }
  }

  @Override
  public void del(Pod pod) {
    wiring.unwire(List.of(PodLink.hostInterface(pod.containerId(), "eth0")));
  }

  @Override
  public void close() {
    wiring.close();
    node.close();
  }
}
