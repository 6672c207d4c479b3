package io.ocicat.nft.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.ChildProcess;
import io.ocicat.libc.NetNamespace;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.IpProtocol;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.nft.NftOutcome;
import io.ocicat.nft.Unknown;
import io.ocicat.policy.ClusterSnapshot;
import io.ocicat.policy.Flow;
import io.ocicat.policy.HostClusters;
import io.ocicat.policy.HostFlow;
import io.ocicat.policy.HostSettings;
import io.ocicat.policy.NamespaceSelection;
import io.ocicat.policy.Peers;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyHost;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicyName;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicyRule;
import io.ocicat.policy.PolicySpec;
import io.ocicat.policy.PortMatch;
import io.ocicat.policy.TrafficEnd;
import io.ocicat.policy.TrafficMatch;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import io.ocicat.testkit.Property;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether the kernel, given a compiled table and real packets, decides at hosts as the oracle. */
@Timeout(300)
final class HostPolicyKernelIT {

  private static final IpAddress WORLD = IpAddress.parse("192.0.2.1");
  private static final IpAddress HOST = HostClusters.OWN.getFirst();
  private static final IpAddress POD = IpAddress.parse("10.0.0.1");

  /** Nobody's but whom it is translated to. */
  private static final IpAddress VIRTUAL = IpAddress.parse("10.96.0.1");

  private static final Selector HOSTS =
      new Selector.Not(new Selector.Has(Selector.ORCHESTRATOR_LABEL));

  @Test
  void theKernelDecidesAsTheOracleDoes() {
    AtomicInteger allowed = new AtomicInteger();
    AtomicInteger denied = new AtomicInteger();
    Property.cases(12)
        .check(
            HostClusters.CASE,
            c -> {
              try (KernelNode node = node(c)) {
                check(node, c, allowed, denied);
                assertThat(node.reconciler().verify())
                    .isEqualTo(new NftOutcome.InForce(0, List.of()));
              }
            });
    assertThat(allowed.get()).isPositive();
    assertThat(denied.get()).isPositive();
  }

  @Test
  void whatIsNotTrackedHasNoConnection() throws Exception {
    PolicySpec untracked =
        policy(
            "untracked",
            PolicySpec.Scope.UNTRACKED,
            List.of(toPort(Action.ALLOW, 7777), fromPort(Action.ALLOW, 7777)));
    try (KernelNode node = node(oneOf(HostClusters.FIRST, List.of(untracked)))) {
      nft(
          node,
          """
          -f - <<'EOF'
          table inet probe {
            counter untracked {}
            counter tracked {}
            chain in {
              type filter hook input priority 10
              udp dport 7777 ct state untracked counter name untracked
              udp dport 7777 ct state new counter name tracked
            }
          }
          EOF""");
      assertThat(reaches(node, WORLD, address(HOST, 7777), address(HOST, 7777))).isTrue();
      assertThat(nft(node, "list counter inet probe untracked")).contains("packets 1 ");
      assertThat(nft(node, "list counter inet probe tracked")).contains("packets 0 ");
      assertThat(reaches(node, WORLD, address(HOST, 7778), address(HOST, 7778))).isFalse();
    }
  }

  @Test
  void judgesWhatIsSentBeforeItsDestinationIsTranslated() throws Exception {
    PolicySpec closed =
        policy("closed", PolicySpec.Scope.PRE_DNAT, List.of(toPort(Action.DENY, 8080)));
    try (KernelNode node = node(oneOf(HostClusters.FIRST, List.of(closed)))) {
      translate(node);
      assertThat(reaches(node, WORLD, address(VIRTUAL, 8080), address(POD, 80))).isFalse();
      assertThat(reaches(node, WORLD, address(VIRTUAL, 8081), address(POD, 80))).isTrue();
      assertThat(reaches(node, WORLD, address(POD, 80), address(POD, 80))).isTrue();
    }
  }

