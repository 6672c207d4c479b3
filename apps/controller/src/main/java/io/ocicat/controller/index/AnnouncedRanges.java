package io.ocicat.controller.index;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.BgpConfiguration.ServiceRanges;
import io.ocicat.model.Service;
import io.ocicat.sync.SyncItem;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * In which ranges some node announces addresses of Services, and in which of those each address by
 * itself. Where nodes differ, whoever announces most decides who is told: an agent judges by its
 * own settings again.
 */
record AnnouncedRanges(Set<Range> cluster, Set<Range> external, Set<Range> balanced) {

  static final AnnouncedRanges NONE = new AnnouncedRanges(Set.of(), Set.of(), Set.of());

  /**
   * A range.
   *
   * @param whole it is announced as such, so that of its addresses only those with local traffic
   *     are announced besides
   */
  record Range(Cidr cidr, boolean whole) {
    boolean takes(IpAddress address, boolean localTraffic) {
      return cidr.contains(address) && (localTraffic || !whole);
    }
  }

  static AnnouncedRanges of(Collection<BgpConfiguration> configurations) {
    boolean apart =
        configurations.stream().anyMatch(each -> !each.services().aggregated().orElse(true));
    return new AnnouncedRanges(
        ranges(configurations, ServiceRanges::cluster, false),
        ranges(configurations, ServiceRanges::external, false),
        ranges(configurations, ServiceRanges::balanced, apart));
  }

  private static Set<Range> ranges(
      Collection<BgpConfiguration> configurations,
      Function<ServiceRanges, Optional<List<Cidr>>> reading,
      boolean apart) {
    Set<Range> all = new HashSet<>();
    for (BgpConfiguration configuration : configurations) {
      for (Cidr cidr : reading.apply(configuration.services()).orElse(List.of())) {
        all.add(new Range(cidr, !apart && !cidr.isHost()));
      }
    }
    return all;
  }

  /** What is told of a service; empty if none of its addresses is announced by itself. */
  Optional<SyncItem.Service> announced(Service service) {
    boolean isBalanced = service.type() == Service.Type.LOAD_BALANCER;
    boolean local = service.localTraffic();
    SyncItem.Service item =
        new SyncItem.Service(
            service.namespace(),
            service.name(),
            within(cluster, service.clusterAddresses(), local),
            within(external, service.externalAddresses(), local),
            isBalanced ? within(balanced, service.loadBalancerAddresses(), local) : List.of(),
            local);
    boolean none =
        item.clusterAddresses().isEmpty()
            && item.externalAddresses().isEmpty()
            && item.balancedAddresses().isEmpty();
    return none ? Optional.empty() : Optional.of(item);
  }

  private static List<IpAddress> within(
      Set<Range> ranges, List<IpAddress> addresses, boolean localTraffic) {
    return addresses.stream()
        .filter(address -> ranges.stream().anyMatch(range -> range.takes(address, localTraffic)))
        .toList();
  }
}
