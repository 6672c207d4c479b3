package io.ocicat.policy.explain;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Namespace;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Pod;
import io.ocicat.selector.Selector;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whoever has an address, in the words of manifests.
 *
 * @param pod empty for an address that is no pod's
 */
record PeerText(IpAddress address, Optional<Pod> pod) {

  /** Labels that tell one copy of a pod, or one version, from the others. */
  private static final Set<String> PASSING =
      Set.of(
          "pod-template-hash",
          "controller-revision-hash",
          "pod-template-generation",
          "statefulset.kubernetes.io/pod-name",
          "apps.kubernetes.io/pod-index",
          "batch.kubernetes.io/controller-uid",
          "batch.kubernetes.io/job-name",
          "batch.kubernetes.io/job-completion-index",
          "controller-uid",
          "job-name");

  static PeerText at(ClusterDocuments cluster, IpAddress address) {
    return new PeerText(
        address,
        cluster.pods().stream()
            .filter(pod -> pod.isOnPodNetwork() && pod.addresses().contains(address))
            .findFirst());
  }

  String hostCidr() {
    return address.toHostCidr().toString();
  }

  /** For people. */
  String title() {
    return pod.map(known -> "Pod " + known.namespace() + "/" + known.name())
        .orElse(address.toString());
  }

  /** Fit for the name of an object. */
  String word() {
    return pod.map(Pod::name)
        .orElse(address.toString())
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9-]+", "-")
        .replaceAll("^-+|-+$", "");
  }

  /** Those of its labels that stay when it is replaced. */
  Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>();
    pod.ifPresent(known -> labels.putAll(known.labels().asMap()));
    labels.keySet().removeAll(PASSING);
    return labels;
  }

  /** A peer of a Kubernetes policy in that namespace. */
  ObjectNode kubernetes(String namespace) {
    ObjectNode peer = JsonNodeFactory.instance.objectNode();
    if (pod.isEmpty()) {
      peer.putObject("ipBlock").put("cidr", hostCidr());
      return peer;
    }
    if (!pod.get().namespace().equals(namespace)) {
      peer.set("namespaceSelector", namespaceSelector(pod.get()));
    }
    peer.set("podSelector", matchLabels(labels()));
    return peer;
  }

  /** A peer of a ClusterNetworkPolicy; empty if its rules have no word for it. */
  Optional<ObjectNode> cluster(Direction direction) {
    ObjectNode peer = JsonNodeFactory.instance.objectNode();
    if (pod.isPresent()) {
      ObjectNode pods = peer.putObject("pods");
      pods.set("namespaceSelector", namespaceSelector(pod.get()));
      pods.set("podSelector", matchLabels(labels()));
      return Optional.of(peer);
    }
    if (direction == Direction.INGRESS) {
      return Optional.empty();
    }
    peer.putArray("networks").add(hostCidr());
    return Optional.of(peer);
  }

  /** A source or destination of Calico's rules in that namespace; empty for a global policy. */
  ObjectNode calico(String namespace) {
    ObjectNode peer = JsonNodeFactory.instance.objectNode();
    if (pod.isEmpty()) {
      peer.putArray("nets").add(hostCidr());
      return peer;
    }
    peer.put("selector", expression(labels()).orElse(new Selector.All().canonical()));
    if (!pod.get().namespace().equals(namespace)) {
      peer.put(
          "namespaceSelector",
          new Selector.Equal(Selector.NAME_KEY, pod.get().namespace()).canonical());
    }
    return peer;
  }

  private static ObjectNode namespaceSelector(Pod pod) {
    return matchLabels(Map.of(Namespace.NAME_LABEL, pod.namespace()));
  }

  static ObjectNode matchLabels(Map<String, String> labels) {
    ObjectNode selector = JsonNodeFactory.instance.objectNode();
    if (!labels.isEmpty()) {
      ObjectNode match = selector.putObject("matchLabels");
      new TreeMap<>(labels).forEach(match::put);
    }
    return selector;
  }

  /** Empty without labels. */
  static Optional<String> expression(Map<String, String> labels) {
    if (labels.isEmpty()) {
      return Optional.empty();
    }
    List<String> parts =
        new TreeMap<>(labels)
            .entrySet().stream()
                .map(each -> new Selector.Equal(each.getKey(), each.getValue()).canonical())
                .toList();
    return Optional.of(String.join(" && ", parts));
  }
}
