package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PolicyIndexTest {

  private static final PolicyName NAME = PolicyName.ofKubernetes("x", "p");

  private static PolicyPod pod(String name, NamedPort... ports) {
    return new PolicyPod(
        new PodName("x", name),
        Labels.of("app", name),
        List.of(IpAddress.parse("10.0.0.1")),
        List.of(ports));
  }

  private static PolicySpec ingress(PolicyRule... rules) {
    return spec(Direction.INGRESS, rules);
  }

  private static PolicySpec spec(Direction direction, PolicyRule... rules) {
    return new PolicySpec(
        NAME,
        "default",
        1000,
        Peers.Selection.ofPods(new NamespaceSelection.Named("x"), new Selector.All()),
        Set.of(direction),
        List.of(rules),
        List.of(rules),
        PolicySpec.Standing.ENFORCED,
        List.of());
  }

  private static PolicyRule allow(PortMatch... ports) {
    return allow(Action.ALLOW, TrafficEnd.of(new Peers.Anyone(), List.of(ports)));
  }

  private static PolicyRule allow(Action action, TrafficEnd destination) {
    return new PolicyRule.Match("rule", action, TrafficMatch.of(TrafficEnd.ANYTHING, destination));
  }

  private static List<PortMatch.Range> ranges(PolicyChain chain) {
    return chain.rules().getFirst().destination().ports().ranges();
  }

  private static PolicyIndex index(PolicySpec... specs) {
    PolicyIndex index = new PolicyIndex();
    List.of(specs).forEach(index::upsert);
    return index;
  }

  @Test
  void sharesAPoliciesChainBetweenPods() {
    PolicyIndex index = index(ingress(allow()));
    assertThat(index.endpointPolicy(pod("a"))).isEqualTo(index.endpointPolicy(pod("b")));
    assertThat(index.endpointPolicy(pod("a")).chains(Direction.INGRESS).getFirst())
        .isSameAs(index.endpointPolicy(pod("b")).chains(Direction.INGRESS).getFirst());
  }

  @Test
  void whatIsStagedConcernsThePodsOfWhatItReplaces() {
    PolicyName replacing =
        new PolicyName(PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY, NAME.namespace(), NAME.name());
    PolicySpec elsewhere =
        new PolicySpec(
            replacing,
            "default",
            1000,
            Peers.Selection.ofPods(new NamespaceSelection.Named("y"), new Selector.All()),
            Set.of(Direction.INGRESS),
            List.of(),
            List.of(),
            PolicySpec.Standing.STAGED,
            List.of());
    PolicyIndex index = index(elsewhere);
    assertThat(index.applies(replacing, pod("a"))).isFalse();
    index.upsert(ingress(allow()));
    assertThat(index.applies(replacing, pod("a"))).isTrue();
  }

  @Test
  void resolvesIngressPortNamesWithThePodsOwnPorts() {
    PolicyIndex index = index(ingress(allow(new PortMatch.Named(Protocol.TCP, "web"))));
    EndpointPolicy eighty = index.endpointPolicy(pod("a", new NamedPort("web", Protocol.TCP, 80)));
    EndpointPolicy other = index.endpointPolicy(pod("b", new NamedPort("web", Protocol.TCP, 81)));
    EndpointPolicy none = index.endpointPolicy(pod("c", new NamedPort("web", Protocol.UDP, 80)));
    assertThat(ranges(eighty.chains(Direction.INGRESS).getFirst()))
        .containsExactly(PortMatch.Range.of(Protocol.TCP, 80));
    assertThat(other.chains(Direction.INGRESS)).isNotEqualTo(eighty.chains(Direction.INGRESS));
    assertThat(none.ingress())
        .containsExactly(new TierStep("default", List.of(), new TierStep.End.Deny(List.of(NAME))));
  }

  @Test
  void takesEgressPortNamesFromPeers() {
    PolicySpec spec = spec(Direction.EGRESS, allow(new PortMatch.Named(Protocol.TCP, "web")));
    PolicyChain chain = PolicyCompiler.chain(spec, Direction.EGRESS, List.of());
    AddressGroup anyWeb = new AddressGroup.Ports(new Selector.All(), Protocol.TCP, "web");
    assertThat(chain.rules().getFirst().destination().ports().groups())
        .containsExactly(anyWeb.id());
    assertThat(PolicyCompiler.groupsOf(spec)).containsExactly(anyWeb);
  }

  @Test
  void mergesPortsOfAProtocol() {
    PolicyChain chain =
        PolicyCompiler.chain(
            ingress(
                allow(
                    PortMatch.Range.of(Protocol.TCP, 4),
                    new PortMatch.Range(Protocol.TCP, 81, 90),
                    PortMatch.Range.of(Protocol.UDP, 5),
                    new PortMatch.Range(Protocol.TCP, 1, 3),
                    new PortMatch.Range(Protocol.TCP, 80, 81))),
            Direction.INGRESS,
            List.of());
    assertThat(ranges(chain))
        .containsExactly(
            new PortMatch.Range(Protocol.TCP, 1, 4),
            new PortMatch.Range(Protocol.TCP, 80, 90),
            PortMatch.Range.of(Protocol.UDP, 5));
  }

  @Test
  void forgetsAPolicyAndItsChains() {
    PolicyIndex index = index(ingress());
    assertThat(index.endpointPolicy(pod("a")).ingress().getFirst().end())
        .isEqualTo(new TierStep.End.Deny(List.of(NAME)));
    index.upsert(ingress(allow()));
    assertThat(index.endpointPolicy(pod("a")).chains(Direction.INGRESS)).hasSize(1);
    index.remove(NAME);
    assertThat(index.find(NAME)).isEmpty();
    assertThat(index.endpointPolicy(pod("a")).ingress()).containsExactly(TierStep.ALLOW_REST);
  }

  @Test
  void leavesOutWhatCannotBeReached() {
    PolicySpec closed = ingress(allow());
    PolicySpec later =
        new PolicySpec(
            new PolicyName(PolicyKind.GLOBAL_NETWORK_POLICY, "", "later"),
            "kube-baseline",
            1,
            closed.subject(),
            closed.directions(),
            closed.ingress(),
            closed.egress(),
            PolicySpec.Standing.ENFORCED,
            List.of());
    assertThat(index(closed, later).endpointPolicy(pod("a")).ingress()).hasSize(1);
    PolicySpec passing = ingress(allow(Action.PASS, TrafficEnd.ANYTHING));
    assertThat(index(passing, later).endpointPolicy(pod("a")).ingress())
        .extracting(TierStep::tier)
        .containsExactly("default", "kube-baseline", "");
  }

  @Test
  void givesEqualGroupsEqualIds() {
    AddressGroup one = group("a=1,b in (y,x)");
    assertThat(one.id()).isEqualTo(group("b in (x,y),a==1").id());
    assertThat(one.canonical())
        .isEqualTo(
            "addresses (projectcalico.org/namespace == \"x\""
                + " && projectcalico.org/orchestrator == \"k8s\""
                + " && a == \"1\" && b in {\"x\", \"y\"})");
  }

  private static AddressGroup group(String labels) {
    return new AddressGroup.Addresses(
        Rewriting.selector(
            Peers.Selection.ofPods(
                new NamespaceSelection.Named("x"), Selector.of(LabelSelector.parse(labels)))));
  }
}
