package io.ocicat.routing;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.BgpFilter;
import io.ocicat.model.BgpPeer;
import io.ocicat.model.BgpPeerOptions;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.EndpointSlice;
import io.ocicat.model.IpPool;
import io.ocicat.model.Node;
import io.ocicat.model.SecretKey;
import io.ocicat.model.Service;
import io.ocicat.selector.Labels;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a node's speaker is planned from. Of the node's own things no more is needed than its
 * own leases and pods.
 *
 * @param workloads the node's own pods
 * @param passwords of those Secrets that could be read
 */
public record RoutingInputs(
    List<Node> nodes,
    List<BgpConfiguration> configurations,
    List<BgpPeer> peers,
    List<BgpFilter> filters,
    List<BgpPeerOptions> options,
    List<IpPool> pools,
    List<BlockAffinity> leases,
    List<Workload> workloads,
    List<Service> services,
    List<EndpointSlice> slices,
    Map<SecretKey, String> passwords) {

  /** Nothing. */
  public static final RoutingInputs EMPTY =
      new RoutingInputs(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of(), List.of(), Map.of());

  /**
   * A pod of the node.
   *
   * @param name {@code namespace/name}
   * @param labels as policies see them
   * @param device the host end of its interface
   * @param priority the metric of its routes, where it is not an ordinary one: a pod that is moving
   *     here
   */
  public record Workload(
      String name,
      Labels labels,
      List<IpAddress> addresses,
      String device,
      Optional<Integer> priority) {
    /** Copies the list. */
    public Workload {
      addresses = List.copyOf(addresses);
    }
  }

  /** Copies the collections. */
  public RoutingInputs {
    nodes = List.copyOf(nodes);
    configurations = List.copyOf(configurations);
    peers = List.copyOf(peers);
    filters = List.copyOf(filters);
    options = List.copyOf(options);
    pools = List.copyOf(pools);
    leases = List.copyOf(leases);
    workloads = List.copyOf(workloads);
    services = List.copyOf(services);
    slices = List.copyOf(slices);
    passwords = Map.copyOf(passwords);
  }
}
