package io.ocicat.policy.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.EndpointSlice;
import io.ocicat.model.FelixConfiguration;
import io.ocicat.model.HostEndpoint;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.Metadata;
import io.ocicat.model.Namespace;
import io.ocicat.model.NetworkSet;
import io.ocicat.model.Node;
import io.ocicat.model.Pod;
import io.ocicat.model.Profile;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.Tier;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.policy.AccountName;
import io.ocicat.policy.ClusterSnapshot;
import io.ocicat.policy.GroupMember;
import io.ocicat.policy.NamedPort;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyDocuments;
import io.ocicat.policy.PolicyHost;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicyName;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicySet;
import io.ocicat.policy.PolicySpec;
import io.ocicat.policy.PolicyTier;
import io.ocicat.policy.ServiceName;
import io.ocicat.policy.Vicinity;
import io.ocicat.selector.Labels;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A cluster's documents that policy reads, each read once. For one thread. */
public final class ClusterDocuments {

  /** Names a document. */
  private record Key(String kind, String namespace, String name) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byKind = kind.compareTo(other.kind);
      int byNamespace = namespace.compareTo(other.namespace);
      return byKind != 0 ? byKind : byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
  }

  /** A document and what it means; empty if it cannot be read, and is left out. */
  private record Entry(JsonNode document, Optional<Object> meaning) {}

  private record Account(AccountName name, Labels labels) {}

  private record LabelsOf(String name, Labels labels) {}

  private static final String ENDPOINT_SLICE = Kinds.ENDPOINT_SLICE.name().toString();

  private final Map<Key, Entry> entries = new TreeMap<>();
  private final Map<Key, String> problems = new TreeMap<>();
  private int others;

  /** The same, to be changed on its own. */
  public ClusterDocuments copy() {
    ClusterDocuments copy = new ClusterDocuments();
    copy.entries.putAll(entries);
    copy.problems.putAll(problems);
    copy.others = others;
    return copy;
  }

  /**
   * The same without the policies and network sets that cannot matter to packets between addresses.
   *
   * @param nodes that such packets pass
   */
  public ClusterDocuments near(Set<IpAddress> addresses, Set<String> nodes) {
    ClusterSnapshot near = Vicinity.of(snapshot(), addresses, nodes);
    Set<Object> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    kept.addAll(near.policies());
    kept.addAll(near.sets());
    ClusterDocuments copy = new ClusterDocuments();
    copy.others = others;
    for (Map.Entry<Key, Entry> each : entries.entrySet()) {
      Object meaning = each.getValue().meaning().orElse(copy);
      boolean dispensable = meaning instanceof PolicySpec || meaning instanceof PolicySet;
      if (!dispensable || kept.contains(meaning)) {
        copy.entries.put(each.getKey(), each.getValue());
      } else if (meaning instanceof PolicySpec policy && policy.isEnforced()) {
        copy.others++;
      }
    }
    return copy;
  }

  /** How many enforced policies were left out, being for others. */
  int others() {
    return others;
  }

  /**
   * Adds a document, or replaces the one of its kind and name.
   *
   * @return whether policy depends on documents of its kind
   */
  public boolean put(JsonNode document) {
    String apiVersion = document.path("apiVersion").asText();
    String kind = document.path("kind").asText();
    Optional<ResourceKind> known = Kinds.of(apiVersion, kind);
    boolean slice = kind.equals("EndpointSlice") && apiVersion.startsWith("discovery.k8s.io/");
    if (known.isEmpty() && !slice) {
      return false;
    }
    Metadata metadata = Metadata.read(document);
    Key key =
        new Key(
            known.map(each -> each.name().toString()).orElse(ENDPOINT_SLICE),
            metadata.namespace(),
            metadata.name());
    problems.remove(key);
    try {
      Optional<Object> meaning =
          slice ? Optional.of(EndpointSlice.read(document)) : meaning(known.get(), document);
      entries.put(key, new Entry(document, meaning));
      return slice || matters(known.get());
    } catch (UnreadableDocumentException | IllegalArgumentException e) {
      String title = kind + " " + metadata;
      Optional<PolicySpec> stands =
          known
              .flatMap(each -> PolicyKind.of(each.name()))
              .map(
                  each ->
                      PolicyDocuments.unreadable(
                          new PolicyName(each, metadata.namespace(), metadata.name()),
                          String.valueOf(e.getMessage())));
      problems.put(key, title + " cannot be read: " + e.getMessage());
      entries.put(key, new Entry(document, stands.map(spec -> spec)));
      return true;
    }
  }

  private static boolean matters(ResourceKind kind) {
    return PolicyKind.of(kind.name()).isPresent()
        || List.of(
                Kinds.POD,
                Kinds.NAMESPACE,
                Kinds.SERVICE_ACCOUNT,
                Kinds.NETWORK_SET,
                Kinds.GLOBAL_NETWORK_SET,
                Kinds.HOST_ENDPOINT,
                Kinds.NODE,
                Kinds.IP_POOL,
                Kinds.FELIX_CONFIGURATION,
                Kinds.TIER)
            .contains(kind);
  }

  private static Optional<Object> meaning(ResourceKind kind, JsonNode document) {
    if (kind.equals(Kinds.PROFILE)) {
      // What is derived from namespaces and service accounts is known from these.
      return Metadata.read(document).annotations().containsKey(Profile.DERIVED_FROM)
          ? Optional.empty()
          : Optional.of(Profile.read(document));
    }
    Optional<PolicyKind> policy = PolicyKind.of(kind.name());
    if (policy.isPresent()) {
      return Optional.of(PolicyDocuments.read(policy.get(), document));
    }
    if (kind.equals(Kinds.POD)) {
      return Optional.of(Pod.read(document));
    }
    if (kind.equals(Kinds.NAMESPACE)) {
      Namespace namespace = Namespace.read(document);
      return Optional.of(new LabelsOf(namespace.name(), namespace.labels()));
    }
    if (kind.equals(Kinds.SERVICE_ACCOUNT)) {
      Metadata metadata = Metadata.read(document);
      return Optional.of(
          new Account(new AccountName(metadata.namespace(), metadata.name()), metadata.labels()));
    }
    if (kind.equals(Kinds.NETWORK_SET) || kind.equals(Kinds.GLOBAL_NETWORK_SET)) {
      return Optional.of(PolicySet.of(NetworkSet.read(document)));
    }
    if (kind.equals(Kinds.HOST_ENDPOINT)) {
      return Optional.of(PolicyHost.of(HostEndpoint.read(document)));
    }
    if (kind.equals(Kinds.TIER)) {
      return Optional.of(PolicyTier.of(Tier.read(document)));
    }
    if (kind.equals(Kinds.NODE)) {
      return Optional.of(Node.read(document));
    }
    if (kind.equals(Kinds.IP_POOL)) {
      return Optional.of(IpPool.read(document));
    }
    if (kind.equals(Kinds.FELIX_CONFIGURATION)) {
      return Optional.of(FelixConfiguration.read(document));
    }
    return Optional.empty();
  }

  /** The document of that kind and name. */
  public Optional<JsonNode> document(ResourceKind kind, String namespace, String name) {
    return Optional.ofNullable(entries.get(new Key(kind.name().toString(), namespace, name)))
        .map(Entry::document);
  }

  /** The document of a policy. */
  public Optional<JsonNode> document(PolicyName policy) {
    return Kinds.named(policy.kind().resource())
        .flatMap(kind -> document(kind, policy.namespace(), policy.name()));
  }

  /** Why documents could not be read, for people. */
  public List<String> problems() {
    return List.copyOf(problems.values());
  }

  /** All pods, those that policy does not know as such included. */
  public List<Pod> pods() {
    return all(Pod.class).toList();
  }

  /** The host endpoints that can be read. */
  public List<PolicyHost> hosts() {
    return all(PolicyHost.class).toList();
  }

  /** The Services that rules name. */
  public Set<ServiceName> services() {
    Set<ServiceName> names = new HashSet<>();
    policies().forEach(policy -> names.addAll(policy.servicesNamed()));
    return names;
  }

  /** The network sets that can be read. */
  public List<PolicySet> sets() {
    return all(PolicySet.class).toList();
  }

  private Stream<PolicySpec> policies() {
    return all(PolicySpec.class);
  }

  /** What documents that could be read mean. */
  <T> Stream<T> all(Class<T> type) {
    return entries.values().stream()
        .flatMap(entry -> entry.meaning().stream())
        .filter(type::isInstance)
        .map(type::cast);
  }

  /** What they mean together. */
  public ClusterSnapshot snapshot() {
    Map<String, Labels> namespaces = new HashMap<>();
    all(LabelsOf.class).forEach(each -> namespaces.put(each.name(), each.labels()));
    Map<AccountName, Labels> accounts = new HashMap<>();
    all(Account.class).forEach(each -> accounts.put(each.name(), each.labels()));
    Map<String, Labels> profiles = new HashMap<>();
    all(Profile.class).forEach(each -> profiles.put(each.name(), each.labelsToApply()));
    Map<ServiceName, Set<GroupMember>> services = new HashMap<>();
    all(EndpointSlice.class)
        .filter(slice -> !slice.service().isEmpty())
        .forEach(
            slice ->
                services
                    .computeIfAbsent(
                        new ServiceName(slice.namespace(), slice.service()), _ -> new HashSet<>())
                    .addAll(members(slice)));
    return new ClusterSnapshot(
        namespaces,
        accounts,
        profiles,
        pods().stream().filter(Pod::isOnPodNetwork).map(ClusterDocuments::policyPod).toList(),
        all(PolicySet.class).toList(),
        all(PolicyHost.class).toList(),
        services,
        all(PolicyTier.class).toList(),
        policies().toList());
  }

  private static PolicyPod policyPod(Pod pod) {
    return new PolicyPod(
        new PodName(pod.namespace(), pod.name()),
        pod.labels(),
        pod.serviceAccountName(),
        pod.addresses(),
        pod.ports().stream()
            .filter(port -> !port.name().isEmpty())
            .map(port -> new NamedPort(port.name(), port.protocol(), port.port()))
            .toList());
  }

  private static Set<GroupMember> members(EndpointSlice slice) {
    Set<GroupMember> members = new HashSet<>();
    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
      for (IpAddress address : endpoint.addresses()) {
        slice
            .ports()
            .forEach(port -> members.add(GroupMember.of(address, port.protocol(), port.port())));
      }
    }
    return members;
  }
}
