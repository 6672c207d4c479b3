package io.ocicat.agent.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ocicat.cni.AttachmentKey;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.DenialLogging;
import io.ocicat.model.IpPool;
import io.ocicat.model.Profile;
import io.ocicat.model.Tier;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.nft.compile.Decision;
import io.ocicat.nft.compile.NftEndpoint;
import io.ocicat.nft.compile.NodeTable;
import io.ocicat.nftables.Counts;
import io.ocicat.nftables.NftDump;
import io.ocicat.nftables.NftTable;
import io.ocicat.plan.MasqueradePlan;
import io.ocicat.plan.NodePlan;
import io.ocicat.plan.PodLink;
import io.ocicat.plan.RoutePlanner;
import io.ocicat.policy.AccountName;
import io.ocicat.policy.EndpointPolicy;
import io.ocicat.policy.GroupDelta;
import io.ocicat.policy.GroupId;
import io.ocicat.policy.GroupMember;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyDocuments;
import io.ocicat.policy.PolicyIndex;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicyName;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicySpec;
import io.ocicat.policy.PolicyTier;
import io.ocicat.routing.RoutingInputs;
import io.ocicat.selector.Labels;
import io.ocicat.sync.GroupChange;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.LoggedFlow;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PolicyRef;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The controller's table and the node's endpoints, and what follows from them. A change costs what
 * it touches. Belongs to one thread.
 */
public final class NodeModel {

  private static final JsonMapper JSON = new JsonMapper();

  private final String nodeName;
  private final PolicyIndex policies = new PolicyIndex();
  private final Map<ItemKey, SyncItem> items = new HashMap<>();
  private final Map<String, IpPool> pools = new TreeMap<>();
  private final Map<Cidr, SyncItem.Block> blocks = new TreeMap<>();
  private final Set<GroupId> arrivedGroups = new HashSet<>();
  private final Map<String, String> problems = new TreeMap<>();

  private final Map<AttachmentKey, LocalEndpoint> endpoints = new TreeMap<>();
  private final Set<AttachmentKey> settled = new HashSet<>();
  private final Map<AttachmentKey, NftEndpoint> programmed = new HashMap<>();
  private final Map<AttachmentKey, Set<GroupId>> required = new HashMap<>();
  private final Map<String, SyncItem.Inspection> asked = new TreeMap<>();
  private final NodeTable table = new NodeTable();
  private final HostModel hosts;

  private boolean workloadsChanged;
  private boolean inSync;
  private long generation;

  public NodeModel(String nodeName) {
    this.nodeName = nodeName;
    this.hosts = new HostModel(nodeName, policies);
  }

  /** {@code true} once the controller's table has been seen, saved or fresh. */
  public boolean isInSync() {
    return inSync;
  }

  /** The generation up to which the input is complete. */
  public long generation() {
    return generation;
  }

  /** Takes a change of the controller's table. */
  public void apply(SyncDelta delta) {
    Dirty dirty = new Dirty();
    if (delta.snapshot()) {
      Set<ItemKey> kept = delta.upserts().stream().map(SyncItem::key).collect(Collectors.toSet());
      Set.copyOf(items.keySet()).stream()
          .filter(key -> !kept.contains(key))
          .forEach(key -> remove(key, dirty));
    }
    delta.removals().forEach(key -> remove(key, dirty));
    delta.upserts().forEach(item -> upsert(item, dirty));
    for (GroupChange change : delta.groups()) {
      table.changeGroup(
          new GroupId(change.id()),
          new GroupDelta(
              new TreeSet<>(members(change.added())), new TreeSet<>(members(change.removed()))));
    }
    table.setMasquerade(masquerade());
    endpoints.values().stream().filter(dirty::touches).toList().forEach(this::program);
    if (dirty.hosts || dirty.all) {
      table.setHosts(hosts.compile());
    }
    workloadsChanged |= dirty.all || !dirty.namespaces.isEmpty() || !dirty.pods.isEmpty();
    inSync = true;
    generation = delta.generation();
  }

  /** The endpoints for which policy may have changed. */
  private final class Dirty {

