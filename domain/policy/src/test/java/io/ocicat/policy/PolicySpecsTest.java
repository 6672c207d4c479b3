package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.inet.Cidr;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.selector.LabelSelector;
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
    assertThat(spec.name()).isEqualTo(new PolicyName("x", "p"));
    assertThat(spec.podSelector()).isEqualTo(LabelSelector.parse("app=a"));
    assertThat(spec.directions()).containsExactly(Direction.INGRESS);
    assertThat(spec.ingress())
        .containsExactly(
            new PolicyRule.Allow(
                List.of(
                    new Peer.Pods(new NamespaceSelection.Named("x"), LabelSelector.EVERYTHING),
                    new Peer.Pods(
                        new NamespaceSelection.Matching(LabelSelector.parse("n=1")),
                        LabelSelector.EVERYTHING),
                    new Peer.Pods(NamespaceSelection.all(), LabelSelector.parse("app=b")),
                    new Peer.IpBlock(Cidr.parse("10.0.0.0/8"), List.of(Cidr.parse("10.1.0.0/16")))),
                List.of(
                    PortMatch.Range.of(Protocol.TCP, 80),
                    PortMatch.Range.all(Protocol.UDP),
                    new PortMatch.Range(Protocol.SCTP, 10, 20),
                    new PortMatch.Named(Protocol.TCP, "web"))));
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
            PolicyRule.Invalid.class,
            invalid -> assertThat(invalid.reason()).contains("ipBlock").contains("10.0.0.0/33"));
    assertThat(spec.ingress().getLast()).isInstanceOf(PolicyRule.Allow.class);
  }

  @Test
  void closesANamespaceOverAPolicyThatCannotBeRead() {
    PolicySpec spec = PolicySpecs.unreadable(new PolicyName("x", "p"), "no pod selector");
    assertThat(spec.directions()).hasSize(2);
    assertThat(spec.podSelector().selectsEverything()).isTrue();
    assertThat(spec.problems()).containsExactly("no pod selector");
  }
}
