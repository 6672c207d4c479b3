package io.ocicat.model;

import static io.ocicat.model.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.CalicoRule.Match;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CalicoPolicyTest {
  private static CalicoPolicy policy(String spec) {
    return CalicoPolicy.read(document(Kinds.CALICO_NETWORK_POLICY, "one", "{spec: " + spec + "}"));
  }

  private static Match rule(String rule) {
    return (Match) policy("{ingress: [" + rule + "]}").ingress().getFirst();
  }

  @Test
  void hasCalicosDefaults() {
    CalicoPolicy policy = policy("{}");
    assertThat(policy.tier()).isEqualTo("default");
    assertThat(policy.order()).isInfinite().isPositive();
    assertThat(policy.selector()).isEqualTo(new Selector.All());
    assertThat(policy.namespaceSelector()).isEqualTo(new SelectorField.NotGiven());
    assertThat(policy.directions()).containsExactly(Direction.INGRESS);
    assertThat(policy.problems()).isEmpty();
    assertThat(rule("{action: 'Allow'}"))
        .isEqualTo(
            new Match(
                Action.ALLOW,
                Set.of(IpFamily.values()),
                Set.of(),
                Set.of(),
                new IcmpMatch.NotGiven(),
                new IcmpMatch.NotGiven(),
                EntityRule.ANYTHING,
                EntityRule.ANYTHING,
                HttpMatch.NOT_GIVEN,
                java.util.Map.of()));
  }

  @Test
  void infersDirectionsFromRules() {
    assertThat(policy("{ingress: [{action: 'Deny'}]}").directions())
        .containsExactly(Direction.INGRESS);
    assertThat(policy("{egress: [{action: 'Deny'}]}").directions())
        .containsExactly(Direction.EGRESS);
    assertThat(policy("{ingress: [{action: 'Deny'}], egress: [{action: 'Deny'}]}").directions())
        .containsExactlyInAnyOrder(Direction.values());
    assertThat(policy("{types: ['Egress'], ingress: [{action: 'Deny'}]}").directions())
        .containsExactly(Direction.EGRESS);
  }

  @Test
  void readsEveryPartOfARule() {
    Match rule =
        rule(
            """
            {action: 'Log', protocol: 132, notProtocol: 'UDPLite', icmp: {type: 8}, notICMP: {type: 3, code: 1},
             source: {nets: ['10.0.0.0/8', 'fd00::1'], notNets: ['10.1.0.0/16'], selector: 'has(b)', notSelector: 'has(c)',
               namespaceSelector: 'global()', serviceAccounts: {names: ['x'], selector: 'has(y)'},
               ports: [80, '81:90', '91', 'web'], notPorts: ['1']},
             destination: {services: {name: 's'}},
             http: {methods: ['GET'], paths: [{exact: '/a'}, {prefix: '/b'}]}, metadata: {annotations: {k: 'v'}}}
            """);
    assertThat(rule.action()).isEqualTo(Action.LOG);
    assertThat(rule.protocol()).containsExactly(new IpProtocol(132));
    assertThat(rule.notProtocol()).containsExactly(new IpProtocol(136));
    assertThat(rule.icmp()).isEqualTo(new IcmpMatch.OfType(8));
    assertThat(rule.notIcmp()).isEqualTo(new IcmpMatch.OfTypeAndCode(3, 1));
    EntityRule source = rule.source();
    assertThat(source.nets()).containsExactly(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::1/128"));
    assertThat(source.notNets()).containsExactly(Cidr.parse("10.1.0.0/16"));
    assertThat(source.selector().orAll().canonical()).isEqualTo("has(b)");
    assertThat(source.notSelector().orAll().canonical()).isEqualTo("has(c)");
    assertThat(source.namespaceSelector())
        .isEqualTo(new SelectorField.Given(new Selector.Global()));
    assertThat(source.serviceAccounts().names()).containsExactly("x");
    assertThat(source.serviceAccounts().selector().isGiven()).isTrue();
    assertThat(source.ports())
        .containsExactly(
            new RulePort.Range(80, 80),
            new RulePort.Range(81, 90),
            new RulePort.Range(91, 91),
            new RulePort.Named("web"));
    assertThat(source.notPorts()).containsExactly(new RulePort.Range(1, 1));
    assertThat(rule.destination().service())
        .as("the namespace is the policy's")
        .isEqualTo(new EntityRule.ServiceName("default", "s"));
    assertThat(rule.http().paths())
        .containsExactly(new HttpMatch.Path.Exact("/a"), new HttpMatch.Path.Prefix("/b"));
    assertThat(rule.annotations()).containsEntry("k", "v");
  }

  @Test
  void infersTheFamilyFromIcmp() {
    assertThat(rule("{action: 'Deny', protocol: 'ICMP'}").families())
        .containsExactly(IpFamily.IPV4);
    assertThat(rule("{action: 'Deny', notProtocol: 58}").families()).containsExactly(IpFamily.IPV6);
    assertThat(rule("{action: 'Deny', ipVersion: 4}").families()).containsExactly(IpFamily.IPV4);
    assertThat(rule("{action: 'Deny', protocol: 'TCP'}").families())
        .containsExactlyInAnyOrder(IpFamily.values());
  }

  @Test
  void keepsWhatItCannotReadWithTheReason() {
    CalicoPolicy policy =
        policy(
            """
            {ingress: [{action: 'Allow', source: {nets: '10.0.0.0/8'}}, {action: 'Drop'}, {action: 'Pass', protocol: 'IPX'},
              {action: 'Allow', source: {selector: 'a ='}}, {action: 'Allow', source: {ports: [70000]}}, {action: 'Deny'}]}
            """);
    assertThat(policy.ingress())
        .extracting(CalicoRule::action)
        .containsExactly(
            Action.ALLOW, Action.DENY, Action.PASS, Action.ALLOW, Action.ALLOW, Action.DENY);
    assertThat(policy.ingress().subList(0, 5))
        .hasOnlyElementsOfType(CalicoRule.Unreadable.class)
        .extracting(each -> ((CalicoRule.Unreadable) each).reason())
        .satisfiesExactly(
            each -> assertThat(each).contains("spec.ingress[0].source.nets", "not a list"),
            each -> assertThat(each).contains("spec.ingress[1].action"),
            each -> assertThat(each).contains("spec.ingress[2].protocol", "IPX"),
            each -> assertThat(each).contains("spec.ingress[3].source.selector", "character 3"),
            each -> assertThat(each).contains("spec.ingress[4].source.ports[0]"));
    assertThat(policy.ingress().getLast()).isInstanceOf(Match.class);
  }

  @Test
  void selectsNothingIfItsSelectorCannotBeRead() {
    CalicoPolicy policy = policy("{selector: 'a ==', order: 'x'}");
    assertThat(policy.selector().matches(Labels.EMPTY)).isFalse();
    assertThat(policy.problems()).hasSize(2);
  }

  @Test
  void readsStagedPolicies() {
    StagedPolicy staged =
        StagedPolicy.read(
            document(
                Kinds.STAGED_GLOBAL_NETWORK_POLICY,
                "one",
                "{spec: {stagedAction: 'Delete', tier: 'a', order: -0.5}}"));
    assertThat(staged.action()).isEqualTo(StagedAction.DELETE);
    assertThat(staged.policy().tier()).isEqualTo("a");
    assertThat(staged.policy().order()).isEqualTo(-0.5);
    StagedKubernetesPolicy kubernetes =
        StagedKubernetesPolicy.read(
            document(Kinds.STAGED_KUBERNETES_NETWORK_POLICY, "one", "{spec: {podSelector: {}}}"));
    assertThat(kubernetes.action()).isEqualTo(StagedAction.SET);
    assertThat(kubernetes.policy().isolates(Direction.INGRESS)).isTrue();
  }

  @Test
  void readsTiersAndSets() {
    Tier tier = Tier.read(document(Kinds.TIER, "a", "{spec: {order: 5, defaultAction: 'Pass'}}"));
    assertThat(tier.order()).isEqualTo(5);
    assertThat(tier.defaultAction()).isEqualTo(Action.PASS);
    assertThat(Tier.read(document(Kinds.TIER, "a", "{}")).order()).isInfinite();
    assertThat(Tier.read(document(Kinds.TIER, "a", "{}")).defaultAction()).isEqualTo(Action.DENY);
    for (Tier permanent : Tier.PERMANENT) {
      assertThat(Tier.read(permanent.document())).isEqualTo(permanent);
    }
    NetworkSet set =
        NetworkSet.read(
            document(Kinds.NETWORK_SET, "a", "{spec: {nets: ['10.0.0.1', 'x', 'fd00::/8']}}"));
    assertThat(set.nets()).containsExactly(Cidr.parse("10.0.0.1/32"), Cidr.parse("fd00::/8"));
    assertThat(set.problems()).singleElement().asString().contains("spec.nets[1]");
  }

  @Test
  void readsHostEndpointsAndProfiles() {
    HostEndpoint endpoint =
        HostEndpoint.read(
            document(
                Kinds.HOST_ENDPOINT,
                "a",
                """
                {spec: {node: 'n', interfaceName: '*', expectedIPs: ['10.0.0.1', 'x'], profiles: ['p', 'q'],
                  ports: [{name: 'web', protocol: 'TCP', port: 80}, {name: 'bad', protocol: 'ICMP', port: 1}]}}
                """));
    assertThat(endpoint.isForAllInterfaces()).isTrue();
    assertThat(endpoint.expectedIps()).hasSize(1);
    assertThat(endpoint.profiles()).containsExactly("p", "q");
    assertThat(endpoint.ports())
        .containsExactly(new HostEndpoint.NamedPort("web", Protocol.TCP, 80));
    assertThat(endpoint.problems()).hasSize(2);
    Profile profile =
        Profile.read(
            document(
                Kinds.PROFILE,
                "a",
                "{spec: {egress: [{action: 'Allow'}], labelsToApply: {pcns.a: 'b'}}}"
                    .replace("pcns.a", "'pcns.a'")));
    assertThat(profile.rules(Direction.EGRESS)).hasSize(1);
    assertThat(profile.labelsToApply()).isEqualTo(Labels.of("pcns.a", "b"));
  }

  @Test
  void namesOfTypesOfPortsAndProtocolsReadBack() {
    for (String text : List.of("TCP", "UDP", "SCTP", "ICMP", "ICMPv6", "UDPLite", "2", "255")) {
      assertThat(IpProtocol.parse(text)).hasToString(text);
    }
    assertThat(IpProtocol.parse("6")).isEqualTo(IpProtocol.of(Protocol.TCP));
    for (String text : List.of("1", "65535", "1:2", "web", "a_b.c-D")) {
      assertThat(RulePort.parse(text)).hasToString(text);
    }
  }
}
