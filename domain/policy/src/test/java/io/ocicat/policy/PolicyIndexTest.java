package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Labels;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PolicyIndexTest {

  private static final PolicyName NAME = new PolicyName("x", "p");

  private static PolicyPod pod(String name, NamedPort... ports) {
    return new PolicyPod(
        new PodName("x", name),
        Labels.of("app", name),
        List.of(IpAddress.parse("10.0.0.1")),
        List.of(ports));
  }

  private static PolicySpec ingress(PolicyRule... rules) {
    return new PolicySpec(
        NAME, LabelSelector.EVERYTHING, Set.of(Direction.INGRESS), List.of(rules), List.of());
  }

  private static PolicyIndex index(PolicySpec... specs) {
    PolicyIndex index = new PolicyIndex();
    List.of(specs).forEach(index::upsert);
    return index;
  }

  @Test
  void sharesAPoliciesChainBetweenPods() {
    PolicyIndex index = index(ingress(new PolicyRule.Allow(List.of(), List.of())));
    assertThat(index.endpointPolicy(pod("a"))).isEqualTo(index.endpointPolicy(pod("b")));
    assertThat(index.endpointPolicy(pod("a")).chains(Direction.INGRESS).getFirst())
        .isSameAs(index.endpointPolicy(pod("b")).chains(Direction.INGRESS).getFirst());
  }

  @Test
  void resolvesIngressPortNamesWithThePodsOwnPorts() {
    PolicyIndex index =
        index(
            ingress(
                new PolicyRule.Allow(
                    List.of(), List.of(new PortMatch.Named(Protocol.TCP, "web")))));
    EndpointPolicy eighty = index.endpointPolicy(pod("a", new NamedPort("web", Protocol.TCP, 80)));
    EndpointPolicy other = index.endpointPolicy(pod("b", new NamedPort("web", Protocol.TCP, 81)));
    EndpointPolicy none = index.endpointPolicy(pod("c", new NamedPort("web", Protocol.UDP, 80)));
    assertThat(eighty.chains(Direction.INGRESS).getFirst().rules())
        .containsExactly(new ChainRule.AnyPeer(List.of(PortMatch.Range.of(Protocol.TCP, 80))));
    assertThat(other.chains(Direction.INGRESS)).isNotEqualTo(eighty.chains(Direction.INGRESS));
    assertThat(none.ingress()).containsExactly(new PolicyRow.DenyRest(List.of(NAME)));
  }

  @Test
  void takesEgressPortNamesFromPeersAndNeverFromBlocks() {
    PolicySpec spec =
        new PolicySpec(
            NAME,
            LabelSelector.EVERYTHING,
            Set.of(Direction.EGRESS),
            List.of(),
            List.of(
                new PolicyRule.Allow(
                    List.of(new Peer.IpBlock(Cidr.parse("0.0.0.0/0"), List.of())),
                    List.of(new PortMatch.Named(Protocol.TCP, "web"))),
                new PolicyRule.Allow(
                    List.of(), List.of(new PortMatch.Named(Protocol.TCP, "web")))));
    PolicyChain chain = PolicyCompiler.chain(spec, Direction.EGRESS, pod("a"));
    AddressGroup anyWeb =
        new AddressGroup.PodPorts(
            NamespaceSelection.all(), LabelSelector.EVERYTHING, Protocol.TCP, "web");
    assertThat(chain.rules()).containsExactly(new ChainRule.InPortGroup(anyWeb.id()));
    assertThat(chain.reasons())
        .containsExactly("the named port 'web' has no meaning for ipBlock 0.0.0.0/0");
    assertThat(PolicyCompiler.groupsOf(spec)).containsExactly(anyWeb);
  }

  @Test
  void mergesPortsOfAProtocol() {
    PolicyChain chain =
        PolicyCompiler.chain(
            ingress(
                new PolicyRule.Allow(
                    List.of(),
                    List.of(
                        PortMatch.Range.of(Protocol.TCP, 4),
                        new PortMatch.Range(Protocol.TCP, 81, 90),
                        PortMatch.Range.of(Protocol.UDP, 5),
                        new PortMatch.Range(Protocol.TCP, 1, 3),
                        new PortMatch.Range(Protocol.TCP, 80, 81)))),
            Direction.INGRESS,
            pod("a"));
    assertThat(chain.rules())
        .containsExactly(
            new ChainRule.AnyPeer(
                List.of(
                    new PortMatch.Range(Protocol.TCP, 1, 4),
                    new PortMatch.Range(Protocol.TCP, 80, 90),
                    PortMatch.Range.of(Protocol.UDP, 5))));
  }

  @Test
  void forgetsAPolicyAndItsChains() {
    PolicyIndex index = index(ingress());
    assertThat(index.endpointPolicy(pod("a")).ingress())
        .containsExactly(new PolicyRow.DenyRest(List.of(NAME)));
    index.upsert(ingress(new PolicyRule.Allow(List.of(), List.of())));
    assertThat(index.endpointPolicy(pod("a")).chains(Direction.INGRESS)).hasSize(1);
    index.remove(NAME);
    assertThat(index.find(NAME)).isEmpty();
    assertThat(index.endpointPolicy(pod("a")).ingress()).containsExactly(new PolicyRow.AllowRest());
  }

  @Test
  void givesEqualGroupsEqualIds() {
    AddressGroup one =
        new AddressGroup.Pods(
            new NamespaceSelection.Named("x"), LabelSelector.parse("a=1,b in (y,x)"));
    AddressGroup two =
        new AddressGroup.Pods(
            new NamespaceSelection.Named("x"), LabelSelector.parse("b in (x,y),a==1"));
    assertThat(one.id()).isEqualTo(two.id());
    assertThat(one.canonical()).isEqualTo("namespaces name(x) pods labels(a=1,b in (x,y))");
  }
}
