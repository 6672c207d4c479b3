package io.ocicat.policy;

import static io.ocicat.policy.Flow.Traffic.sctp;
import static io.ocicat.policy.Flow.Traffic.tcp;
import static io.ocicat.policy.Flow.Traffic.udp;

import io.ocicat.inet.IpFamily;
import io.ocicat.policy.Flow.Traffic;
import io.ocicat.selector.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The cases of Kubernetes' own end-to-end tests of NetworkPolicy, in their order, each as the
 * matrix of all pairs of pods. What judges them, packets or calculations, is the world's affair.
 *
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/tree/master/test/e2e/network/netpol">kubernetes/test/e2e/network/netpol</a>
 */
public abstract class NetworkPolicyCases {

  private static final Traffic TCP_80 = tcp(80);
  private static final Traffic TCP_81 = tcp(81);
  private static final Traffic ICMP = new Traffic.Other(1);

  protected final ScenarioWorld world;

  /** Judges the cases in a world that holds no policy yet. */
  protected NetworkPolicyCases(ScenarioWorld world) {
    this.world = world;
  }

  @Test
  void case01DefaultDenyIngressClosesANamespace() {
    world.policy("x", "deny-ingress", "{podSelector: {}, policyTypes: ['Ingress']}");
    for (Traffic traffic : List.of(TCP_80, udp(80), sctp(80), ICMP)) {
      world.expect().denyTo("x/").on(traffic);
    }
  }

  @Test
  void case02DefaultDenyAllClosesBothDirections() {
    world.policy("x", "deny-all", "{podSelector: {}, policyTypes: ['Ingress', 'Egress']}");
    world.expect().denyTo("x/").denyFrom("x/").on(TCP_80);
  }

  @Test
  void case03AllowsPodsOfTheSameNamespaceByPodSelector() {
    allowToA("{podSelector: {matchLabels: {pod: 'b'}}}");
    world.expect().denyTo("x/a").allow("x/b", "x/a").on(TCP_80);
  }

  @Test
  void case04AllowsIngressToOneTargetUnderDenyAll() {
    world.policy("x", "deny-all", "{podSelector: {}, policyTypes: ['Ingress']}");
    allowToA("{namespaceSelector: {}}");
    world.expect().denyTo("x/").allow("", "x/a").on(TCP_80);
  }

  @Test
  void case05AllowsIngressFromAllNamespaces() {
    allowToA("{namespaceSelector: {}}");
    world.expect().on(TCP_80);
  }

  @Test
  void case06AllowsOnlyAnotherNamespaceByNamespaceSelector() {
    allowToA("{namespaceSelector: {matchLabels: {ns: 'y'}}}");
    world.expect().denyTo("x/a").allow("y/", "x/a").on(TCP_80);
  }

  @Test
  void case07SelectsPodsByMatchExpressions() {
    allowToA("{podSelector: {matchExpressions: [{key: 'pod', operator: 'In', values: ['b']}]}}");
    world.expect().denyTo("x/a").allow("x/b", "x/a").on(TCP_80);
  }

  @Test
  void case08SelectsNamespacesByMatchExpressions() {
    allowToA(
        "{namespaceSelector: {matchExpressions: [{key: 'ns', operator: 'In', values: ['y']}]}}");
    world.expect().denyTo("x/a").allow("y/", "x/a").on(TCP_80);
  }

  @Test
  void case09AllowsPodSelectorOrNamespaceSelector() {
    allowToA(
        """
        {namespaceSelector: {matchExpressions: [{key: 'ns', operator: 'NotIn', values: ['x']}]}},
        {podSelector: {matchLabels: {pod: 'b'}}}
        """);
    world.expect().deny("x/a", "x/a").deny("x/c", "x/a").on(TCP_80);
  }

  @Test
  void case10AllowsPodSelectorAndNamespaceSelector() {
    allowToA(
        """
        {namespaceSelector: {matchExpressions: [{key: 'ns', operator: 'NotIn', values: ['x']}]},
         podSelector: {matchLabels: {pod: 'b'}}}
        """);
    world.expect().denyTo("x/a").allow("y/b", "x/a").allow("z/b", "x/a").on(TCP_80);
  }

  @Test
  void case11AllowsSeveralPodsOfSeveralNamespaces() {
    allowToA(
        """
        {namespaceSelector: {matchExpressions: [{key: 'ns', operator: 'In', values: ['y', 'z']}]},
         podSelector: {matchExpressions: [{key: 'pod', operator: 'In', values: ['b', 'c']}]}}
        """);
    world
        .expect()
        .denyTo("x/a")
        .allow("y/b", "x/a")
        .allow("y/c", "x/a")
        .allow("z/b", "x/a")
        .allow("z/c", "x/a")
        .on(TCP_80);
  }

