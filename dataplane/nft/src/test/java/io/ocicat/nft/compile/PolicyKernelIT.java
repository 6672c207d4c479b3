package io.ocicat.nft.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.nft.NftOutcome;
import io.ocicat.nft.Unknown;
import io.ocicat.nftables.NftTable;
import io.ocicat.plan.MasqueradePlan;
import io.ocicat.policy.ClusterSnapshot;
import io.ocicat.policy.Clusters;
import io.ocicat.policy.Flow;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyIndex;
import io.ocicat.policy.PolicyOracle;
import io.ocicat.policy.PolicyPod;
import io.ocicat.selector.Labels;
import io.ocicat.testkit.Property;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether the kernel, given compiled tables and real packets, decides as the oracle does. */
@Timeout(300)
final class PolicyKernelIT {

  private static final String UPLINK = "uplink";
  private static final List<IpAddress> WORLD =
      List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1"));

  @Test
  void theKernelDecidesAsTheOracleDoes() {
    AtomicInteger allowed = new AtomicInteger();
    AtomicInteger denied = new AtomicInteger();
    Property.cases(12)
        .check(
            Clusters.CASE,
            c -> {
              try (KernelNode node = node(c.cluster())) {
                assertThat(node.reconciler().apply(table(c.cluster()), Unknown.REMOVE))
                    .isInstanceOf(NftOutcome.InForce.class);
                check(node, c, allowed, denied);
                assertThat(node.reconciler().verify())
                    .isEqualTo(new NftOutcome.InForce(0, List.of()));
              }
            });
    assertThat(allowed.get()).isPositive();
    assertThat(denied.get()).isPositive();
  }

  @Test
  void theKernelFollowsFromOneClusterToTheNext() {
    Property.cases(3)
        .check(
            Clusters.CASE.list(2, 3),
            cases -> {
              for (Clusters.Case c : cases) {
                try (KernelNode node = node(c.cluster())) {
                  for (Clusters.Case before : cases) {
                    node.reconciler().apply(table(before.cluster()), Unknown.REMOVE);
                  }
                  assertThat(node.reconciler().apply(table(c.cluster()), Unknown.REMOVE))
                      .isInstanceOf(NftOutcome.InForce.class);
                  check(node, c, new AtomicInteger(), new AtomicInteger());
                  assertThat(node.reconciler().verify())
                      .isEqualTo(new NftOutcome.InForce(0, List.of()));
                }
              }
            });
  }

  @Test
  void masqueradesToTheWorldAndNotBetweenPods() throws Exception {
    List<IpAddress> pod = List.of(IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::1"));
    List<IpAddress> other = List.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("fd00::2"));
    PolicyPod a = new PolicyPod(new PodName("x", "a"), Labels.EMPTY, pod, List.of());
    PolicyPod b = new PolicyPod(new PodName("x", "b"), Labels.EMPTY, other, List.of());
    ClusterSnapshot cluster = new ClusterSnapshot(Map.of(), List.of(a, b), List.of());
    List<Cidr> pools = List.of(Cidr.parse("10.0.0.0/24"), Cidr.parse("fd00::/122"));
    try (KernelNode node = node(cluster)) {
      node.reconciler().apply(table(cluster, new MasqueradePlan(pools, pools)), Unknown.REMOVE);
      for (int i = 0; i < pod.size(); i++) {
        IpAddress host = Probes.hostAddress(pod.get(i).family());
        assertThat(Probes.sourceSeen(node, pod.get(i), WORLD.get(i))).isEqualTo(host);
        assertThat(Probes.sourceSeen(node, pod.get(i), other.get(i))).isEqualTo(pod.get(i));
      }
      node.reconciler().apply(table(cluster), Unknown.REMOVE);
      for (int i = 0; i < pod.size(); i++) {
        assertThat(Probes.sourceSeen(node, pod.get(i), WORLD.get(i))).isEqualTo(pod.get(i));
      }
    }
  }

  /** All pods on one node, and the world behind its uplink. */
  private static KernelNode node(ClusterSnapshot cluster) {
    KernelNode node = new KernelNode();
    node.attach(UPLINK, WORLD);
    InterpretedCluster.HOST_ADDRESSES.forEach(address -> node.addHostAddress(UPLINK, address));
    for (PolicyPod pod : cluster.pods()) {
      node.attach(InterpretedCluster.hostInterface(pod), pod.addresses());
    }
    return node;
  }

  private static NftTable table(ClusterSnapshot cluster) {
    return table(cluster, MasqueradePlan.NONE);
  }

  private static NftTable table(ClusterSnapshot cluster, MasqueradePlan masquerade) {
    PolicyIndex policies = Clusters.policyIndex(cluster);
    return NftCompiler.compile(
        new NftInput(
            cluster.pods().stream().map(pod -> InterpretedCluster.endpoint(pod, policies)).toList(),
            Clusters.groups(cluster),
            masquerade));
  }

  private static void check(
      KernelNode node, Clusters.Case c, AtomicInteger allowed, AtomicInteger denied)
      throws Exception {
    Map<Integer, Flow> flows = new TreeMap<>();
    Set<Integer> expected = new TreeSet<>();
    // Numbers serve as source ports and echo identifiers.
    int number = Flow.Traffic.SOURCE_PORT;
    for (Flow generated : c.flows()) {
      if (!crossesTheNode(c.cluster(), generated)) {
        continue;
      }
      Flow flow = fromPort(++number, generated);
      flows.put(number, flow);
      if (PolicyOracle.verdict(c.cluster(), flow).isAllowed()) {
        expected.add(number);
      }
    }
    allowed.addAndGet(expected.size());
    denied.addAndGet(flows.size() - expected.size());
    try (Probes probes = new Probes(node)) {
      Set<Integer> arrived = probes.arriving(flows, expected);
      assertThat(described(flows, arrived)).isEqualTo(described(flows, expected));
    }
  }

  private static Flow fromPort(int port, Flow flow) {
    return flow.traffic() instanceof Flow.Traffic.Transport(var protocol, _, var to)
        ? new Flow(
            flow.source(), flow.destination(), new Flow.Traffic.Transport(protocol, port, to))
        : flow;
  }

  private static Map<Integer, Flow> described(Map<Integer, Flow> flows, Set<Integer> numbers) {
    Map<Integer, Flow> described = new TreeMap<>(flows);
    described.keySet().retainAll(numbers);
    return described;
  }

  /** At least one end is a pod, no pod talks to itself, and the host is not taken for another. */
  private static boolean crossesTheNode(ClusterSnapshot cluster, Flow flow) {
    List<PolicyPod> receivers = cluster.podsAt(flow.destination());
    return switch (flow.source()) {
      case Flow.Source.OwnHost() -> !receivers.isEmpty();
      case Flow.Source.Remote(var source) -> {
        List<PolicyPod> senders = cluster.podsAt(source);
        yield !InterpretedCluster.HOST_ADDRESSES.contains(source) && !senders.equals(receivers);
      }
    };
  }
}
