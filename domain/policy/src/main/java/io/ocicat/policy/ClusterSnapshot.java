package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.selector.Labels;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that decides about policy in a cluster at one moment.
 *
 * @param namespaces labels of each known namespace, by name
 */
public record ClusterSnapshot(
    Map<String, Labels> namespaces, List<PolicyPod> pods, List<PolicySpec> policies) {

  public static final ClusterSnapshot EMPTY = new ClusterSnapshot(Map.of(), List.of(), List.of());

  public ClusterSnapshot {
    namespaces = Map.copyOf(namespaces);
    pods = List.copyOf(pods);
    policies = List.copyOf(policies);
  }

  public Optional<Labels> namespaceLabels(String namespace) {
    return Optional.ofNullable(namespaces.get(namespace));
  }

  /** The pods with that address; more than one only while an address changes hands. */
  public List<PolicyPod> podsAt(IpAddress address) {
    return pods.stream().filter(pod -> pod.addresses().contains(address)).toList();
  }
}
