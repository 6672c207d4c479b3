package io.ocicat.agent.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.BgpFilter;
import io.ocicat.model.BgpPeer;
import io.ocicat.model.BgpPeerOptions;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.EndpointSlice;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.Metadata;
import io.ocicat.model.Node;
import io.ocicat.model.SecretKey;
import io.ocicat.model.Service;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.routing.RoutingInputs;
import io.ocicat.selector.Labels;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What of the controller's table routing depends on. Belongs to one thread. */
final class RoutingModel {

  private static final JsonMapper JSON = new JsonMapper();

  private final String nodeName;
  private final Map<ItemKey, Node> nodes = new TreeMap<>();
  private final Map<ItemKey, BgpConfiguration> configurations = new TreeMap<>();
  private final Map<ItemKey, BgpPeer> peers = new TreeMap<>();
  private final Map<ItemKey, BgpFilter> filters = new TreeMap<>();
  private final Map<ItemKey, BgpPeerOptions> options = new TreeMap<>();
  private final Map<ItemKey, IpPool> pools = new TreeMap<>();
  private final Map<ItemKey, BlockAffinity> leases = new TreeMap<>();
  private final Map<ItemKey, SyncItem.Service> services = new TreeMap<>();
  private final Map<ItemKey, SyncItem.Password> passwords = new TreeMap<>();
  private final Map<ItemKey, SyncItem.StatusRequest> requests = new TreeMap<>();
  private final Map<ItemKey, String> problems = new TreeMap<>();
  private final List<Map<ItemKey, ?>> all =
      List.of(
          nodes,
          configurations,
          peers,
          filters,
          options,
          pools,
          leases,
          services,
          passwords,
          requests,
          problems);
  private List<RoutingInputs.Workload> workloads = List.of();

  RoutingModel(String nodeName) {
    this.nodeName = nodeName;
  }

  /** Whether an item of this key can be about routing. */
  static boolean concerns(ItemKey key) {
    return switch (key.kind()) {
      case ROUTING, NODE, SERVICE, PASSWORD, STATUS_REQUEST, POOL, BLOCK -> true;
      case POLICY, NAMESPACE, POD, GROUP, CLUSTER, TIER, INSPECTION, HOST_ENDPOINT, CONFIGURATION ->
          false;
    };
  }

  void apply(SyncDelta delta) {
    if (delta.snapshot()) {
      Set<ItemKey> kept = new HashSet<>();
      delta.upserts().forEach(item -> kept.add(item.key()));
      all.forEach(each -> each.keySet().retainAll(kept));
    }
    delta.removals().forEach(this::forget);
    delta.upserts().forEach(this::take);
  }

  private void forget(ItemKey key) {
    all.forEach(each -> each.remove(key));
  }

  private void take(SyncItem item) {
    ItemKey key = item.key();
    switch (item) {
      case SyncItem.Routing routing -> readDocument(routing);
      case SyncItem.Pool(var name, var document) ->
          read(key, "IPPool " + name, () -> pools.put(key, IpPool.read(parse(document))));
      case SyncItem.Node node -> nodes.put(key, node(node));
      case SyncItem.Block block -> {
        if (block.node().equals(nodeName)) {
          leases.put(key, BlockAffinity.of(nodeName, block.cidr()));
        } else {
          leases.remove(key);
        }
      }
      case SyncItem.Service service -> services.put(key, service);
      case SyncItem.Password password -> passwords.put(key, password);
      case SyncItem.StatusRequest request -> requests.put(key, request);
      case SyncItem.Policy _,
          SyncItem.Tier _,
          SyncItem.HostEndpoint _,
          SyncItem.Configuration _,
          SyncItem.Namespace _,
          SyncItem.LocalPod _,
          SyncItem.Cluster _,
          SyncItem.Inspection _,
          SyncItem.Group _ -> {}
    }
  }

  private interface Reading {
    void read() throws JsonProcessingException;
  }