  @Test
  void whatIsAllowedBeforeItsDestinationIsTranslatedIsAllowedAtTheHost() throws Exception {
    PolicySpec open =
        policy("open", PolicySpec.Scope.PRE_DNAT, List.of(toPort(Action.ALLOW, 8080)));
    try (KernelNode node = node(oneOf(HostClusters.FIRST, List.of(open)))) {
      assertThat(reaches(node, WORLD, address(HOST, 8080), address(HOST, 8080))).isTrue();
      assertThat(reaches(node, WORLD, address(HOST, 8081), address(HOST, 8081))).isFalse();
    }
  }

  /** With an endpoint for all interfaces and no policy, all is closed but failsafe ports. */
  @Test
  void theHostReachesItsPodsByTranslatedDestinationsToo() throws Exception {
    try (KernelNode node = node(oneOf("*", List.of()))) {
      translate(node);
      assertThat(reaches(node, HOST, address(POD, 80), address(POD, 80))).isTrue();
      assertThat(reaches(node, HOST, address(VIRTUAL, 8080), address(POD, 80))).isTrue();
      assertThat(reaches(node, HOST, address(VIRTUAL, 9000), address(WORLD, 80))).isFalse();
      assertThat(reaches(node, HOST, address(WORLD, 80), address(WORLD, 80))).isFalse();
      assertThat(reaches(node, WORLD, address(HOST, 80), address(HOST, 80))).isFalse();
      assertThat(reaches(node, WORLD, address(HOST, 68), address(HOST, 68))).isTrue();
      assertThat(reaches(node, HOST, address(WORLD, 53), address(WORLD, 53))).isTrue();
    }
  }

  private static void translate(KernelNode node) {
    String rules =
        """
            ip daddr 10.96.0.1 udp dport { 8080, 8081 } dnat ip to 10.0.0.1:80
            ip daddr 10.96.0.1 udp dport 9000 dnat ip to 192.0.2.1:80
        """;
    nft(
        node,
        """
        -f - <<'EOF'
        table inet services {
          chain pre {
            type nat hook prerouting priority -100
        %s
          }
          chain out {
            type nat hook output priority -100
        %s
          }
        }
        EOF"""
            .formatted(rules, rules));
    node.route(VIRTUAL, HostClusters.SECOND);
  }

  private static PolicyRule toPort(Action action, int port) {
    return udp(action, TrafficEnd.ANYTHING, port(port));
  }

  private static PolicyRule fromPort(Action action, int port) {
    return udp(action, port(port), TrafficEnd.ANYTHING);
  }

  private static TrafficEnd port(int port) {
    return TrafficEnd.of(new Peers.Anyone(), List.of(PortMatch.Range.of(Protocol.UDP, port)));
  }

  private static PolicyRule udp(Action action, TrafficEnd source, TrafficEnd destination) {
    TrafficMatch anything = TrafficMatch.of(source, destination);
    return new PolicyRule.Match(
        "rule",
        action,
        new TrafficMatch(
            anything.families(),
            List.of(IpProtocol.of(Protocol.UDP)),
            List.of(),
            anything.icmp(),
            anything.notIcmp(),
            source,
            destination));
  }

  private static PolicySpec policy(String name, PolicySpec.Scope scope, List<PolicyRule> rules) {
    return new PolicySpec(
        new PolicyName(PolicyKind.GLOBAL_NETWORK_POLICY, "", name),
        "default",
        1,
        new Peers.Selection(new NamespaceSelection.Anywhere(), HOSTS),
        scope == PolicySpec.Scope.PRE_DNAT
            ? Set.of(Direction.INGRESS)
            : Set.of(Direction.INGRESS, Direction.EGRESS),
        rules,
        rules,
        PolicySpec.Standing.ENFORCED,
        scope,
        false,
        List.of());
  }

  /** A node with one host endpoint and one pod. */
  private static HostClusters.Case oneOf(String interfaceName, List<PolicySpec> policies) {
    PolicyPod pod = new PolicyPod(new PodName("x", "a"), Labels.EMPTY, List.of(POD), List.of());
    PolicyHost host =
        new PolicyHost(
            "host",
            HostClusters.NODE,
            interfaceName,
            Labels.EMPTY,
            HostClusters.OWN,
            List.of(),
            List.of());
    ClusterSnapshot cluster =
        new ClusterSnapshot(
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(pod),
            List.of(),
            List.of(host),
            Map.of(),
            List.of(),
            policies);
    return new HostClusters.Case(cluster, HostSettings.DEFAULT, List.of());
  }

