package io.ocicat.links;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Errno;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.NetNamespace;
import io.ocicat.plan.DesiredRoute;
import io.ocicat.plan.PodLink;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares a pod's link in the kernel with what was asked for. */
final class WiringCheck {

  private final Rtnetlink node;
  private final WireRequest request;
  private final List<String> problems = new ArrayList<>();

  WiringCheck(Rtnetlink node, WireRequest request) {
    this.node = node;
    this.request = request;
  }

  List<String> problems() {
    PodLink link = request.link();
    Optional<LinkMessage> host = node.link(link.hostInterface());
    if (host.isEmpty()) {
      problems.add("the node has no link " + link.hostInterface());
    } else {
      checkHost(host.get());
    }
    try (NetNamespace namespace = NetNamespace.open(request.netns());
        Rtnetlink pod = Rtnetlink.openIn(namespace)) {
      Optional<LinkMessage> inside = pod.link(link.ifname());
      if (inside.isEmpty()) {
        problems.add("the pod has no interface " + link.ifname());
      } else {
        checkPod(pod, inside.get());
        if (host.isPresent() && host.get().peer() != inside.get().index()) {
          problems.add(
              "the pod's %s is not the other end of %s"
                  .formatted(link.ifname(), link.hostInterface()));
        }
      }
    } catch (LibcException e) {
      if (!e.is(Errno.ENOENT) && !e.is(Errno.EINVAL)) {
        throw e;
      }
      problems.add("there is no network namespace at " + request.netns());
    }
    return List.copyOf(problems);
  }

  private void checkHost(LinkMessage host) {
    if (!host.isUp()) {
      problems.add("the node's link %s is down".formatted(host.name()));
    }
    if (!host.alias().equals(request.link().alias())) {
      problems.add(
          "the node's link %s has alias '%s', not '%s'"
              .formatted(host.name(), host.alias(), request.link().alias()));
    }
    for (IpAddress address : request.link().addresses()) {
      boolean leadsToPod =
          node.route(address)
              .filter(route -> route.destination().equals(address.toHostCidr()))
              .filter(route -> leadsTo(route, host.index()))
              .isPresent();
      if (!leadsToPod) {
        problems.add("the node has no route to %s on %s".formatted(address, host.name()));
      }
    }
  }

  private void checkPod(Rtnetlink pod, LinkMessage inside) {
    if (!inside.isUp()) {
      problems.add("the pod's interface %s is down".formatted(inside.name()));
    }
    List<IpAddress> present =
        pod.addresses(inside.index()).stream().map(AddressMessage::local).toList();
    List<RouteMessage> routes = pod.routes(DesiredRoute.PROTOCOL);
    for (IpAddress address : request.link().addresses()) {
      if (!present.contains(address)) {
        problems.add("the pod's %s lacks address %s".formatted(inside.name(), address));
      }
    }
    request.link().addresses().stream()
        .map(IpAddress::family)
        .distinct()
        .filter(family -> routes.stream().noneMatch(r -> isDefault(r, family, inside.index())))
        .forEach(
            family ->
                problems.add(
                    "the pod has no default route via %s on %s"
                        .formatted(PodWiring.gateway(family), inside.name())));
  }

  private static boolean isDefault(RouteMessage route, IpFamily family, int index) {
    return route.destination().family() == family
        && route.destination().prefixLength() == 0
        && leadsTo(route, index)
        && route.nextHops().getFirst().gateway().equals(PodWiring.gateway(family));
  }

  private static boolean leadsTo(RouteMessage route, int index) {
    return route.nextHops().size() == 1 && route.nextHops().getFirst().index() == index;
  }
}
