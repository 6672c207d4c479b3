package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.selector.Labels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that decides about policy in a cluster at one moment.
 *
 * @param namespaces labels of each known namespace, by name
 * @param accounts labels of each known service account
 * @param profiles labels that each known profile gives, by name
 * @param services address, protocol and port of each endpoint of each known Service
 * @param tiers besides or instead of those that are always there
 */
public record ClusterSnapshot(
    Map<String, Labels> namespaces,
    Map<AccountName, Labels> accounts,
    Map<String, Labels> profiles,
    List<PolicyPod> pods,
    List<PolicySet> sets,
    List<PolicyHost> hosts,
    Map<ServiceName, Set<GroupMember>> services,
    List<PolicyTier> tiers,
    List<PolicySpec> policies)
    implements Ancestry {

  public static final ClusterSnapshot EMPTY = new ClusterSnapshot(Map.of(), List.of(), List.of());

  public ClusterSnapshot {
    namespaces = Map.copyOf(namespaces);
    accounts = Map.copyOf(accounts);
    profiles = Map.copyOf(profiles);
    pods = List.copyOf(pods);
    sets = List.copyOf(sets);
    hosts = List.copyOf(hosts);
    services = Map.copyOf(services);
    tiers = List.copyOf(tiers);
    policies = List.copyOf(policies);
  }

  /** A cluster of pods alone. */
  public ClusterSnapshot(
      Map<String, Labels> namespaces, List<PolicyPod> pods, List<PolicySpec> policies) {
    this(namespaces, Map.of(), Map.of(), pods, List.of(), List.of(), Map.of(), List.of(), policies);
  }

  @Override
  public Optional<Labels> namespaceLabels(String namespace) {
    return Optional.ofNullable(namespaces.get(namespace));
  }

  @Override
  public Optional<Labels> accountLabels(AccountName account) {
    return Optional.ofNullable(accounts.get(account));
  }

  @Override
  public Optional<Labels> profileLabels(String profile) {
    return Optional.ofNullable(profiles.get(profile));
  }

  /** The pods with that address; more than one only while an address changes hands. */
  public List<PolicyPod> podsAt(IpAddress address) {
    return pods.stream().filter(pod -> pod.addresses().contains(address)).toList();
  }
}