    final Set<String> namespaces = new HashSet<>();
    final Set<PodName> pods = new HashSet<>();
    boolean all;
    boolean hosts;

    /** What a policy is for, before it changes and after. */
    void policy(PolicyName name) {
      hosts = true;
      endpoints.values().stream()
          .map(LocalEndpoint::policyPod)
          .filter(pod -> policies.applies(name, pod) || takesPlace(name, pod))
          .forEach(pod -> pods.add(pod.name()));
    }

    /** Whether it is staged, and an enforced policy that it stands for is for the pod. */
    private boolean takesPlace(PolicyName name, PolicyPod pod) {
      return name.kind().isStaged() && policies.applies(name.enforced(), pod);
    }

    boolean touches(LocalEndpoint endpoint) {
      return all
          || namespaces.contains(endpoint.endpoint().namespace())
          || pods.contains(endpoint.podName());
    }
  }

  private void upsert(SyncItem item, Dirty dirty) {
    if (!(item instanceof SyncItem.Group)) {
      items.put(item.key(), item);
    }
    switch (item) {
      case SyncItem.Policy policy -> readPolicy(policy, dirty);
      case SyncItem.Tier tier -> {
        readTier(tier);
        dirty.all = true;
      }
      case SyncItem.HostEndpoint endpoint -> {
        hosts.upsert(endpoint);
        dirty.hosts = true;
      }
      case SyncItem.Configuration configuration -> {
        hosts.upsert(configuration);
        dirty.hosts = true;
      }
      case SyncItem.Pool pool -> readPool(pool);
      case SyncItem.Namespace(var name, var labels, _) -> {
        policies.upsertNamespace(name, new Labels(labels));
        dirty.namespaces.add(name);
      }
      case SyncItem.LocalPod pod -> {
        PodName name = new PodName(pod.namespace(), pod.name());
        dirty.pods.add(name);
        knowAccount(pod);
        endpoints.replaceAll((_, e) -> e.podName().equals(name) ? e.sees(pod) : e);
      }
      case SyncItem.Block block -> blocks.put(block.cidr(), block);
      case SyncItem.Cluster _ -> {}
      case SyncItem.Inspection inspection -> ask(inspection);
      // Of these io.ocicat.agent.routing makes something.
      case SyncItem.Routing _,
          SyncItem.Node _,
          SyncItem.Service _,
          SyncItem.Password _,
          SyncItem.StatusRequest _ ->
          items.remove(item.key());
      case SyncItem.Group(var id, var members) -> {
        items.put(item.key(), new SyncItem.Group(id, Set.of()));
        arrivedGroups.add(new GroupId(id));
        table.setGroup(new GroupId(id), members(members));
      }
    }
  }

  private void remove(ItemKey key, Dirty dirty) {
    items.remove(key);
    problems.remove(key.toString());
    hosts.forget(key.toString());
    switch (key.kind()) {
      case POLICY -> {
        policyName(key)
            .ifPresent(
                name -> {
                  dirty.policy(name);
                  policies.remove(name);
                  if (name.kind() == PolicyKind.PROFILE) {
                    policies.removeProfile(name.name());
                  }
                });
      }
      case TIER -> {
        policies.removeTier(key.name());
        PolicyTier.permanent().stream()
            .filter(tier -> tier.name().equals(key.name()))
            .forEach(policies::upsertTier);
        dirty.all = true;
      }
      case HOST_ENDPOINT -> {
        hosts.removeEndpoint(key.name());
        dirty.hosts = true;
      }
      case CONFIGURATION -> {
        hosts.removeConfiguration(key.name());
        dirty.hosts = true;
      }
      case POOL -> pools.remove(key.name());
      case NAMESPACE -> {
        policies.removeNamespace(key.name());
        dirty.namespaces.add(key.name());
      }
      case POD -> {
        PodName name = new PodName(key.namespace(), key.name());
        dirty.pods.add(name);
        if (!podObjects()) {
          endpoints.replaceAll((_, e) -> e.podName().equals(name) ? e.with(List.of()) : e);
        }
      }
      case BLOCK -> blocks.remove(Cidr.parse(key.name()));
      case CLUSTER, ROUTING, NODE, SERVICE, PASSWORD, STATUS_REQUEST -> {}
      case INSPECTION -> asked.values().removeIf(each -> each.key().equals(key));
      case GROUP -> {
        arrivedGroups.remove(new GroupId(key.name()));
        table.forgetGroup(new GroupId(key.name()));
      }
    }
  }

