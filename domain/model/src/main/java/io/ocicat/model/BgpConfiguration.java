package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a BGPConfiguration ({@code projectcalico.org/v3}) says; a field that is absent says nothing.
 *
 * @param metadata {@code default} for all nodes, {@code node.NAME} for one
 * @param mesh whether nodes peer with each other
 * @param asNumber the AS of nodes without one of their own
 * @param services the ranges in which addresses of Services are announced
 * @param communities values by name
 * @param advertisements communities of routes by prefix
 * @param listenPort the port at which nodes listen
 * @param meshPassword of sessions of the mesh
 * @param meshRestartTime how long a neighbour in the mesh that is gone keeps its routes
 * @param bindToNodeAddress whether nodes listen at their own addresses alone
 * @param ignoredInterfaces patterns of devices
 * @param workloadPeering the addresses at which pods find their node's speaker
 * @param programs which routes to pods of other nodes BGP gives to the kernel
 * @param normalPriorityV4 the metric of an ordinary IPv4 route
 * @param normalPriorityV6 the metric of an ordinary IPv6 route
 */
public record BgpConfiguration(
    Metadata metadata,
    Optional<Boolean> mesh,
    Optional<AsNumber> asNumber,
    ServiceRanges services,
    Map<String, RouteCommunity> communities,
    Optional<List<Advertisement>> advertisements,
    Optional<Integer> listenPort,
    Optional<SecretKey> meshPassword,
    Optional<Duration> meshRestartTime,
    Optional<Boolean> bindToNodeAddress,
    Optional<List<String>> ignoredInterfaces,
    List<IpAddress> workloadPeering,
    Optional<String> programs,
    Optional<Integer> normalPriorityV4,
    Optional<Integer> normalPriorityV6) {

  /**
   * Ranges in which addresses of Services are announced.
   *
   * @param cluster of cluster addresses
   * @param external of {@code externalIPs}
   * @param balanced of addresses of load balancers
   * @param aggregated whether a range of the last kind is announced as such
   */
  public record ServiceRanges(
      Optional<List<Cidr>> cluster,
      Optional<List<Cidr>> external,
      Optional<List<Cidr>> balanced,
      Optional<Boolean> aggregated) {
    /** Copies the lists. */
    public ServiceRanges {
      cluster = cluster.map(List::copyOf);
      external = external.map(List::copyOf);
      balanced = balanced.map(List::copyOf);
    }
  }

  /**
   * Communities of our own routes in a prefix.
   *
   * @param communities communities, or names of some
   */
  public record Advertisement(Cidr cidr, List<String> communities) {
    /** Copies the list. */
    public Advertisement {
      communities = List.copyOf(communities);
    }
  }

  /** Copies the collections. */
  public BgpConfiguration {
    communities = Map.copyOf(communities);
    advertisements = advertisements.map(List::copyOf);
    ignoredInterfaces = ignoredInterfaces.map(List::copyOf);
    workloadPeering = List.copyOf(workloadPeering);
  }

  /**
   * Reads a document of kind BGPConfiguration.
   *
   * @throws UnreadableDocumentException if a part cannot be read
   */
  public static BgpConfiguration read(JsonNode document) {
    Fields spec = Fields.of(document).object("spec");
    Map<String, RouteCommunity> communities = new LinkedHashMap<>();
    for (Fields each : spec.items("communities")) {
      communities.put(each.text("name"), each.parsed("value", RouteCommunity::parse));
    }
    List<IpAddress> peering = new ArrayList<>();
    spec.given("localWorkloadPeeringIPV4", IpAddress::parse).ifPresent(peering::add);
    spec.given("localWorkloadPeeringIPV6", IpAddress::parse).ifPresent(peering::add);
    return new BgpConfiguration(
        Metadata.read(document),
        spec.switched("nodeToNodeMeshEnabled"),
        spec.given("asNumber", AsNumber::parse),
        new ServiceRanges(
            ranges(spec, "serviceClusterIPs"),
            ranges(spec, "serviceExternalIPs"),
            ranges(spec, "serviceLoadBalancerIPs"),
            spec.given("serviceLoadBalancerAggregation", "Enabled"::equals)),
        communities,
        advertisements(spec),
        spec.given("listenPort", Integer::valueOf),
        BgpPeer.password(spec.object("nodeMeshPassword")),
        spec.given("nodeMeshMaxRestartTime", GoDuration::parse),
        spec.given("bindMode", "NodeIP"::equals),
        spec.has("ignoredInterfaces")
            ? Optional.of(spec.words("ignoredInterfaces"))
            : Optional.empty(),
        peering,
        spec.given("programClusterRoutes", text -> text),
        spec.given("ipv4NormalRoutePriority", Integer::valueOf),
        spec.given("ipv6NormalRoutePriority", Integer::valueOf));
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  private static Optional<List<Advertisement>> advertisements(Fields spec) {
    return spec.has("prefixAdvertisements")
        ? Optional.of(
            spec.items("prefixAdvertisements").stream()
                .map(each -> new Advertisement(each.cidr("cidr"), each.words("communities")))
                .toList())
        : Optional.empty();
  }

  private static Optional<List<Cidr>> ranges(Fields spec, String field) {
    return spec.has(field)
        ? Optional.of(spec.items(field).stream().map(each -> each.cidr("cidr")).toList())
        : Optional.empty();
  }
}
