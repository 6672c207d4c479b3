package io.ocicat.bench;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.Metadata;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicySpec;
import io.ocicat.policy.PolicySpecs;
import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Labels;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A cluster to calculate with: namespaces of which one has a thousand pods and the others a hundred
 * each, pods of twenty applications, and in each namespace policies that let one application be
 * reached by another of the namespace and by all pods of a team's namespaces.
 *
 * @param pods in the whole cluster, at least 1,000
 */
record PolicyWorld(int pods, int policies) {

  static final int BIG_NAMESPACE_PODS = 1000;
  private static final int NAMESPACE_PODS = 100;
  private static final int APPLICATIONS = 20;
  private static final int TEAMS = 10;
  private static final IpAddress FIRST = IpAddress.parse("10.128.0.0");

  int namespaces() {
    return 1 + (pods - BIG_NAMESPACE_PODS) / NAMESPACE_PODS;
  }

  static String namespace(int index) {
    return "namespace-" + index;
  }

  static Labels namespaceLabels(int team) {
    return Labels.of("team", "team-" + team % TEAMS);
  }

  private static int namespaceOf(int pod) {
    return pod < BIG_NAMESPACE_PODS ? 0 : 1 + (pod - BIG_NAMESPACE_PODS) / NAMESPACE_PODS;
  }

  PolicyPod pod(int index) {
    return pod(index, index % APPLICATIONS);
  }

  /** A pod as it would be with another application's label. */
  static PolicyPod pod(int index, int application) {
    return new PolicyPod(
        new PodName(namespace(namespaceOf(index)), "pod-" + index),
        new Labels(
            Map.of("app", "app-" + application % APPLICATIONS, "pod-template-hash", "h" + index)),
        List.of(FIRST.plus(index)),
        List.of());
  }

  PolicySpec policy(int index) {
    int application = index / namespaces() % APPLICATIONS;
    return policy(namespace(index % namespaces()), "policy-" + index, application, index % TEAMS);
  }

  static PolicySpec policy(String namespace, String name, int application, int team) {
    LabelSelector peers =
        LabelSelector.ofLabels(Map.of("app", "app-" + (application + 1) % APPLICATIONS));
    LabelSelector friends = LabelSelector.ofLabels(Map.of("team", "team-" + team));
    return PolicySpecs.from(
        new NetworkPolicy(
            Metadata.of(namespace, name),
            LabelSelector.ofLabels(Map.of("app", "app-" + application)),
            Set.of(Direction.INGRESS),
            List.of(
                new NetworkPolicy.Rule(
                    List.of(
                        new NetworkPolicy.Peer.PodsHere(peers),
                        new NetworkPolicy.Peer.PodsOf(friends, LabelSelector.EVERYTHING)),
                    List.of(new NetworkPolicy.Port.Range(Protocol.TCP, 8080, 8080)))),
            List.of()));
  }
}