  private void readDocument(SyncItem.Routing item) {
    ItemKey key = item.key();
    read(
        key,
        item.kind() + " " + item.name(),
        () -> {
          JsonNode tree = parse(item.document());
          if (item.kind().equals(Kinds.BGP_CONFIGURATION.kind())) {
            configurations.put(key, BgpConfiguration.read(tree));
          } else if (item.kind().equals(Kinds.BGP_PEER.kind())) {
            peers.put(key, BgpPeer.read(tree));
          } else if (item.kind().equals(Kinds.BGP_FILTER.kind())) {
            filters.put(key, BgpFilter.read(tree));
          } else if (item.kind().equals(Kinds.BGP_PEER_OPTIONS.kind())) {
            options.put(key, BgpPeerOptions.read(tree));
          } else {
            problems.put(
                key,
                "%s %s is of a kind that this agent does not know, and is passed over"
                    .formatted(item.kind(), item.name()));
          }
        });
  }

  /** What cannot be read is as if it were not there. */
  private void read(ItemKey key, String what, Reading reading) {
    forget(key);
    try {
      reading.read();
    } catch (UnreadableDocumentException | IllegalArgumentException | JsonProcessingException e) {
      problems.put(
          key, "%s cannot be understood and is passed over: %s".formatted(what, e.getMessage()));
    }
  }

  private static JsonNode parse(String document) throws JsonProcessingException {
    return JSON.readTree(document);
  }

  private static Node node(SyncItem.Node item) {
    Metadata metadata =
        new Metadata(
            item.name(), "", "", new Labels(item.labels()), new HashMap<>(item.annotations()), "");
    return new Node(metadata, item.addresses(), List.<Cidr>of(), true);
  }

  void workloads(List<RoutingInputs.Workload> now) {
    workloads = List.copyOf(now);
  }

  /** The questions that this node is to answer. */
  Map<ItemKey, SyncItem.StatusRequest> requests() {
    return requests;
  }

  /** Sentences about documents that cannot be used. */
  List<String> problems() {
    return List.copyOf(problems.values());
  }

  Set<String> nodeNames() {
    Set<String> names = new HashSet<>();
    nodes.values().forEach(each -> names.add(each.name()));
    return names;
  }

  RoutingInputs inputs() {
    Map<SecretKey, String> texts = new HashMap<>();
    passwords
        .values()
        .forEach(each -> texts.put(new SecretKey(each.secret(), each.field()), each.text()));
    List<EndpointSlice> slices = new ArrayList<>();
    services.values().stream()
        .filter(SyncItem.Service::localTraffic)
        .forEach(each -> slices.add(servedHere(each)));
    return new RoutingInputs(
        List.copyOf(nodes.values()),
        List.copyOf(configurations.values()),
        List.copyOf(peers.values()),
        List.copyOf(filters.values()),
        List.copyOf(options.values()),
        List.copyOf(pools.values()),
        List.copyOf(leases.values()),
        workloads,
        services.values().stream().map(RoutingModel::service).toList(),
        slices,
        texts);
  }

  private static Service service(SyncItem.Service item) {
    return new Service(
        Metadata.of(item.namespace(), item.name()),
        item.balancedAddresses().isEmpty() ? Service.Type.CLUSTER_IP : Service.Type.LOAD_BALANCER,
        Map.of(),
        item.clusterAddresses(),
        item.externalAddresses(),
        item.balancedAddresses(),
        item.localTraffic(),
        List.of());
  }

  /** Of a service with local traffic a node is told only if it has a ready endpoint. */
  private EndpointSlice servedHere(SyncItem.Service item) {
    return new EndpointSlice(
        Metadata.of(item.namespace(), item.name()),
        item.name(),
        List.of(new EndpointSlice.Endpoint(List.<IpAddress>of(), true, true, false, nodeName, "")),
        List.of());
  }
}
