package io.ocicat.controller.index;

import io.ocicat.controller.AddressBook;
import io.ocicat.controller.ClusterSide;
import io.ocicat.inet.Cidr;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.CalicoNodeStatus;
import io.ocicat.model.DenialLogging;
import io.ocicat.model.EndpointSlice;
import io.ocicat.model.FelixConfiguration;
import io.ocicat.model.HostEndpoint;
import io.ocicat.model.IpPool;
import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import io.ocicat.model.Metadata;
import io.ocicat.model.Namespace;
import io.ocicat.model.NetworkSet;
import io.ocicat.model.Node;
import io.ocicat.model.Pod;
import io.ocicat.model.PolicyInspection;
import io.ocicat.model.Profile;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.model.WorkloadEndpoint;
import io.ocicat.policy.AccountName;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.GroupIndex;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyDocuments;
import io.ocicat.policy.PolicyHost;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicyName;
import io.ocicat.policy.PolicySet;
import io.ocicat.policy.PolicySpec;
import io.ocicat.policy.Subject;
import io.ocicat.selector.Labels;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.StoredObject;
import io.ocicat.sync.GroupChange;
import io.ocicat.sync.GroupMember;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.ItemKey.Kind;
import io.ocicat.sync.NamedPort;
import io.ocicat.sync.NodeRouting;
import io.ocicat.sync.PolicyRef;
import io.ocicat.sync.SyncItem;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that agents may be told, computed from the store's documents. Pure but for its log; for one
 * thread.
 */