  private static KernelNode node(HostClusters.Case c) {
    KernelNode node = new KernelNode();
    HostClusters.BEHIND.forEach(node::attach);
    HostClusters.OWN.forEach(address -> node.addHostAddress(HostClusters.FIRST, address));
    for (PolicyPod pod : c.cluster().pods()) {
      node.attach(InterpretedCluster.hostInterface(pod), pod.addresses());
    }
    assertThat(node.reconciler().apply(InterpretedHost.of(c).table(), Unknown.REMOVE))
        .isInstanceOf(NftOutcome.InForce.class);
    return node;
  }

  private static void check(
      KernelNode node, HostClusters.Case c, AtomicInteger allowed, AtomicInteger denied)
      throws Exception {
    // Answers of what is not tracked are judged on their own, so that TCP tells nothing.
    boolean untracked =
        c.cluster().policies().stream().anyMatch(p -> p.scope() == PolicySpec.Scope.UNTRACKED);
    Map<Integer, Flow> flows = new TreeMap<>();
    Set<Integer> expected = new TreeSet<>();
    int number = Flow.Traffic.SOURCE_PORT;
    for (HostFlow generated : c.flows()) {
      boolean isTcp =
          generated.delivered().traffic() instanceof Flow.Traffic.Transport(var protocol, _, _)
              && protocol == Protocol.TCP;
      if (!generated.sent().equals(generated.delivered()) || (untracked && isTcp)) {
        continue;
      }
      HostFlow flow = fromPort(++number, generated);
      flows.put(
          number, Flow.between(flow.source(), flow.sent().destination(), flow.sent().traffic()));
      if (c.verdict(flow).isAllowed()) {
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

  private static HostFlow fromPort(int port, HostFlow flow) {
    Flow.Traffic traffic =
        flow.sent().traffic() instanceof Flow.Traffic.Transport(var protocol, _, var to)
            ? new Flow.Traffic.Transport(protocol, port, to)
            : flow.sent().traffic();
    return HostFlow.of(
        flow.node(), flow.from(), flow.to(), flow.source(), flow.sent().destination(), traffic);
  }

  private static Map<Integer, Flow> described(Map<Integer, Flow> flows, Set<Integer> numbers) {
    Map<Integer, Flow> described = new TreeMap<>(flows);
    described.keySet().retainAll(numbers);
    return described;
  }

  private static InetSocketAddress address(IpAddress address, int port) {
    return new InetSocketAddress(address.toInetAddress(), port);
  }

  /** Whether a datagram from an address to {@code sent} arrives at {@code bound}. */
  private static boolean reaches(
      KernelNode node, IpAddress from, InetSocketAddress sent, InetSocketAddress bound)
      throws IOException, InterruptedException {
    NetNamespace sending = node.namespaceOf(from).orElseThrow();
    NetNamespace receiving = node.namespaceOf(IpAddress.of(bound.getAddress())).orElseThrow();
    try (DatagramChannel receiver = receiving.call(() -> DatagramChannel.open().bind(bound));
        DatagramChannel sender =
            sending.call(() -> DatagramChannel.open().bind(address(from, 0)))) {
      receiver.configureBlocking(false);
      try {
        int _ = sender.send(ByteBuffer.allocate(1), sent);
      } catch (IOException e) {
        // The host's own policy refuses at once: EPERM.
        return false;
      }
      long deadlineNs = System.nanoTime() + Duration.ofMillis(500).toNanos();
      while (System.nanoTime() < deadlineNs) {
        if (receiver.receive(ByteBuffer.allocate(1)) != null) {
          return true;
        }
        Thread.sleep(2);
      }
      return false;
    }
  }

  private static String nft(KernelNode node, String command) {
    ChildProcess.Result result =
        node.host()
            .call(
                () ->
                    ChildProcess.run(
                        Path.of("/bin/sh"),
                        Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                        ("exec 2>&1; nft " + command).getBytes(UTF_8)));
    assertThat(result.exitStatus()).as("nft " + command + ": " + result.stdout()).isZero();
    return result.stdout();
  }
}
