package io.ocicat.model;

import static io.ocicat.model.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.inet.Cidr;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.NetworkPolicy.Peer;
import io.ocicat.model.NetworkPolicy.Port;
import io.ocicat.model.NetworkPolicy.Rule;
import io.ocicat.selector.LabelSelector;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworkPolicyTest {
  @Test
  void readsEverythingThatAPolicyMaySay() {
    NetworkPolicy policy =
        read(
            """
            {spec: {
              podSelector: {matchLabels: {app: 'db'}},
              policyTypes: ['Ingress', 'Egress'],
              ingress: [{
                from: [
                  {podSelector: {matchExpressions: [{key: 'tier', operator: 'In', values: ['b', 'a']}]}},
                  {namespaceSelector: {}},
                  {namespaceSelector: {matchLabels: {env: 'prod'}}, podSelector: {matchLabels: {app: 'web'}}},
                  {ipBlock: {cidr: '10.0.0.7/8', except: ['10.1.0.0/16']}}],
                ports: [{port: 80}, {protocol: 'UDP', port: 'dns'}, {protocol: 'SCTP'}, {port: 100, endPort: 200}]}],
              egress: [{}]}}
            """);
    assertThat(policy.podSelector()).isEqualTo(LabelSelector.parse("app=db"));
    assertThat(policy.directions()).containsExactlyInAnyOrder(Direction.values());
    assertThat(policy.rules(Direction.INGRESS))
        .containsExactly(
            new Rule(
                List.of(
                    new Peer.PodsHere(LabelSelector.parse("tier in (a,b)")),
                    new Peer.PodsOf(LabelSelector.EVERYTHING, LabelSelector.EVERYTHING),
                    new Peer.PodsOf(
                        LabelSelector.parse("env=prod"), LabelSelector.parse("app=web")),
                    new Peer.Block(Cidr.parse("10.0.0.0/8"), List.of(Cidr.parse("10.1.0.0/16")))),
                List.of(
                    new Port.Range(Protocol.TCP, 80, 80),
                    new Port.Named(Protocol.UDP, "dns"),
                    new Port.Every(Protocol.SCTP),
                    new Port.Range(Protocol.TCP, 100, 200))));
    assertThat(policy.rules(Direction.EGRESS)).containsExactly(new Rule(List.of(), List.of()));
  }

  @Test
  void hasUpstreamsDefaultDirections() {
    assertThat(read("{spec: {podSelector: {}}}").directions()).isEqualTo(Set.of(Direction.INGRESS));
    assertThat(read("{spec: {egress: []}}").directions()).isEqualTo(Set.of(Direction.INGRESS));
    assertThat(read("{spec: {egress: [{}]}}").directions())
        .containsExactlyInAnyOrder(Direction.values());
    assertThat(read("{spec: {policyTypes: ['Egress'], ingress: [{}]}}").directions())
        .isEqualTo(Set.of(Direction.EGRESS));
    assertThat(read("{}").podSelector()).isEqualTo(LabelSelector.EVERYTHING);
  }

  @Test
  void whatItCannotReadMatchesNothingInsteadOfEverything() {
    NetworkPolicy policy =
        read(
            """
            {spec: {ingress: [{
              from: [{serviceSelector: {}}, {}, {ipBlock: {cidr: 'x'}},
                {podSelector: {matchExpressions: [{key: 'a', operator: 'Like'}]}}],
              ports: [{protocol: 'ICMP'}, {port: 70000}, {port: 9, endPort: 8}]}]}}
            """);
    Rule rule = policy.ingress().getFirst();
    assertThat(rule.peers()).hasSize(4).allMatch(Peer.Unreadable.class::isInstance);
    assertThat(rule.ports()).hasSize(3).allMatch(Port.Unreadable.class::isInstance);
  }

  @Test
  void refusesASelectorThatItCannotRead() {
    assertThatThrownBy(
            () ->
                read(
                    "{spec: {podSelector: {matchExpressions: [{key: 'a', operator: 'In', values: []}]}}}"))
        .isInstanceOf(UnreadableDocumentException.class)
        .hasMessageContaining("NetworkPolicy p")
        .hasMessageContaining("spec.podSelector.matchExpressions[0]");
  }

  private static NetworkPolicy read(String rest) {
    return NetworkPolicy.read(document(Kinds.NETWORK_POLICY, "p", rest));
  }
}