public final class ClusterIndex {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterIndex.class);

  /** The kinds that matter here, of those that the API serves. */
  public static final Selection SELECTION =
      Selection.of(
          Kinds.all().stream()
              .map(ResourceKind::name)
              .filter(ClusterIndex::matters)
              .toArray(KindName[]::new));

  private final GroupIndex groups = new GroupIndex();
  private final Accounts accounts = new Accounts();
  private final Endpoints endpoints = new Endpoints(groups);
  private final Owners owners = new Owners();
  private final Routes routes;
  private final SpeakerItems speakers = new SpeakerItems();
  private final String namespace;
  private final Set<ResourceKey> known = new HashSet<>();
  private final Map<ResourceKey, List<String>> complained = new HashMap<>();
  private final Map<ItemKey, SyncItem> shared = new HashMap<>();
  private final Map<String, Map<ItemKey, SyncItem>> local = new HashMap<>();
  private final Map<ResourceKey, String> assigned = new HashMap<>();
  private final Set<ItemKey> changedShared = new HashSet<>();
  private final Map<String, Set<ItemKey>> changedLocal = new HashMap<>();

  private final SpeakerItems.Target target =
      new SpeakerItems.Target() {
        @Override
        public void share(SyncItem item) {
          ClusterIndex.this.share(item);
        }

        @Override
        public void unshare(ItemKey key) {
          ClusterIndex.this.unshare(key);
        }

        @Override
        public void give(String node, SyncItem item) {
          ClusterIndex.this.give(node, item);
        }

        @Override
        public void withdraw(String node, ItemKey key) {
          ClusterIndex.this.withdraw(node, key);
        }
      };

  private static boolean matters(KindName kind) {
    return PolicyKind.of(kind).isPresent()
        || SpeakerItems.concerns(kind)
        || Stream.of(
                Kinds.NAMESPACE,
                Kinds.SERVICE_ACCOUNT,
                Kinds.ENDPOINT_SLICE,
                Kinds.POD,
                Kinds.NODE,
                Kinds.TIER,
                Kinds.NETWORK_SET,
                Kinds.GLOBAL_NETWORK_SET,
                Kinds.HOST_ENDPOINT,
                Kinds.FELIX_CONFIGURATION,
                Kinds.KUBE_CONTROLLERS_CONFIGURATION,
                Kinds.IP_POOL,
                Kinds.BLOCK_AFFINITY,
                Kinds.WORKLOAD_ENDPOINT,
                Kinds.POLICY_INSPECTION,
                Kinds.CALICO_NODE_STATUS)
            .anyMatch(each -> each.name().equals(kind));
  }

  public ClusterIndex() {
    this(false, new SyncItem.Cluster(false), ClusterSide.USUAL_NAMESPACE);
  }

  /**
   * @param podCidrs whether nodes' podCIDRs are their blocks
   * @param cluster what holds for the whole cluster
   * @param namespace in which Secrets are heeded
   */
  public ClusterIndex(boolean podCidrs, SyncItem.Cluster cluster, String namespace) {
    this.namespace = namespace;
    this.routes = new Routes(podCidrs);
    if (cluster.podObjects()) {
      share(cluster);
    }
  }

  /** Keys of documents that are known here and not among these. */
  public Set<ResourceKey> gone(Collection<StoredObject> objects) {
    Set<ResourceKey> gone = new HashSet<>(known);
    objects.forEach(object -> gone.remove(object.key()));
    return gone;
  }

  /** A document was created or changed; an unreadable one counts as absent, a policy excepted. */
  public void put(StoredObject object) {
    ResourceKey key = object.key();
    known.add(key);
    try {
      if (key.kind().equals(Kinds.POD.name())) {
        putPod(Pod.read(object.tree()));
      } else if (key.kind().equals(Kinds.WORKLOAD_ENDPOINT.name())) {
        WorkloadEndpoint report = WorkloadEndpoint.read(object.tree());
        endpoints.put(key, report);
        owners.put(key, report);
      } else if (PolicyKind.of(key.kind()).isPresent()) {
        putPolicy(PolicyKind.of(key.kind()).get(), object);
      } else if (key.kind().equals(Kinds.SERVICE_ACCOUNT.name())) {
        putAccount(accountOf(key), Metadata.read(object.tree()).labels());
      } else if (key.kind().equals(Kinds.ENDPOINT_SLICE.name())) {
        EndpointSlice slice = EndpointSlice.read(object.tree());
        Slices.put(groups, slice);
        speakers.putSlice(key, slice);
      } else if (key.kind().equals(Kinds.TIER.name())) {
        share(new SyncItem.Tier(key.name(), object.json()));
      } else if (isNetworkSet(key)) {
        groups.upsert(PolicySet.of(NetworkSet.read(object.tree())));
      } else if (key.kind().equals(Kinds.HOST_ENDPOINT.name())) {
        HostEndpoint endpoint = HostEndpoint.read(object.tree());
        groups.upsert(PolicyHost.of(endpoint));
        assign(key, endpoint.node(), new SyncItem.HostEndpoint(key.name(), object.json()));
      } else if (key.kind().equals(Kinds.FELIX_CONFIGURATION.name())) {
        putConfiguration(object);
      } else if (key.kind().equals(Kinds.NAMESPACE.name())) {
        Namespace namespace = Namespace.read(object.tree());
        groups.upsertNamespace(namespace.name(), namespace.labels());
        share(
            new SyncItem.Namespace(
                namespace.name(),
                namespace.labels().asMap(),
                heeded(Metadata.read(object.tree()).annotations())));
      } else if (key.kind().equals(Kinds.IP_POOL.name())) {
        routes.putPool(IpPool.read(object.tree()));
        share(new SyncItem.Pool(key.name(), object.json()));
      } else if (key.kind().equals(Kinds.NODE.name())) {
        Node node = Node.read(object.tree());
        routes.putNode(node);
        owners.putNode(node);
        speakers.putNode(node);
      } else if (key.kind().equals(Kinds.POLICY_INSPECTION.name())) {
        putInspection(PolicyInspection.read(object.tree()));
      } else if (key.kind().equals(Kinds.BLOCK_AFFINITY.name())) {
        routes.put(key, BlockAffinity.read(object.tree()));
      } else if (key.kind().equals(Kinds.CALICO_NODE_STATUS.name())) {
        putStatusRequest(key, CalicoNodeStatus.read(object.tree()));
      } else if (SpeakerItems.concerns(key.kind()) && !isForeignSecret(key)) {
        speakers.put(object);
        complained.remove(key);
      }
    } catch (UnreadableDocumentException | IllegalArgumentException e) {
      LOG.warn("{} is left out until it is corrected: {}", key, e.getMessage());
      remove(key);
      if (SpeakerItems.concerns(key.kind())) {
        complain(key, List.of("is left out until it is corrected: " + e.getMessage()));
      }
    }
  }

  /** A document was deleted. */
  public void remove(ResourceKey key) {
    known.remove(key);
    complained.remove(key);
    PodName name = new PodName(key.namespace(), key.name());
    if (key.kind().equals(Kinds.POD.name())) {
      endpoints.pod(name).ifPresent(this::withdrawLocal);
      endpoints.removePod(name);
      accounts.forget(name);
    } else if (key.kind().equals(Kinds.WORKLOAD_ENDPOINT.name())) {
      endpoints.removeReport(key);
      owners.remove(key);
    } else if (PolicyKind.of(key.kind()).isPresent()) {
      PolicyKind kind = PolicyKind.of(key.kind()).get();
      groups.removePolicy(new PolicyName(kind, key.namespace(), key.name()));
      if (kind == PolicyKind.PROFILE) {
        groups.removeProfile(key.name());
      }
      unshare(ItemKey.policy(kind.documentName(), key.namespace(), key.name()));
    } else if (key.kind().equals(Kinds.SERVICE_ACCOUNT.name())) {
      removeAccount(accountOf(key));
    } else if (key.kind().equals(Kinds.ENDPOINT_SLICE.name())) {
      Slices.remove(groups, key.namespace(), key.name());
      speakers.removeSlice(key);
    } else if (key.kind().equals(Kinds.TIER.name())) {
      unshare(new ItemKey(Kind.TIER, "", key.name()));
    } else if (isNetworkSet(key)) {
      groups.remove(new Subject.Key(Subject.Kind.NETWORK_SET, key.namespace(), key.name()));
    } else if (key.kind().equals(Kinds.HOST_ENDPOINT.name())) {
      groups.remove(new Subject.Key(Subject.Kind.HOST_ENDPOINT, "", key.name()));
      unassign(key, new ItemKey(Kind.HOST_ENDPOINT, "", key.name()));
    } else if (key.kind().equals(Kinds.FELIX_CONFIGURATION.name())) {
      unassign(key, new ItemKey(Kind.CONFIGURATION, "", key.name()));
      unshare(new ItemKey(Kind.CONFIGURATION, "", key.name()));
    } else if (key.kind().equals(Kinds.NAMESPACE.name())) {
      groups.removeNamespace(key.name());
      unshare(new ItemKey(Kind.NAMESPACE, "", key.name()));
    } else if (key.kind().equals(Kinds.IP_POOL.name())) {
      routes.removePool(key.name());
      unshare(new ItemKey(Kind.POOL, "", key.name()));
    } else if (key.kind().equals(Kinds.NODE.name())) {
      routes.removeNode(key.name());
      speakers.removeNode(key.name());
      owners.remove(key);
    } else if (key.kind().equals(Kinds.POLICY_INSPECTION.name())) {
      unshare(new ItemKey(Kind.INSPECTION, "", key.name()));
    } else if (key.kind().equals(Kinds.BLOCK_AFFINITY.name())) {
      routes.remove(key);
    } else if (key.kind().equals(Kinds.CALICO_NODE_STATUS.name())) {
      unassign(key, new ItemKey(Kind.STATUS_REQUEST, "", key.name()));
    } else if (SpeakerItems.concerns(key.kind()) && !isForeignSecret(key)) {
      speakers.remove(key);
    }
  }

  private boolean isForeignSecret(ResourceKey key) {
    return key.kind().equals(Kinds.SECRET.name()) && !key.namespace().equals(namespace);
  }

  private void putStatusRequest(ResourceKey key, CalicoNodeStatus request) {
    Set<NodeRouting.Part> parts = EnumSet.noneOf(NodeRouting.Part.class);
    for (NodeRouting.Part part : NodeRouting.Part.values()) {
      if (request.classes().contains(part.word())) {
        parts.add(part);
      }
    }
    assign(
        key,
        request.node(),
        new SyncItem.StatusRequest(
            key.name(), request.metadata().uid(), parts, request.periodSeconds()));
  }

  private void putConfiguration(StoredObject object) {
    String name = object.key().name();
    SyncItem item = new SyncItem.Configuration(name, object.json());
    if (name.equals(FelixConfiguration.DEFAULT)) {
      share(item);
    } else if (name.startsWith(FelixConfiguration.NODE_PREFIX)) {
      assign(object.key(), name.substring(FelixConfiguration.NODE_PREFIX.length()), item);
    }
  }

  /** Gives an item to one node alone, and takes it from the one that has had it. */
  private void assign(ResourceKey key, String node, SyncItem item) {
    String before = assigned.put(key, node);
    if (before != null && !before.equals(node)) {
      withdraw(before, item.key());
    }
    give(node, item);
  }

  private void give(String node, SyncItem item) {
    if (!item.equals(local.computeIfAbsent(node, _ -> new HashMap<>()).put(item.key(), item))) {
      localChanged(node, item.key());
    }
  }

  private void unassign(ResourceKey key, ItemKey item) {
    String node = assigned.remove(key);
    if (node != null) {
      withdraw(node, item);
    }
  }

  private void withdraw(String node, ItemKey key) {
    Map<ItemKey, SyncItem> items = local.get(node);
    if (items != null && items.remove(key) != null) {
      localChanged(node, key);
      if (items.isEmpty()) {
        local.remove(node);
      }
    }
  }

  private static boolean isNetworkSet(ResourceKey key) {
    return key.kind().equals(Kinds.NETWORK_SET.name())
        || key.kind().equals(Kinds.GLOBAL_NETWORK_SET.name());
  }

  private static AccountName accountOf(ResourceKey key) {
    return new AccountName(key.namespace(), key.name());
  }

  private void putAccount(AccountName account, Labels labels) {
    groups.upsertAccount(account, labels);
    accounts.put(account, labels).forEach(this::renewLocal);
  }

  private void removeAccount(AccountName account) {
    groups.removeAccount(account);
    accounts.remove(account).forEach(this::renewLocal);
  }

  private void putPolicy(PolicyKind kind, StoredObject object) {
    PolicyName name = new PolicyName(kind, object.key().namespace(), object.key().name());
    if (kind == PolicyKind.PROFILE) {
      groups.upsertProfile(name.name(), Profile.read(object.tree()).labelsToApply());
    }
    try {
      PolicySpec spec = PolicyDocuments.read(kind, object.tree());
      groups.upsertPolicy(spec);
      complain(object.key(), spec.complaints());
    } catch (UnreadableDocumentException e) {
      LOG.warn("{} isolates what it may be for until it is corrected: {}", name, e.getMessage());
      groups.removePolicy(name);
      complain(
          object.key(),
          List.of("isolates what it may be for until it is corrected: " + e.getMessage()));
    }
    share(new SyncItem.Policy(kind.documentName(), name.namespace(), name.name(), object.json()));
  }

  private void complain(ResourceKey policy, List<String> complaints) {
    if (complaints.isEmpty()) {
      complained.remove(policy);
    } else {
      complained.put(policy, complaints);
    }
  }

  /** Why a policy, or what is said about BGP, does not hold as it is written; empty if it does. */
  public Optional<List<String>> complaints(ResourceKey policy) {
    return Optional.ofNullable(complained.get(policy));
  }

  /** Once all have answered, nobody is to be asked again. */
  private void putInspection(PolicyInspection inspection) {
    String name = inspection.metadata().name();
    if (inspection.isComplete()) {
      unshare(new ItemKey(Kind.INSPECTION, "", name));
    } else {
      share(
          new SyncItem.Inspection(
              name,
              inspection.metadata().uid(),
              inspection.policies().stream()
                  .map(each -> new PolicyRef(each.kind(), each.namespace(), each.name()))
                  .toList(),
              Set.copyOf(inspection.nodes())));
    }
  }

  /** Of an object's annotations those that agents heed. */
  private static Map<String, String> heeded(Map<String, String> annotations) {
    String value = annotations.get(DenialLogging.ANNOTATION);
    return value == null ? Map.of() : Map.of(DenialLogging.ANNOTATION, value);
  }

  private void putPod(Pod pod) {
    PodName name = new PodName(pod.namespace(), pod.name());
    endpoints
        .pod(name)
        .filter(before -> !before.nodeName().equals(pod.nodeName()) || pod.hostNetwork())
        .ifPresent(this::withdrawLocal);
    endpoints.put(name, pod);
    accounts.use(name, new AccountName(pod.namespace(), pod.serviceAccountName()));
    renewLocal(name);
  }

  private void renewLocal(PodName name) {
    endpoints
        .pod(name)
        .filter(pod -> !pod.nodeName().isEmpty() && !pod.hostNetwork())
        .ifPresent(
            pod -> {
              SyncItem.LocalPod item =
                  localPod(
                      pod,
                      accounts.labels(new AccountName(pod.namespace(), pod.serviceAccountName())));
              SyncItem before =
                  local.computeIfAbsent(pod.nodeName(), _ -> new HashMap<>()).put(item.key(), item);
              if (!item.equals(before)) {
                localChanged(pod.nodeName(), item.key());
              }
            });
  }

  /**
   * A pod as its node's agent gets it.
   *
   * @param accountLabels of its service account
   */
  public static SyncItem.LocalPod localPod(Pod pod, Map<String, String> accountLabels) {
    return new SyncItem.LocalPod(
        pod.namespace(),
        pod.name(),
        pod.runtimeUid(),
        pod.labels().asMap(),
        heeded(pod.metadata().annotations()),
        pod.serviceAccountName(),
        accountLabels,
        pod.ports().stream()
            .filter(port -> !port.name().isEmpty())
            .map(port -> new NamedPort(port.name(), port.protocol().name(), port.port()))
            .toList());
  }

  private void withdrawLocal(Pod pod) {
    withdraw(pod.nodeName(), new ItemKey(Kind.POD, pod.namespace(), pod.name()));
  }

  private void localChanged(String node, ItemKey key) {
    changedLocal.computeIfAbsent(node, _ -> new HashSet<>()).add(key);
  }

  private void share(SyncItem item) {
    if (!item.equals(shared.put(item.key(), item))) {
      changedShared.add(item.key());
    }
  }

  private void unshare(ItemKey key) {
    if (shared.remove(key) != null) {
      changedShared.add(key);
    }
  }

  /** What changed since the last call. */
  public IndexChange drain() {
    speakers.settle(target);
    for (Cidr block : routes.drainChanged()) {
      routes
          .item(block)
          .ifPresentOrElse(
              this::share, () -> unshare(new ItemKey(Kind.BLOCK, "", block.toString())));
    }
    Map<String, GroupChange> changedGroups = new HashMap<>();
    groups
        .drain()
        .forEach(
            (id, delta) ->
                changedGroups.put(
                    id.value(),
                    new GroupChange(id.value(), members(delta.added()), members(delta.removed()))));
    IndexChange change =
        new IndexChange(Set.copyOf(changedShared), Map.copyOf(changedLocal), changedGroups);
    changedShared.clear();
    changedLocal.clear();
    return change;
  }

  /** Whose addresses are whose, by what agents report. */
  public AddressBook addresses() {
    return owners;
  }

  /** The item that every agent gets under this key. */
  public Optional<SyncItem> shared(ItemKey key) {
    return Optional.ofNullable(shared.get(key));
  }

  /** The item that the node's agent gets under this key. */
  public Optional<SyncItem> local(String node, ItemKey key) {
    return Optional.ofNullable(local.getOrDefault(node, Map.of()).get(key));
  }

  /** Every item that all agents get, ordered by key. */
  public List<SyncItem> shared() {
    return List.copyOf(new TreeMap<>(shared).values());
  }

  /** Every item that the node's agent alone gets. */
  public Collection<SyncItem> local(String node) {
    return Collections.unmodifiableCollection(local.getOrDefault(node, Map.of()).values());
  }

  /** The group with all its members; without any if no policy needs it. */
  public SyncItem.Group group(String id) {
    return new SyncItem.Group(id, members(groups.members(new GroupId(id))));
  }

  private static Set<GroupMember> members(Set<io.ocicat.policy.GroupMember> members) {
    return members.stream()
        .map(each -> new GroupMember(each.net(), each.protocol(), each.port()))
        .collect(Collectors.toUnmodifiableSet());
  }
}
