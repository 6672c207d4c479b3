package io.ocicat.model;

import static io.ocicat.model.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.model.ClusterNetworkPolicy.Action;
import io.ocicat.model.ClusterNetworkPolicy.Peer;
import io.ocicat.model.ClusterNetworkPolicy.Port;
import io.ocicat.model.ClusterNetworkPolicy.Rule;
import io.ocicat.model.ClusterNetworkPolicy.Subject;
import io.ocicat.selector.LabelSelector;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterNetworkPolicyTest {
  private static final LabelSelector AB = LabelSelector.ofLabels(Map.of("a", "b"));

  private static ClusterNetworkPolicy policy(String spec) {
    return ClusterNetworkPolicy.read(
        document(Kinds.CLUSTER_NETWORK_POLICY, "one", "{spec: " + spec + "}"));
  }

  @Test
  void readsEveryPart() {
    ClusterNetworkPolicy policy =
        policy(
            """
            {tier: 'Baseline', priority: 7, subject: {pods: {podSelector: {matchLabels: {a: 'b'}}}},
             ingress: [{name: 'first', action: 'Accept', from: [{namespaces: {matchLabels: {a: 'b'}}}]}],
             egress: [{action: 'Pass',
               to: [{pods: {namespaceSelector: {matchLabels: {a: 'b'}}, podSelector: {}}}, {nodes: {}},
                 {networks: ['10.0.0.0/8', 'fd00::/8']}, {domainNames: ['*.example.org']}],
               protocols: [{tcp: {destinationPort: {number: 80}}}, {sctp: {destinationPort: {range: {start: 1, end: 9}}}},
                 {destinationNamedPort: 'web'}, {udp: {}}]}]}
            """);
    assertThat(policy.tier()).isEqualTo(ClusterNetworkPolicy.Tier.BASELINE);
    assertThat(policy.priority()).isEqualTo(7);
    assertThat(policy.subject()).isEqualTo(new Subject.Pods(LabelSelector.EVERYTHING, AB));
    assertThat(policy.ingress())
        .containsExactly(
            new Rule("first", Action.ACCEPT, List.of(new Peer.Namespaces(AB)), List.of()));
    Rule egress = policy.egress().getFirst();
    assertThat(egress.action()).isEqualTo(Action.PASS);
    assertThat(egress.peers())
        .containsExactly(
            new Peer.Pods(AB, LabelSelector.EVERYTHING),
            new Peer.Nodes(LabelSelector.EVERYTHING),
            new Peer.Networks(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8"))),
            new Peer.DomainNames(List.of("*.example.org")));
    assertThat(egress.protocols())
        .containsExactly(
            new Port.Range(Protocol.TCP, 80, 80),
            new Port.Range(Protocol.SCTP, 1, 9),
            new Port.Named("web"),
            new Port.Every(Protocol.UDP));
    assertThat(egress.isReadable()).isTrue();
  }

  @Test
  void marksWhatItCannotReadForItToFailClosed() {
    ClusterNetworkPolicy policy =
        policy(
            """
            {tier: 'Middle', subject: {},
             ingress: [{action: 'Accept', from: [{}]}, {action: 'Drop', from: [{namespaces: {}}]}, {action: 'Deny'}],
             egress: [{action: 'Accept', to: [{networks: ['x']}]},
               {action: 'Deny', to: [{namespaces: {}}], protocols: [{gre: {}}, {tcp: {destinationPort: {number: 0}}}]}]}
            """);
    assertThat(policy.tier()).isEqualTo(ClusterNetworkPolicy.Tier.UNREADABLE);
    assertThat(policy.subject()).isInstanceOf(Subject.Unreadable.class);
    assertThat(policy.ingress()).noneMatch(Rule::isReadable);
    assertThat(policy.egress()).noneMatch(Rule::isReadable);
    assertThat(policy.ingress().get(1).action()).isEqualTo(Action.DENY);
  }
}
