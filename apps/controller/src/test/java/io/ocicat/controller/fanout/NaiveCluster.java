package io.ocicat.controller.fanout;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.Namespace;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.Node;
import io.ocicat.model.Pod;
import io.ocicat.model.WorkloadEndpoint;
import io.ocicat.policy.AddressGroup;
import io.ocicat.policy.ClusterSnapshot;
import io.ocicat.policy.Clusters;
import io.ocicat.policy.NamedPort;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyCompiler;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicyPods;
import io.ocicat.policy.PolicySpecs;
import io.ocicat.selector.Labels;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.sync.GroupMember;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.SyncItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What an agent has to hold, computed from a store's documents with nothing but loops. */
final class NaiveCluster {

  private final Map<String, Namespace> namespaces = new TreeMap<>();
  private final Map<PodName, Pod> pods = new HashMap<>();
  private final List<WorkloadEndpoint> reports = new ArrayList<>();
  private final Map<String, Node> nodes = new HashMap<>();
  private final List<StoredObject> policies = new ArrayList<>();
  private final Map<String, StoredObject> pools = new TreeMap<>();
  private final List<BlockAffinity> leases = new ArrayList<>();

  NaiveCluster(Store store) {
    for (StoredObject each : store.snapshot(Selection.all()).objects()) {
      if (each.key().kind().equals(Kinds.NAMESPACE.name())) {
        namespaces.put(each.key().name(), Namespace.read(each.tree()));
      } else if (each.key().kind().equals(Kinds.POD.name())) {
        Pod pod = Pod.read(each.tree());
        pods.put(new PodName(pod.namespace(), pod.name()), pod);
      } else if (each.key().kind().equals(Kinds.WORKLOAD_ENDPOINT.name())) {
        reports.add(WorkloadEndpoint.read(each.tree()));
      } else if (each.key().kind().equals(Kinds.NODE.name())) {
        nodes.put(each.key().name(), Node.read(each.tree()));
      } else if (each.key().kind().equals(Kinds.NETWORK_POLICY.name())) {
        policies.add(each);
      } else if (each.key().kind().equals(Kinds.IP_POOL.name())) {
        pools.put(each.key().name(), each);
      } else if (each.key().kind().equals(Kinds.BLOCK_AFFINITY.name())) {
        leases.add(BlockAffinity.read(each.tree()));
      }
    }
  }

  Map<ItemKey, SyncItem> table(String node, Set<String> groupIds) {
    List<SyncItem> items = new ArrayList<>();
    namespaces
        .values()
        .forEach(each -> items.add(new SyncItem.Namespace(each.name(), each.labels().asMap())));
    policies.forEach(
        each ->
            items.add(
                new SyncItem.Policy(
                    "NetworkPolicy", each.key().namespace(), each.key().name(), each.json())));
    pools.forEach((name, each) -> items.add(new SyncItem.Pool(name, each.json())));
    leases.forEach(each -> items.add(block(each)));
    nodes.forEach(
        (name, each) ->
            items.add(new SyncItem.Node(name, each.internalAddresses(), Map.of(), Map.of())));
    for (Pod pod : pods.values()) {
      if (pod.nodeName().equals(node) && !pod.hostNetwork()) {
        items.add(local(pod));
      }
    }
    groupIds.forEach(id -> items.add(new SyncItem.Group(id, members(id))));
    Map<ItemKey, SyncItem> table = new TreeMap<>();
    items.forEach(item -> table.put(item.key(), item));
    return table;
  }

  private static SyncItem local(Pod pod) {
    return new SyncItem.LocalPod(
        pod.namespace(),
        pod.name(),
        pod.metadata().uid(),
        pod.labels().asMap(),
        pod.serviceAccountName(),
        Map.of(),
        List.of(new io.ocicat.sync.NamedPort("http", "TCP", 80)));
  }

  private SyncItem block(BlockAffinity lease) {
    String pool =
        pools.values().stream()
            .map(each -> IpPool.read(each.tree()))
            .filter(each -> each.cidr().contains(lease.cidr()))
            .map(IpPool::name)
            .findFirst()
            .orElse("");
    List<IpAddress> addresses =
        Optional.ofNullable(nodes.get(lease.node())).map(Node::internalAddresses).orElse(List.of());
    return new SyncItem.Block(lease.cidr(), pool, lease.node(), addresses);
  }

  private Set<GroupMember> members(String id) {
    Set<GroupMember> members = new HashSet<>();
    for (StoredObject policy : policies) {
      for (AddressGroup group :
          PolicyCompiler.groupsOf(PolicySpecs.from(NetworkPolicy.read(policy.tree())))) {
        if (group.id().value().equals(id)) {
          Clusters.members(cluster(), group)
              .forEach(m -> members.add(new GroupMember(m.net(), m.protocol(), m.port())));
        }
      }
    }
    return members;
  }

  private ClusterSnapshot cluster() {
    Map<String, Labels> labels = new HashMap<>();
    namespaces.forEach((name, namespace) -> labels.put(name, namespace.labels()));
    return new ClusterSnapshot(labels, policyPods(), List.of());
  }

  private List<PolicyPod> policyPods() {
    List<PolicyPod> all = new ArrayList<>();
    Set<PodName> alone = new HashSet<>();
    for (Pod pod : pods.values()) {
      PodName name = new PodName(pod.namespace(), pod.name());
      List<IpAddress> reported = new ArrayList<>();
      for (WorkloadEndpoint report : reports) {
        if (nameOf(report).equals(name) && report.workload().node().equals(pod.nodeName())) {
          report.addresses().stream().map(Cidr::address).forEach(reported::add);
        }
      }
      PolicyPods.from(pod)
          .ifPresent(
              known ->
                  all.add(
                      new PolicyPod(
                          name,
                          known.labels(),
                          known.serviceAccount(),
                          reported.isEmpty() ? known.addresses() : reported,
                          known.ports())));
    }
    for (WorkloadEndpoint report : reports) {
      PodName name = nameOf(report);
      if (!pods.containsKey(name) && alone.add(name)) {
        List<IpAddress> addresses =
            reports.stream()
                .filter(each -> nameOf(each).equals(name))
                .flatMap(each -> each.addresses().stream())
                .map(Cidr::address)
                .distinct()
                .toList();
        all.add(new PolicyPod(name, report.metadata().labels(), addresses, List.<NamedPort>of()));
      }
    }
    return all;
  }

  private static PodName nameOf(WorkloadEndpoint report) {
    return new PodName(report.namespace(), report.workload().pod());
  }
}
