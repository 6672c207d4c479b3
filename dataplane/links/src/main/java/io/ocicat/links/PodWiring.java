package io.ocicat.links;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.MacAddress;
import io.ocicat.libc.Errno;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.NetNamespace;
import io.ocicat.netlink.Answer;
import io.ocicat.netlink.NetlinkException;
import io.ocicat.netlink.NlRequest;
import io.ocicat.plan.DesiredRoute;
import io.ocicat.plan.PodLink;
import io.ocicat.rtnetlink.AddressCodec;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.Ipv4Conf;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.NeighbourCodec;
import io.ocicat.rtnetlink.NeighbourMessage;
import io.ocicat.rtnetlink.RouteCodec;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import io.ocicat.state.Check;
import io.ocicat.state.FaultPoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes and removes the links of pods.
 *
 * <p>Bound to the node's namespace: that of the thread that opens it, and of the threads that call
 * {@link #wire}. Several threads may wire and unwire at once; they should be platform threads,
 * since the kernel works, and waits, inside their system calls.
 *
 * <p>A pod's link takes four exchanges with the kernel, whatever its addresses: make the pair and
 * set up the node's end; enter the pod's namespace to open a socket; all of the pod's end; address
 * and routes of the node's end.
 */
public final class PodWiring implements AutoCloseable {

  /** MAC address of the node's end of every pod link. */
  public static final MacAddress HOST_MAC = MacAddress.parse("ee:ee:ee:ee:ee:ee");

  /** The pods' IPv4 gateway, on no interface: the node answers for it by proxy ARP. */
  public static final IpAddress GATEWAY_V4 = IpAddress.parse("169.254.1.1");

  /** The pods' IPv6 gateway, on the node's end of every link. */
  public static final IpAddress GATEWAY_V6 = HOST_MAC.toLinkLocal();

  /** Fault points, in the order in which {@link #wire} passes them. */
  public static final List<String> WIRE_FAULT_POINTS =
      List.of("wire-entered", "wire-created", "wire-pod-configured", "wire-host-configured");

  private static final int LOOPBACK_INDEX = 1;
  private static final int LINK_LOCAL_PREFIX = 64;

  private final NetNamespace home;
  private final Rtnetlink node;
  private final Rtnetlink removals;
  private final LinkRemover remover;
  private final SysctlTable sysctls;
  private final FaultPoints faults;

  private PodWiring(
      NetNamespace home,
      Rtnetlink node,
      Rtnetlink removals,
      SysctlTable sysctls,
      FaultPoints faults) {
    this.home = home;
    this.node = node;
    this.removals = removals;
    this.remover = new LinkRemover(removals);
    this.sysctls = sysctls;
    this.faults = faults;
  }

  /** For the namespace of the calling thread. */
  public static PodWiring open(SysctlTable sysctls, FaultPoints faults) {
    NetNamespace home = NetNamespace.current();
    try {
      Rtnetlink node = Rtnetlink.open();
      try {
        return new PodWiring(home, node, Rtnetlink.open(), sysctls, faults);
      } catch (LibcException e) {
        node.close();
        throw e;
      }
    } catch (LibcException e) {
      home.close();
      throw e;
    }
  }

  /**
   * Gives a pod its link. What an interrupted attempt for the same container and interface left is
   * replaced.
   *
   * @throws WiringException if the kernel refuses a step; what was done is undone
   */
  public WireResult wire(WireRequest request) {
    String netns = request.netns().toString();
    try (NetNamespace namespace = NetNamespace.open(request.netns());
        Rtnetlink pod = namespace.visit(home, Rtnetlink::open)) {
      faults.hit(WIRE_FAULT_POINTS.get(0));
      Optional<LinkMessage> created = create(request, namespace);
      if (created.isEmpty()) {
        return new WireResult.InterfaceTaken(request.link().ifname(), netns);
      }
      finish(request, namespace, pod, created.get());
      return new WireResult.Wired(request.link().hostInterface(), HOST_MAC, request.podMac());
    } catch (LibcException e) {
      // EINVAL: the file is there, but no namespace is mounted on it any more.
      if (e.is(Errno.ENOENT) || (e.call().equals("setns") && e.is(Errno.EINVAL))) {
        return new WireResult.NamespaceGone(netns);
      }
      throw new WiringException("enter " + netns, request.link().hostInterface(), e);
    }
  }

  /**
   * Makes the pair and sets up the node's end.
   *
   * @return empty if the pod has an interface of that name
   */
  private Optional<LinkMessage> create(WireRequest request, NetNamespace namespace) {
    String name = request.link().hostInterface();
    List<NlRequest> requests = createRequests(request, namespace);
    List<Answer> answers = node.executeAll(requests);
    if (isRefused(answers.getFirst(), Errno.EEXIST)) {
      if (node.link(name).isEmpty()) {
        return Optional.empty();
      }
      remover.remove(List.of(name));
      answers = node.executeAll(requests);
      if (isRefused(answers.getFirst(), Errno.EEXIST)) {
        return Optional.empty();
      }
    }
    try {
      answers.forEach(PodWiring::orThrow);
    } catch (NetlinkException e) {
      throw undone(request, "make the link", e);
    }
    return switch (answers.getLast()) {
      case Answer.Acknowledged(var replies) -> Optional.of(LinkCodec.decode(replies.getFirst()));
      case Answer.Refused(NetlinkException cause) -> throw cause;
    };
  }

  // All in one system call: a process that dies leaves either nothing or a link with its alias.
  private static List<NlRequest> createRequests(WireRequest request, NetNamespace namespace) {
    PodLink link = request.link();
    String name = link.hostInterface();
    LinkSettings created = LinkSettings.NONE.mtu(request.mtuBytes());
    LinkSettings quiet =
        LinkSettings.NONE
            .alias(link.alias())
            .ipv4Conf(Ipv4Conf.FORWARDING, 1)
            .ipv4Conf(Ipv4Conf.PROXY_ARP, 1)
            .ipv4Conf(Ipv4Conf.RP_FILTER, 1);
    return List.of(
        LinkCodec.newVeth(
            new LinkCodec.NamedLink(name, created.address(HOST_MAC)),
            new LinkCodec.NamedLink(link.ifname(), created.address(request.podMac())),
            namespace.fd()),
        LinkCodec.setLink(
            name, has(link, IpFamily.IPV6) ? quiet.withoutAddressGeneration() : quiet),
        LinkCodec.setLink(name, LinkSettings.NONE.up()),
        LinkCodec.getLink(name));
  }

  private void finish(
      WireRequest request, NetNamespace namespace, Rtnetlink pod, LinkMessage host) {
    String step = "set up the pod's end";
    try {
      faults.hit(WIRE_FAULT_POINTS.get(1));
      setUpPod(request, namespace, pod, host.peer());
      faults.hit(WIRE_FAULT_POINTS.get(2));
      step = "set up the node's end";
      node.executeAll(hostRequests(request.link(), host.index())).forEach(PodWiring::orThrow);
      if (has(request.link(), IpFamily.IPV6)) {
        sysctls.write("net/ipv6/conf/" + host.name() + "/accept_ra", "0");
      }
      faults.hit(WIRE_FAULT_POINTS.get(3));
    } catch (IOException e) {
      throw undone(request, step, new UncheckedIOException(e));
    } catch (NetlinkException | LibcException e) {
      throw undone(request, step, e);
    }
  }

  private static void setUpPod(
      WireRequest request, NetNamespace namespace, Rtnetlink pod, int index) {
    List<Answer> answers = pod.executeAll(podRequests(request, index));
    // EACCES is the kernel's way to say that IPv6 is switched off for the interface.
    boolean ipv6Off = answers.stream().anyMatch(answer -> isRefused(answer, Errno.EACCES));
    if (ipv6Off) {
      enableIpv6(namespace);
      answers =
          pod.executeAll(podRequests(request, index)).stream()
              .filter(answer -> !isRefused(answer, Errno.EEXIST))
              .toList();
    }
    answers.forEach(PodWiring::orThrow);
  }

  // A pod with an IPv6 address is meant to use it, whatever default its namespace was made with.
  private static void enableIpv6(NetNamespace namespace) {
    namespace.run(
        () -> {
          try {
            new ProcSysctls().write("net/ipv6/conf/all/disable_ipv6", "0");
          } catch (IOException e) {
            throw new UncheckedIOException("IPv6 is off in the pod and cannot be enabled", e);
          }
        });
  }

  private static List<NlRequest> podRequests(WireRequest request, int index) {
    PodLink link = request.link();
    List<NlRequest> requests = new ArrayList<>();
    requests.add(LinkCodec.setLink(LOOPBACK_INDEX, LinkSettings.NONE.up()));
    if (has(link, IpFamily.IPV6)) {
      requests.add(LinkCodec.setLink(index, LinkSettings.NONE.withoutAddressGeneration()));
    }
    requests.add(LinkCodec.setLink(index, LinkSettings.NONE.up()));
    for (IpAddress address : link.addresses()) {
      requests.add(
          AddressCodec.newAddress(AddressMessage.of(address, address.family().bits(), index)));
    }
    if (has(link, IpFamily.IPV6)) {
      requests.add(
          AddressCodec.newAddress(
              AddressMessage.of(request.podMac().toLinkLocal(), LINK_LOCAL_PREFIX, index)));
    }
    for (IpFamily family : IpFamily.values()) {
      if (has(link, family)) {
        requests.addAll(gatewayRequests(family, index));
      }
    }
    return requests;
  }

  private static List<NlRequest> gatewayRequests(IpFamily family, int index) {
    List<NlRequest> requests = new ArrayList<>();
    IpAddress gateway = gateway(family);
    requests.add(NeighbourCodec.newNeighbour(NeighbourMessage.permanent(gateway, HOST_MAC, index)));
    if (family == IpFamily.IPV4) {
      requests.add(
          RouteCodec.newRoute(
              RouteMessage.onLink(gateway.toHostCidr(), index, DesiredRoute.PROTOCOL)));
    }
    Cidr any = Cidr.containing(gateway, 0);
    requests.add(RouteCodec.newRoute(RouteMessage.via(any, gateway, index, DesiredRoute.PROTOCOL)));
    return requests;
  }

  private static List<NlRequest> hostRequests(PodLink link, int index) {
    List<NlRequest> requests = new ArrayList<>();
    if (has(link, IpFamily.IPV6)) {
      requests.add(
          // No prefix: on a router the subnet's anycast address would come with it, and its leaving
          // would double the time that deleting the link takes.
          AddressCodec.newAddress(
              AddressMessage.of(GATEWAY_V6, GATEWAY_V6.family().bits(), index)));
    }
    for (IpAddress address : link.addresses()) {
      requests.add(
          RouteCodec.newRoute(
              RouteMessage.onLink(address.toHostCidr(), index, DesiredRoute.PROTOCOL)));
    }
    return requests;
  }

  private RuntimeException undone(WireRequest request, String step, RuntimeException cause) {
    String name = request.link().hostInterface();
    WiringException failure = new WiringException(step, name, cause);
    try {
      remover.remove(List.of(name));
    } catch (NetlinkException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /**
   * Removes links, with their pods' ends, addresses and routes. One that is not there is no
   * failure. Calls at the same time share the kernel's waiting.
   *
   * @param hostInterfaces names of our own links
   * @throws NetlinkException if the kernel refuses
   */
  public void unwire(List<String> hostInterfaces) {
    for (String name : hostInterfaces) {
      Check.that(
          name.startsWith(PodLink.HOST_INTERFACE_PREFIX),
          () -> "asked to remove " + name + ", which is not a name of ours");
    }
    remover.remove(hostInterfaces);
    faults.hit("unwire-removed");
  }

  /** Our links in the kernel, as a restarted agent finds them. */
  public List<OwnLink> wired() {
    return node.links().stream().map(OwnLink::of).flatMap(Optional::stream).toList();
  }

  /**
   * What is not as {@link #wire} made it, for CNI CHECK.
   *
   * @return a sentence for each; none if all is well
   */
  public List<String> check(WireRequest request) {
    return new WiringCheck(node, request).problems();
  }

  static IpAddress gateway(IpFamily family) {
    return switch (family) {
      case IPV4 -> GATEWAY_V4;
      case IPV6 -> GATEWAY_V6;
    };
  }

  private static boolean has(PodLink link, IpFamily family) {
    return link.addresses().stream().anyMatch(address -> address.family() == family);
  }

  private static boolean isRefused(Answer answer, Errno errno) {
    return answer instanceof Answer.Refused(NetlinkException cause) && cause.is(errno);
  }

  private static void orThrow(Answer answer) {
    if (answer instanceof Answer.Refused(NetlinkException cause)) {
      throw cause;
    }
  }

  @Override
  public void close() {
    node.close();
    removals.close();
    home.close();
  }
}