  @Test
  void case12AllowsAnyOfSeveralPodSelectors() {
    allowToA("{podSelector: {matchLabels: {pod: 'b'}}}, {podSelector: {matchLabels: {pod: 'c'}}}");
    world.expect().denyTo("x/a").allow("x/b", "x/a").allow("x/c", "x/a").on(TCP_80);
  }

  @Test
  void case13AllowsOnePodOfAnotherNamespace() {
    allowToA(
        "{namespaceSelector: {matchLabels: {ns: 'y'}}, podSelector: {matchLabels: {pod: 'a'}}}");
    world.expect().denyTo("x/a").allow("y/a", "x/a").on(TCP_80);
  }

  @Test
  void case14AllowsByPort() {
    allowToA("{namespaceSelector: {matchLabels: {ns: 'y'}}}", "{port: 81}");
    world.expect().denyTo("x/a").on(TCP_80);
    world.expect().denyTo("x/a").allow("y/", "x/a").on(TCP_81);
    world.expect().denyTo("x/a").on(ICMP);
  }

  @Test
  void case15AddsUpStackedPolicies() {
    allowToA("{namespaceSelector: {matchLabels: {ns: 'y'}}}", "{port: 80}");
    world.expect().denyTo("x/a").allow("y/", "x/a").on(TCP_80);
    world.expect().denyTo("x/a").on(TCP_81);
    world.policy(
        "x",
        "second",
        "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: 'y'}}}],"
            + " ports: [{port: 81}]}]}");
    world.expect().denyTo("x/a").denyTo("x/b").denyTo("x/c").allow("y/", "x/a").on(TCP_80);
    world.expect().denyTo("x/").allow("y/", "x/").on(TCP_81);
  }

  @Test
  void case16AllowAllAllows() {
    world.policy("x", "allow-all", "{podSelector: {}, ingress: [{}]}");
    world.expect().on(TCP_80).expect().on(ICMP);
  }

  @Test
  void case17AllowsIngressOnANamedPort() {
    allowToA("", "{port: 'serve-81-tcp'}");
    world.expect().denyTo("x/a").on(TCP_80).expect().on(TCP_81);
    world.expect().denyTo("x/a").on(udp(81));
  }

  @Test
  void case18AllowsANamedPortFromOneNamespace() {
    allowToA("{namespaceSelector: {matchLabels: {ns: 'y'}}}", "{port: 'serve-80-tcp'}");
    world.expect().denyTo("x/a").allow("y/", "x/a").on(TCP_80);
    world.expect().denyTo("x/a").on(TCP_81);
  }

  @Test
  void case19AllowsEgressOnANamedPort() {
    allowFromA("", "{port: 'serve-81-tcp'}");
    world.expect().denyFrom("x/a").on(TCP_80).expect().on(TCP_81);
    world.expect().denyFrom("x/a").on(sctp(81));
  }

  @Test
  void case20FollowsAnUpdatedPolicy() {
    world.policy("x", "policy", "{podSelector: {}, ingress: [{}]}");
    world.expect().on(TCP_80);
    world.policy("x", "policy", "{podSelector: {}, ingress: []}");
    world.expect().denyTo("x/").on(TCP_80);
  }

  @Test
  void case21FollowsANamespacesLabels() {
    allowToA("{namespaceSelector: {matchLabels: {ns2: 'updated'}}}");
    world.expect().denyTo("x/a").on(TCP_80);
    world.namespace("y", Labels.of("ns", "y").with("ns2", "updated"));
    world.expect().denyTo("x/a").allow("y/", "x/a").on(TCP_80);
  }

  @Test
  void case22FollowsAClientPodsLabels() {
    allowToA(
        "{namespaceSelector: {matchLabels: {ns: 'y'}}, podSelector: {matchLabels: {pod2: 'new'}}}");
    world.expect().denyTo("x/a").on(TCP_80);
    world.label("y/b", Labels.of("pod", "b").with("pod2", "new"));
    world.expect().denyTo("x/a").allow("y/b", "x/a").on(TCP_80);
  }

  @Test
  void case23DeniesOtherNamespaces() {
    world.policy("x", "own-only", "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}");
    world.expect().deny("y/", "x/").deny("z/", "x/").on(TCP_80);
  }

  @Test
  void case24FollowsATargetPodsLabels() {
    world.policy("x", "target", "{podSelector: {matchLabels: {target: 'isolated'}}}");
    world.expect().on(TCP_80);
    world.label("x/a", Labels.of("pod", "a").with("target", "isolated"));
    world.expect().denyTo("x/a").on(TCP_80);
  }

  @Test
  void case25DeniesEgressOfOnePod() {
    world.policy("x", "deny", "{podSelector: {matchLabels: {pod: 'a'}}, policyTypes: ['Egress']}");
    world.expect().denyFrom("x/a").on(TCP_80);
  }

