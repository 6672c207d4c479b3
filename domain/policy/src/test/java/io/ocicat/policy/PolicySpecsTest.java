package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.inet.Cidr;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.selector.Selector;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PolicySpecsTest {

  private static PolicySpec read(String spec) {
    try {
      return PolicySpecs.from(
          NetworkPolicy.read(
              new ObjectMapper()
                  .readTree(
                      """
                      {"kind":"NetworkPolicy","metadata":{"namespace":"x","name":"p"},"spec":%s}
                      """
                          .formatted(spec))));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void readsEveryFormOfPeerAndPort() {
    PolicySpec spec =
        read(
            """
            {"podSelector":{"matchLabels":{"app":"a"}},
             "ingress":[{
               "from":[{"podSelector":{}},
                       {"namespaceSelector":{"matchLabels":{"n":"1"}}},
                       {"namespaceSelector":{},"podSelector":{"matchLabels":{"app":"b"}}},
                       {"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}],
               "ports":[{"port":80},{"protocol":"UDP"},{"protocol":"SCTP","port":10,"endPort":20},
                        {"port":"web"}]}]}
            """);
    assertThat(spec.name()).isEqualTo(PolicyName.ofKubernetes("x", "p"));
    assertThat(spec.subject())
        .isEqualTo(
            Peers.Selection.ofPods(
                new NamespaceSelection.Named("x"), new Selector.Equal("app", "a")));
    assertThat(spec.directions()).containsExactly(Direction.INGRESS);
    List<PortMatch> ports =
        List.of(
            PortMatch.Range.of(Protocol.TCP, 80),
            PortMatch.Range.all(Protocol.UDP),
            new PortMatch.Range(Protocol.SCTP, 10, 20),
            new PortMatch.Named(Protocol.TCP, "web"));
    assertThat(spec.ingress())
        .containsExactly(
            allow(0, pods(new NamespaceSelection.Named("x"), new Selector.All()), ports),
            allow(
                1,
                pods(
                    new NamespaceSelection.Matching(new Selector.Equal("n", "1")),
                    new Selector.All()),
                ports),
            allow(2, pods(NamespaceSelection.every(), new Selector.Equal("app", "b")), ports),
            allow(
                3,
                TrafficEnd.of(
                    Cidr.parse("10.0.0.0/8"), List.of(Cidr.parse("10.1.0.0/16")), List.of()),
                ports));
  }

  private static TrafficEnd pods(NamespaceSelection namespaces, Selector labels) {
    return TrafficEnd.of(Peers.Selection.ofPods(namespaces, labels), List.of());
  }

  private static PolicyRule allow(int peer, TrafficEnd from, List<PortMatch> ports) {
    return new PolicyRule.Match(
        "ingress[0].from[" + peer + "]",
        Action.ALLOW,
        TrafficMatch.of(from, TrafficEnd.of(new Peers.Anyone(), ports)));
  }

  @Test
  void isolatesByDefaultAgainstIngressAndWithEgressRulesAgainstEgress() {
    assertThat(read("{\"podSelector\":{}}").directions()).containsExactly(Direction.INGRESS);
    assertThat(read("{\"podSelector\":{},\"egress\":[{}]}").directions())
        .containsExactlyInAnyOrder(Direction.INGRESS, Direction.EGRESS);
    assertThat(read("{\"podSelector\":{},\"policyTypes\":[\"Egress\"]}").directions())
        .containsExactly(Direction.EGRESS);
  }

  @Test
  void closesARuleThatHasAnUnreadablePart() {
    PolicySpec spec =
        read(
            """
            {"podSelector":{},
             "ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/33"}},{"podSelector":{}}]},
                        {"from":[{"podSelector":{}}]}]}
            """);
    assertThat(spec.ingress()).hasSize(2);
    assertThat(spec.ingress().getFirst())
        .isInstanceOfSatisfying(
            PolicyRule.Nothing.class,
            nothing -> assertThat(nothing.reason()).contains("ipBlock").contains("10.0.0.0/33"));
    assertThat(spec.ingress().getLast()).isInstanceOf(PolicyRule.Match.class);
  }

  @Test
  void closesANamespaceOverAPolicyThatCannotBeRead() {
    PolicySpec spec = PolicySpecs.unreadable(PolicyName.ofKubernetes("x", "p"), "no pod selector");
    assertThat(spec.directions()).hasSize(2);
    assertThat(spec.subject())
        .isEqualTo(Peers.Selection.ofPods(new NamespaceSelection.Named("x"), new Selector.All()));
    assertThat(spec.problems()).containsExactly("no pod selector");
  }
}
