package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.NetworkPolicy.Direction;
import java.util.List;
import java.util.Optional;

/**
 * The definition of NetworkPolicy, written as plainly as possible and never fast: a flow is allowed
 * if both of its ends allow it.
 *
 * <p>It speaks of new connections. Replies of an allowed one are allowed and never asked about.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Kubernetes:
 *     Network Policies</a>
 */
public final class PolicyOracle {

  private PolicyOracle() {}

  public static PolicyVerdict verdict(ClusterSnapshot cluster, Flow flow) {
    return switch (flow.source()) {
      case Flow.Source.OwnHost() -> new PolicyVerdict.Allowed("a node reaches its own pods");
      case Flow.Source.Remote(var source) ->
          verdict(cluster, source, flow.destination(), flow.traffic());
    };
  }

  private static PolicyVerdict verdict(
      ClusterSnapshot cluster, IpAddress source, IpAddress destination, Flow.Traffic traffic) {
    for (PolicyPod sender : cluster.podsAt(source)) {
      if (sender.addresses().contains(destination)) {
        return new PolicyVerdict.Allowed("a pod reaches itself");
      }
      Optional<PolicyVerdict> denied =
          denial(cluster, sender, Direction.EGRESS, destination, destination, traffic);
      if (denied.isPresent()) {
        return denied.get();
      }
    }
    for (PolicyPod receiver : cluster.podsAt(destination)) {
      Optional<PolicyVerdict> denied =
          denial(cluster, receiver, Direction.INGRESS, source, destination, traffic);
      if (denied.isPresent()) {
        return denied.get();
      }
    }
    return new PolicyVerdict.Allowed("no policy isolates an end without allowing the flow");
  }

  private static Optional<PolicyVerdict> denial(
      ClusterSnapshot cluster,
      PolicyPod pod,
      Direction direction,
      IpAddress peer,
      IpAddress destination,
      Flow.Traffic traffic) {
    List<PolicySpec> isolating =
        cluster.policies().stream().filter(policy -> policy.isolates(pod, direction)).toList();
    boolean allowed =
        isolating.isEmpty()
            || isolating.stream()
                .flatMap(policy -> policy.rules(direction).stream())
                .anyMatch(rule -> allows(cluster, rule, peer, destination, traffic));
    return allowed
        ? Optional.empty()
        : Optional.of(
            new PolicyVerdict.Denied(
                pod.name(), direction, isolating.stream().map(PolicySpec::name).toList()));
  }

  private static boolean allows(
      ClusterSnapshot cluster,
      PolicyRule rule,
      IpAddress peer,
      IpAddress destination,
      Flow.Traffic traffic) {
    return switch (rule) {
      case PolicyRule.Invalid _ -> false;
      case PolicyRule.Allow(var peers, var ports) ->
          (peers.isEmpty() || peers.stream().anyMatch(p -> matches(cluster, p, peer)))
              && (ports.isEmpty()
                  || ports.stream().anyMatch(p -> matches(cluster, p, destination, traffic)));
    };
  }

  private static boolean matches(ClusterSnapshot cluster, Peer peer, IpAddress address) {
    return switch (peer) {
      case Peer.IpBlock block -> block.contains(address);
      case Peer.Pods(var namespaces, var pods) ->
          cluster.podsAt(address).stream()
              .anyMatch(
                  pod ->
                      pods.matches(pod.labels())
                          && namespaces.matches(
                              pod.name().namespace(),
                              cluster.namespaceLabels(pod.name().namespace())));
    };
  }

  /** A named port is one of the destination's, whichever direction the rule is about. */
  private static boolean matches(
      ClusterSnapshot cluster, PortMatch port, IpAddress destination, Flow.Traffic traffic) {
    if (!(traffic instanceof Flow.Traffic.Transport(var protocol, var number))
        || protocol != port.protocol()) {
      return false;
    }
    return switch (port) {
      case PortMatch.Range(_, var first, var last) -> first <= number && number <= last;
      case PortMatch.Named(_, var name) ->
          cluster.podsAt(destination).stream()
              .anyMatch(pod -> pod.portsNamed(protocol, name).contains(number));
    };
  }
}