  @Test
  void case26DeniesEgressOfANamespace() {
    world.policy("x", "deny", "{podSelector: {}, policyTypes: ['Egress']}");
    world.expect().denyFrom("x/").on(TCP_80);
  }

  @Test
  void case27TakesIngressAndEgressOfOnePolicy() {
    world.policy(
        "x",
        "both",
        """
        {podSelector: {matchLabels: {pod: 'a'}},
         ingress: [{from: [{podSelector: {matchLabels: {pod: 'b'}}}]}],
         egress: [{ports: [{port: 80}]}], policyTypes: ['Ingress', 'Egress']}
        """);
    world.expect().denyTo("x/a").allow("x/b", "x/a").on(TCP_80);
    world.expect().denyTo("x/a").allow("x/b", "x/a").denyFrom("x/a").on(TCP_81);
  }

  @Test
  void case28DeniesEgressAlthoughTheServerAllows() {
    allowFromA(
        "{namespaceSelector: {matchLabels: {ns: 'y'}}, podSelector: {matchLabels: {pod: 'a'}}}");
    world.policy(
        "y",
        "server",
        """
        {podSelector: {matchLabels: {pod: 'b'}},
         ingress: [{from: [{namespaceSelector: {matchLabels: {ns: 'x'}}}]}]}
        """);
    world
        .expect()
        .denyFrom("x/a")
        .allow("x/a", "y/a")
        .denyTo("y/b")
        .allow("x/b", "y/b")
        .allow("x/c", "y/b")
        .on(TCP_80);
  }

  @Test
  void case29AllowsEgressToAPodOfAnotherNamespace() {
    allowFromA(
        "{namespaceSelector: {matchLabels: {ns: 'y'}}, podSelector: {matchLabels: {pod: 'a'}}}");
    world.expect().denyFrom("x/a").allow("x/a", "y/a").on(TCP_80);
  }

  @Test
  void case30AllowsAnyPortOfAProtocol() {
    allowToA("{podSelector: {matchLabels: {pod: 'b'}}}", "{protocol: 'UDP'}");
    world.expect().denyTo("x/a").allow("x/b", "x/a").on(udp(80));
    world.expect().denyTo("x/a").allow("x/b", "x/a").on(udp(65535));
    world.expect().denyTo("x/a").on(TCP_80);
  }

  @Test
  void case31UnitesIngressWithAllowAll() {
    allowToA("{podSelector: {matchLabels: {pod: 'b'}}}");
    world.policy("x", "allow-all", "{podSelector: {}, ingress: [{}]}");
    world.expect().on(TCP_80);
  }

  @Test
  void case32UnitesEgressWithAllowAll() {
    allowFromA("{podSelector: {matchLabels: {pod: 'b'}}}");
    world.expect().denyFrom("x/a").allow("x/a", "x/b").on(TCP_80);
    world.policy("x", "allow-all", "{podSelector: {}, policyTypes: ['Egress'], egress: [{}]}");
    world.expect().on(TCP_80);
  }

  @Test
  void case33ForgetsADeletedPolicy() {
    world.policy("x", "deny", "{podSelector: {}, policyTypes: ['Ingress']}");
    world.expect().denyTo("x/").on(TCP_80);
    world.delete("deny");
    world.expect().on(TCP_80);
  }

  @Test
  void case34AllowsEgressToOneAddress() {
    allowFromA(blocks("y/b"));
    world.expect().denyFrom("x/a").allow("x/a", "y/b").on(TCP_80);
  }

  @Test
  void case35LeavesOutWhatABlockExcepts() {
    allowAllBut("y/b");
    world.expect().deny("x/a", "y/b").on(TCP_80);
  }

  @Test
  void case36AllowsAnExceptedAddressThatAnotherPolicyAllows() {
    allowAllBut("y/b");
    world.policy(
        "x",
        "again",
        "{podSelector: {matchLabels: {pod: 'a'}}, policyTypes: ['Egress'], egress: [{to: [%s]}]}"
            .formatted(blocks("y/b")));
    world.expect().on(TCP_80);
  }

  @Test
  void case37ControlsIngressAndEgressIndependently() {
    allowToA("{podSelector: {matchLabels: {pod: 'b'}}}");
    world.policy(
        "x", "egress", "{podSelector: {matchLabels: {pod: 'a'}}, policyTypes: ['Egress']}");
    world.expect().denyTo("x/a").allow("x/b", "x/a").denyFrom("x/a").on(TCP_80);
    world.policy(
        "x",
        "egress",
        "{podSelector: {matchLabels: {pod: 'a'}}, policyTypes: ['Egress'], egress: [{}]}");
    world.expect().denyTo("x/a").allow("x/b", "x/a").on(TCP_80);
  }