  private void ask(SyncItem.Inspection inspection) {
    boolean isForUs = inspection.nodes().isEmpty() || inspection.nodes().contains(nodeName);
    if (isForUs) {
      asked.put(inspection.uid(), inspection);
    }
  }

  /** The inspections that came since the last call. */
  List<SyncItem.Inspection> takeInspections() {
    List<SyncItem.Inspection> taken = List.copyOf(asked.values());
    asked.clear();
    return taken;
  }

  private static Optional<PolicyName> policyName(ItemKey key) {
    String[] kindAndName = key.name().split("/", 2);
    return PolicyKind.named(kindAndName[0])
        .map(kind -> new PolicyName(kind, key.namespace(), kindAndName[1]));
  }

  private void readPolicy(SyncItem.Policy policy, Dirty dirty) {
    Optional<PolicyKind> kind = PolicyKind.named(policy.kind());
    if (kind.isEmpty()) {
      problems.put(
          policy.key().toString(),
          "%s %s is of a kind that this agent does not know, and is not enforced"
              .formatted(policy.kind(), policy.name()));
      return;
    }
    PolicyName name = new PolicyName(kind.get(), policy.namespace(), policy.name());
    dirty.policy(name);
    try {
      JsonNode document = parse(policy.document());
      PolicySpec spec = PolicyDocuments.read(kind.get(), document);
      policies.upsert(spec);
      if (kind.get() == PolicyKind.PROFILE) {
        policies.upsertProfile(name.name(), Profile.read(document).labelsToApply());
      }
      problems.remove(policy.key().toString());
      if (!spec.problems().isEmpty()) {
        problems.put(
            policy.key().toString(),
            "%s does not hold as it is written: %s"
                .formatted(name, String.join("; ", spec.problems())));
      }
    } catch (UnreadableDocumentException | JsonProcessingException e) {
      String reason = String.valueOf(e.getMessage());
      policies.upsert(PolicyDocuments.unreadable(name, reason));
      problems.put(
          policy.key().toString(),
          name.namespace().isEmpty()
              ? "%s cannot be understood and is not enforced: %s".formatted(name, reason)
              : "%s cannot be understood and denies everything: %s".formatted(name, reason));
    }
    dirty.policy(name);
  }

  private void readTier(SyncItem.Tier tier) {
    try {
      policies.upsertTier(PolicyTier.of(Tier.read(parse(tier.document()))));
      problems.remove(tier.key().toString());
    } catch (UnreadableDocumentException | JsonProcessingException e) {
      problems.put(
          tier.key().toString(),
          "Tier %s cannot be understood and stays as it was: %s"
              .formatted(tier.name(), e.getMessage()));
    }
  }

  private void knowAccount(SyncItem.LocalPod pod) {
    AccountName account = new AccountName(pod.namespace(), pod.serviceAccount());
    policies.upsertAccount(account, new Labels(pod.serviceAccountLabels()));
  }

  private void readPool(SyncItem.Pool pool) {
    try {
      pools.put(pool.name(), IpPool.read(parse(pool.document())));
      problems.remove(pool.key().toString());
    } catch (UnreadableDocumentException | JsonProcessingException e) {
      pools.remove(pool.name());
      problems.put(
          pool.key().toString(),
          "IPPool %s cannot be understood and is not used: %s"
              .formatted(pool.name(), e.getMessage()));
    }
  }

  private static JsonNode parse(String document) throws JsonProcessingException {
    return JSON.readTree(document);
  }

  private static List<GroupMember> members(Collection<io.ocicat.sync.GroupMember> members) {
    return members.stream().map(m -> new GroupMember(m.net(), m.protocol(), m.port())).toList();
  }

