package io.ocicat.agent.kernel;

import io.ocicat.agent.attach.PodLinks;
import io.ocicat.cni.CniErrorCode;
import io.ocicat.inet.IpAddress;
import io.ocicat.links.PodWiring;
import io.ocicat.links.ProcSysctls;
import io.ocicat.links.UnderlayMtu;
import io.ocicat.links.WireRequest;
import io.ocicat.links.WireResult;
import io.ocicat.links.WiringException;
import io.ocicat.plan.PodLink;
import io.ocicat.rtnetlink.Rtnetlink;
import io.ocicat.state.FaultPoints;
import java.nio.file.Path;
import java.util.List;

/** Pod links in this namespace. From any platform thread of it. */
public final class KernelPodLinks implements PodLinks, AutoCloseable {

  private static final Path NO_NETNS = Path.of("");

  private final PodWiring wiring;
  private final int mtuBytes;

  private KernelPodLinks(PodWiring wiring, int mtuBytes) {
    this.wiring = wiring;
    this.mtuBytes = mtuBytes;
  }

  /**
   * For the namespace of the calling thread.
   *
   * @param nodeAddresses tell which link pods' packets leave by, whose MTU they get
   */
  public static KernelPodLinks open(List<IpAddress> nodeAddresses, FaultPoints faults) {
    try (Rtnetlink rtnetlink = Rtnetlink.open()) {
      return new KernelPodLinks(
          PodWiring.open(new ProcSysctls(), faults), UnderlayMtu.bytes(rtnetlink, nodeAddresses));
    }
  }

  @Override
  public Outcome wire(PodLink link, Path netns) {
    try {
      return switch (wiring.wire(request(link, netns))) {
        case WireResult.Wired(_, _, var podMac) -> new Wired(podMac.toString(), mtuBytes);
        case WireResult.InterfaceTaken taken ->
            new Refused(CniErrorCode.INVALID_ENVIRONMENT, taken.message());
        case WireResult.NamespaceGone gone ->
            new Refused(CniErrorCode.INVALID_NETNS, gone.message());
      };
    } catch (WiringException e) {
      return new Refused(CniErrorCode.IO_FAILURE, String.valueOf(e.getMessage()));
    }
  }

  private WireRequest request(PodLink link, Path netns) {
    return new WireRequest(link, netns, mtuBytes);
  }

  @Override
  public void unwire(String hostInterface) {
    wiring.unwire(List.of(hostInterface));
  }

  @Override
  public Wired describe(PodLink link) {
    return new Wired(request(link, NO_NETNS).podMac().toString(), mtuBytes);
  }

  @Override
  public List<String> check(PodLink link, Path netns) {
    return wiring.check(request(link, netns));
  }

  @Override
  public void close() {
    wiring.close();
  }
}