  @Test
  void case38DoesNotTakeAnSctpRuleForTcp() {
    allowToA("", "{protocol: 'SCTP', port: 81}");
    world.expect().denyTo("x/a").on(TCP_81).expect().on(sctp(81));
  }

  @Test
  void case39IsolatesByAnSctpRule() {
    allowToA("{podSelector: {}}", "{protocol: 'SCTP', port: 80}");
    world.expect().denyTo("x/a").on(TCP_80);
    world.expect().denyTo("x/a").on(TCP_81);
  }

  @Test
  void case40DoesNotTakeAUdpRuleForTcp() {
    allowToA("", "{protocol: 'UDP', port: 81}");
    world.expect().denyTo("x/a").on(TCP_81);
    world.expect().on(udp(81));
  }

  @Test
  void case41SelectsNamespacesByTheirNameLabel() {
    allowToA("{namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': 'y'}}}");
    world.expect().denyTo("x/a").allow("y/", "x/a").on(TCP_80);
  }

  @Test
  void case42ExcludesANamespaceByItsNameLabel() {
    allowFromA(
        """
        {namespaceSelector: {matchExpressions:
          [{key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['y']}]}}
        """);
    world.expect().deny("x/a", "y/").on(TCP_80);
  }

  @Test
  void case43DefaultDenyHoldsForUdp() {
    defaultDenyHolds(udp(80));
  }

  @Test
  void case44AllowsPortsOfUdp() {
    allowsPort("UDP", udp(80), udp(81), sctp(81));
  }

  @Test
  void case45AllowsUdpFromAPodOfAnotherNamespace() {
    allowsPodOfAnotherNamespace("UDP", udp(80));
  }

  @Test
  void case46DefaultDenyHoldsForSctp() {
    defaultDenyHolds(sctp(80));
  }

  @Test
  void case47AllowsPortsOfSctp() {
    allowsPort("SCTP", sctp(80), sctp(81), udp(81));
  }

  @Test
  void case48AllowsSctpFromAPodOfAnotherNamespace() {
    allowsPodOfAnotherNamespace("SCTP", sctp(80));
  }

  private void defaultDenyHolds(Traffic traffic) {
    world.policy("x", "deny-ingress", "{podSelector: {}, policyTypes: ['Ingress']}");
    world.expect().denyTo("x/").on(traffic);
  }

  private void allowsPort(
      String protocol, Traffic otherPort, Traffic allowed, Traffic otherProtocol) {
    allowToA(
        "{namespaceSelector: {matchLabels: {ns: 'y'}}}",
        "{protocol: '%s', port: 81}".formatted(protocol));
    world.expect().denyTo("x/a").on(otherPort);
    world.expect().denyTo("x/a").allow("y/", "x/a").on(allowed);
    world.expect().denyTo("x/a").on(otherProtocol);
  }

  private void allowsPodOfAnotherNamespace(String protocol, Traffic traffic) {
    allowToA(
        "{namespaceSelector: {matchLabels: {ns: 'y'}}, podSelector: {matchLabels: {pod: 'a'}}}",
        "{protocol: '%s', port: 80}".formatted(protocol));
    world.expect().denyTo("x/a").allow("y/a", "x/a").on(traffic);
    world.expect().denyTo("x/a").on(TCP_80);
  }

  @Test
  void takesRangesOfPorts() {
    allowToA("", "{port: 70, endPort: 80}");
    world.expect().on(TCP_80).expect().on(tcp(70));
    world.expect().denyTo("x/a").on(TCP_81);
    world.expect().denyTo("x/a").on(tcp(69));
  }

  private void allowAllBut(String pod) {
    allowFromA(
        """
        {ipBlock: {cidr: '0.0.0.0/0', except: ['%s']}},
        {ipBlock: {cidr: '::/0', except: ['%s']}}
        """
            .formatted(world.cidr(pod, IpFamily.IPV4), world.cidr(pod, IpFamily.IPV6)));
  }

  private String blocks(String pod) {
    return "{ipBlock: {cidr: '%s'}}, {ipBlock: {cidr: '%s'}}"
        .formatted(world.cidr(pod, IpFamily.IPV4), world.cidr(pod, IpFamily.IPV6));
  }

  private void allowToA(String from) {
    allowToA(from, "");
  }

  private void allowToA(String from, String ports) {
    world.policy(
        "x",
        "to-a",
        "{podSelector: {matchLabels: {pod: 'a'}}, ingress: [{from: [%s], ports: [%s]}]}"
            .formatted(from, ports));
  }

  private void allowFromA(String to) {
    allowFromA(to, "");
  }

  private void allowFromA(String to, String ports) {
    world.policy(
        "x",
        "from-a",
        ("{podSelector: {matchLabels: {pod: 'a'}}, policyTypes: ['Egress'],"
                + " egress: [{to: [%s], ports: [%s]}]}")
            .formatted(to, ports));
  }
}