  /** Adds an endpoint, or replaces the one with the same key. */
  public void put(LocalEndpoint endpoint) {
    LocalEndpoint kept = localPod(endpoint.podName()).map(endpoint::sees).orElse(endpoint);
    endpoints.put(endpoint.endpoint().key(), kept);
    workloadsChanged = true;
    programmed.remove(endpoint.endpoint().key());
    program(kept);
  }

  /** Removes an endpoint; one that is not there changes nothing. */
  public void remove(AttachmentKey key) {
    LocalEndpoint endpoint = endpoints.remove(key);
    if (endpoint != null) {
      workloadsChanged = true;
      programmed.remove(key);
      required.remove(key);
      settled.remove(key);
      table.remove(endpoint.hostInterface());
    }
  }

  /**
   * The endpoint's link is complete; before that, its route and parameters are not looked after.
   */
  public void settle(AttachmentKey key) {
    if (endpoints.containsKey(key)) {
      settled.add(key);
      workloadsChanged = true;
    }
  }

  private void program(LocalEndpoint endpoint) {
    AttachmentKey key = endpoint.endpoint().key();
    EndpointPolicy policy = policies.endpointPolicy(endpoint.policyPod());
    NftEndpoint wanted =
        new NftEndpoint(
            endpoint.hostInterface(),
            endpoint.podName(),
            endpoint.endpoint().addresses(),
            policy,
            endpoint.denialLogging().within(namespaceLogging(endpoint)));
    if (!wanted.equals(programmed.put(key, wanted))) {
      required.put(key, policy.requiredGroups());
      table.put(wanted);
    }
  }

  private DenialLogging namespaceLogging(LocalEndpoint endpoint) {
    SyncItem item =
        items.get(new ItemKey(ItemKey.Kind.NAMESPACE, "", endpoint.endpoint().namespace()));
    return item instanceof SyncItem.Namespace(_, _, var annotations)
        ? DenialLogging.of(annotations)
        : DenialLogging.INHERITED;
  }

  private Optional<SyncItem.LocalPod> localPod(PodName name) {
    SyncItem item = items.get(new ItemKey(ItemKey.Kind.POD, name.namespace(), name.name()));
    return item instanceof SyncItem.LocalPod pod ? Optional.of(pod) : Optional.empty();
  }

  /** Whether the node has host endpoints. */
  boolean hasHostEndpoints() {
    return hosts.hasEndpoints();
  }

  /**
   * What is around the node, which decides where its host endpoints are.
   *
   * @param interfaces addresses of its interfaces that are no pods'
   * @param controllerPorts which no host endpoint's policy closes
   */
  void sees(Map<String, Set<IpAddress>> interfaces, Set<Integer> controllerPorts) {
    if (hosts.sees(interfaces, controllerPorts)) {
      table.setHosts(hosts.compile());
    }
  }

  /** The table as nftables should have it. */
  public NftTable table() {
    return table.snapshot();
  }

  /** The endpoints, each under all of its addresses. */
  Map<IpAddress, LocalEndpoint> endpointsByAddress() {
    Map<IpAddress, LocalEndpoint> found = new HashMap<>();
    endpoints
        .values()
        .forEach(each -> each.endpoint().addresses().forEach(address -> found.put(address, each)));
    return found;
  }

  /** Whether {@link #workloads} may differ from what it was at the last call of this. */
  boolean takeWorkloadsChanged() {
    boolean changed = workloadsChanged;
    workloadsChanged = false;
    return changed;
  }

  /** The pods whose links are complete, as routing sees them. */
  List<RoutingInputs.Workload> workloads() {
    return endpoints.values().stream()
        .filter(endpoint -> settled.contains(endpoint.endpoint().key()))
        .map(
            endpoint ->
                new RoutingInputs.Workload(
                    endpoint.podName().toString(),
                    policies.labels(endpoint.policyPod()),
                    endpoint.endpoint().addresses(),
                    endpoint.hostInterface(),
                    Optional.empty()))
        .toList();
  }

  /** What the rule decides that reports packets under this key; empty if there is none. */
  Optional<LoggedFlow.Decision> decision(String key) {
    return table
        .decision(key)
        .map(
            decision ->
                new LoggedFlow.Decision(
                    decision.action().name().toLowerCase(Locale.ROOT),
                    decision.direction().name().toLowerCase(Locale.ROOT),
                    decision.tier(),
                    decision.policies().stream().map(NodeModel::ref).toList(),
                    decision.path()));
  }

