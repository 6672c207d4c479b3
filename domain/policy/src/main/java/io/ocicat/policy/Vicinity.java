package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A cluster without what cannot matter to packets between some addresses, to ask about it soon. */
public final class Vicinity {

  private Vicinity() {}

  /**
   * Of pods, network sets and host endpoints those that have one of the addresses, of policies
   * those that are for what is left, enforced or staged; all else as it is.
   *
   * @param nodes whose host endpoints are left, too
   */
  public static ClusterSnapshot of(
      ClusterSnapshot cluster, Set<IpAddress> addresses, Set<String> nodes) {
    List<PolicyPod> pods = cluster.pods().stream().filter(pod -> isAt(pod, addresses)).toList();
    List<PolicyHost> hosts =
        cluster.hosts().stream()
            .filter(host -> nodes.contains(host.node()) || isAt(host, addresses))
            .toList();
    List<PolicySet> sets = cluster.sets().stream().filter(set -> isAt(set, addresses)).toList();
    RuleMeaning meaning = new RuleMeaning(cluster);
    List<Subject> subjects = Stream.<Subject>concat(pods.stream(), hosts.stream()).toList();
    Set<PolicyName> names = new HashSet<>();
    cluster.policies().stream()
        .filter(
            policy -> subjects.stream().anyMatch(each -> meaning.selects(policy.subject(), each)))
        .forEach(policy -> names.add(policy.name().enforced()));
    return new ClusterSnapshot(
        cluster.namespaces(),
        cluster.accounts(),
        cluster.profiles(),
        pods,
        sets,
        hosts,
        cluster.services(),
        cluster.tiers(),
        // A staged policy may be for others than the enforced one that it stands for.
        cluster.policies().stream()
            .filter(
                policy ->
                    policy.name().kind() == PolicyKind.PROFILE
                        || names.contains(policy.name().enforced()))
            .toList());
  }

  /** The addresses of a flow's ends. */
  public static Set<IpAddress> addresses(Flow flow) {
    Set<IpAddress> addresses = new HashSet<>(Set.of(flow.destination()));
    if (flow.source() instanceof Flow.Source.Remote(var source)) {
      addresses.add(source);
    }
    return addresses;
  }

  private static boolean isAt(Subject subject, Set<IpAddress> addresses) {
    return subject.nets().stream().anyMatch(net -> addresses.stream().anyMatch(net::contains));
  }
}
