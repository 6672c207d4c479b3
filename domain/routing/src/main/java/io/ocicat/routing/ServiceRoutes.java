package io.ocicat.routing;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.BgpConfiguration.ServiceRanges;
import io.ocicat.model.EndpointSlice;
import io.ocicat.model.Node;
import io.ocicat.model.Service;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Routes to addresses of Services. A range is announced as such by every node; the addresses of a
 * Service whose traffic stays local ({@code externalTrafficPolicy: Local}) each by the nodes that
 * have a ready endpoint of it. Where ranges of load balancers are not aggregated, and where a range
 * is a single address, every node announces the addresses that Services have.
 */
final class ServiceRoutes {
  private final RoutingInputs inputs;
  private final Node node;
  private final BgpSettings settings;
  private final Set<String> servedHere = new HashSet<>();

  ServiceRoutes(RoutingInputs inputs, Node node, BgpSettings settings) {
    this.inputs = inputs;
    this.node = node;
    this.settings = settings;
    for (EndpointSlice slice : inputs.slices()) {
      if (slice.endpoints().stream()
          .anyMatch(each -> each.ready() && each.node().equals(node.name()))) {
        servedHere.add(slice.namespace() + "/" + slice.service());
      }
    }
  }

  /** Tells each route with a reason; one route may have several. */
  void each(BiConsumer<Cidr, Reason> target) {
    if (node.labels().has(NodeFacts.SILENT)) {
      return;
    }
    boolean aggregated =
        settings
            .said("serviceLoadBalancerAggregation", c -> c.services().aggregated())
            .map(BgpSettings.Said::value)
            .orElse(true);
    sort("serviceClusterIPs", ServiceRanges::cluster, Service::clusterAddresses, true, target);
    sort("serviceExternalIPs", ServiceRanges::external, Service::externalAddresses, true, target);
    sort(
        "serviceLoadBalancerIPs",
        ServiceRanges::balanced,
        service ->
            service.type() == Service.Type.LOAD_BALANCER
                ? service.loadBalancerAddresses()
                : List.of(),
        aggregated,
        target);
  }

  private void sort(
      String field,
      Function<ServiceRanges, Optional<List<Cidr>>> reading,
      Function<Service, List<IpAddress>> addresses,
      boolean aggregated,
      BiConsumer<Cidr, Reason> target) {
    var said = settings.said(field, (BgpConfiguration c) -> reading.apply(c.services()));
    if (said.isEmpty()) {
      return;
    }
    List<Cidr> ranges = said.get().value();
    for (int i = 0; i < ranges.size(); i++) {
      Cidr range = ranges.get(i);
      boolean whole = aggregated && !range.isHost();
      if (whole) {
        target.accept(
            range,
            new Reason(said.get().reason().object(), "spec.%s[%d].cidr".formatted(field, i)));
      }
      for (Service service : inputs.services()) {
        for (IpAddress address : addresses.apply(service)) {
          if (range.contains(address) && isAnnounced(service, whole)) {
            target.accept(
                address.toHostCidr(),
                new Reason(
                    "Service/" + service.metadata(),
                    service.localTraffic() ? "spec.externalTrafficPolicy" : addressField(field)));
          }
        }
      }
    }
  }

  private boolean isAnnounced(Service service, boolean whole) {
    return service.localTraffic()
        ? servedHere.contains(service.namespace() + "/" + service.name())
        : !whole;
  }

  private static String addressField(String field) {
    return switch (field) {
      case "serviceClusterIPs" -> "spec.clusterIPs";
      case "serviceExternalIPs" -> "spec.externalIPs";
      default -> "status.loadBalancer.ingress";
    };
  }
}