  /** How often the rules of these policies matched. */
  List<Notice.RuleCount> counts(NftDump dump, List<PolicyRef> wanted) {
    Map<String, Notice.RuleCount> counts = new TreeMap<>();
    table
        .decisions()
        .forEach(
            (chain, decision) ->
                decision.policies().stream()
                    .filter(policy -> policy.kind().isStaged() == decision.foreseen())
                    .map(NodeModel::ref)
                    .filter(wanted::contains)
                    .forEach(policy -> count(counts, policy, decision, dump.states(chain))));
    return List.copyOf(counts.values());
  }

  private static void count(
      Map<String, Notice.RuleCount> counts,
      PolicyRef policy,
      Decision decision,
      List<NftDump.RuleState> states) {
    Counts found = states.isEmpty() ? Counts.ZERO : states.getFirst().counts();
    String direction = decision.direction().name().toLowerCase(Locale.ROOT);
    counts.merge(
        policy + " " + direction + " " + decision.path(),
        new Notice.RuleCount(policy, direction, decision.path(), found.packets(), found.bytes()),
        (one, other) ->
            new Notice.RuleCount(
                policy,
                direction,
                one.rule(),
                one.packets() + other.packets(),
                one.bytes() + other.bytes()));
  }

  private static PolicyRef ref(PolicyName name) {
    return new PolicyRef(name.kind().documentName(), name.namespace(), name.name());
  }

  /** The groups that endpoints' policies need. */
  public Set<GroupId> wantedGroups() {
    Set<GroupId> wanted = new HashSet<>();
    required.values().forEach(wanted::addAll);
    wanted.addAll(hosts.requiredGroups());
    return wanted;
  }

  /** {@code true} if all of these have arrived. */
  public boolean hasArrived(Set<GroupId> groups) {
    return arrivedGroups.containsAll(groups);
  }

  /** The groups that one endpoint's policy needs. */
  public Set<GroupId> wantedGroups(AttachmentKey key) {
    return required.getOrDefault(key, Set.of());
  }

  public PoolView pools() {
    return PoolView.of(pools.values());
  }

  /** Whether every pod has a Pod object, as far as is known. */
  public boolean podObjects() {
    return items.get(ItemKey.CLUSTER) instanceof SyncItem.Cluster(boolean podObjects) && podObjects;
  }

  /** The blocks that the controller has leased to this node. */
  public List<SyncItem.Block> ownBlocks() {
    return blocks.values().stream().filter(block -> block.node().equals(nodeName)).toList();
  }

  /** Sentences about input that cannot be used. */
  public List<String> problems() {
    List<String> all = new ArrayList<>(problems.values());
    all.addAll(hosts.problems());
    return all;
  }

  /**
   * Links, routes and kernel parameters as they should be.
   *
   * @param leases the blocks that the node holds
   */
  public NodePlan plan(Collection<Cidr> leases) {
    List<PodLink> links =
        endpoints.values().stream()
            .filter(endpoint -> settled.contains(endpoint.endpoint().key()))
            .map(LocalEndpoint::link)
            .toList();
    Map<Cidr, IpAddress> remote = new HashMap<>();
    for (SyncItem.Block block : blocks.values()) {
      if (!block.node().equals(nodeName)) {
        block.nodeAddresses().stream()
            .filter(address -> address.family() == block.cidr().family())
            .findFirst()
            .ifPresent(address -> remote.put(block.cidr(), address));
      }
    }
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    pools.values().forEach(pool -> families.add(pool.cidr().family()));
    leases.forEach(cidr -> families.add(cidr.family()));
    return new NodePlan(
        links,
        RoutePlanner.routes(links, leases, remote),
        RoutePlanner.sysctls(links, families),
        masquerade(),
        inSync);
  }

  private MasqueradePlan masquerade() {
    return new MasqueradePlan(
        pools.values().stream().filter(IpPool::natOutgoing).map(IpPool::cidr).toList(),
        pools.values().stream().map(IpPool::cidr).toList());
  }
}
