package io.ocicat.agent.attach;

import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.agent.node.LocalEndpoint;
import io.ocicat.cni.CniCall;
import io.ocicat.cni.CniResult;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.MacAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The result of ADD for an endpoint, and what CHECK finds different from it. */
final class AddResult {

  private static final MacAddress HOST_MAC = MacAddress.parse("ee:ee:ee:ee:ee:ee");
  private static final IpAddress GATEWAY_V4 = IpAddress.parse("169.254.1.1");
  private static final int POD_INTERFACE = 1;

  private AddResult() {}

  static CniResult of(EndpointRecord endpoint, String sandbox, PodLinks.Wired wired) {
    List<CniResult.Ip> ips = new ArrayList<>();
    List<CniResult.Route> routes = new ArrayList<>();
    Set<IpFamily> routed = new HashSet<>();
    for (IpAddress address : endpoint.addresses()) {
      IpAddress gateway = gateway(address.family());
      ips.add(new CniResult.Ip(address, address.family().bits(), List.of(gateway), POD_INTERFACE));
      if (routed.add(address.family())) {
        routes.add(new CniResult.Route(everything(address.family()), List.of(gateway)));
      }
    }
    return new CniResult(
        List.of(
            new CniResult.Interface(
                LocalEndpoint.linkOf(endpoint).hostInterface(),
                HOST_MAC.toString(),
                wired.mtuBytes(),
                ""),
            new CniResult.Interface(
                endpoint.key().ifName(), wired.mac(), wired.mtuBytes(), sandbox)),
        ips,
        routes);
  }

  private static IpAddress gateway(IpFamily family) {
    return switch (family) {
      case IPV4 -> GATEWAY_V4;
      case IPV6 -> HOST_MAC.toLinkLocal();
    };
  }

  private static Cidr everything(IpFamily family) {
    return switch (family) {
      case IPV4 -> Cidr.parse("0.0.0.0/0");
      case IPV6 -> Cidr.parse("::/0");
    };
  }

  /** How the result that the runtime kept differs from the endpoint; chained plugins may add. */
  static List<String> differences(EndpointRecord endpoint, CniCall.Check call) {
    CniResult expected = call.expected();
    List<String> problems = new ArrayList<>();
    OptionalInt index = expected.indexOf(endpoint.key().ifName(), call.netns().path());
    if (index.isEmpty()) {
      problems.add(
          "prevResult has no interface %s in %s"
              .formatted(endpoint.key().ifName(), call.netns().path()));
      return problems;
    }
    List<IpAddress> addresses =
        expected.ips().stream()
            .filter(ip -> ip.interfaceIndex() == index.getAsInt())
            .map(CniResult.Ip::address)
            .toList();
    for (IpAddress address : addresses) {
      if (!endpoint.addresses().contains(address)) {
        problems.add("address %s of prevResult is not the attachment's".formatted(address));
      }
    }
    for (IpAddress address : endpoint.addresses()) {
      if (!addresses.contains(address)) {
        problems.add("the attachment's address %s is not in prevResult".formatted(address));
      }
    }
    return problems;
  }
}
