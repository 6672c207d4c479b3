package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.policy.PolicyVerdict.Ground;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PolicyDocumentsTest {

  private static final IpAddress A = IpAddress.parse("10.0.0.1");
  private static final IpAddress B = IpAddress.parse("10.0.0.2");
  private static final PolicyPod POD_A =
      new PolicyPod(new PodName("x", "a"), Labels.of("app", "a"), "robot", List.of(A), List.of());
  private static final PolicyPod POD_B =
      new PolicyPod(new PodName("y", "b"), Labels.of("app", "b"), "human", List.of(B), List.of());

  private static PolicySpec read(PolicyKind kind, String namespace, String spec) {
    try {
      return PolicyDocuments.read(
          kind,
          new ObjectMapper()
              .readTree(
                  """
                  {"kind":"k","metadata":{"namespace":"%s","name":"p"},"spec":%s}
                  """
                      .formatted(namespace, spec.replace('\'', '"'))));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(spec, e);
    }
  }

  private static Ground ground(Flow.Traffic traffic, PolicySpec... policies) {
    ClusterSnapshot cluster =
        new ClusterSnapshot(
            Map.of("x", Labels.of("team", "red"), "y", Labels.of("team", "blue")),
            Map.of(new AccountName("y", "human"), Labels.of("role", "admin")),
            Map.of(),
            List.of(POD_A, POD_B),
            List.of(
                new PolicySet(
                    "", "set", Labels.of("set", "s"), List.of(Cidr.parse("10.0.0.2/31")))),
            List.of(),
            Map.of(),
            List.of(),
            List.of(policies));
    return PolicyOracle.verdict(cluster, Flow.between(B, A, traffic)).ends().getLast().ground();
  }

  private static Ground ground(PolicySpec... policies) {
    return ground(Flow.Traffic.tcp(80), policies);
  }

  private static PolicySpec ingress(String source) {
    return read(
        PolicyKind.NETWORK_POLICY,
        "x",
        "{'ingress':[{'action':'Allow','source':%s}]}".formatted(source));
  }

  @Test
  void looksForPeersInTheOwnNamespaceUnlessOthersAreNamed() {
    assertThat(ground(ingress("{'selector':'app == \\'b\\''}".replace("\\'", "\\\""))).allows())
        .isFalse();
    assertThat(ground(ingress("{'namespaceSelector':'team == \\\"blue\\\"'}")).allows()).isTrue();
    assertThat(ground(ingress("{'namespaceSelector':'team == \\\"red\\\"'}")).allows()).isFalse();
    assertThat(ground(ingress("{'namespaceSelector':'all()'}")).allows()).isTrue();
  }

  @Test
  void findsNetworkSetsWithGlobal() {
    assertThat(ground(ingress("{'namespaceSelector':'global()','selector':'has(set)'}")).allows())
        .isTrue();
    assertThat(ground(ingress("{'namespaceSelector':'all()','selector':'has(set)'}")).allows())
        .isFalse();
  }

  @Test
  void findsServiceAccountsByNameAndLabel() {
    String everywhere = "'namespaceSelector':'all()',";
    assertThat(
            ground(ingress("{" + everywhere + "'serviceAccounts':{'names':['human']}}")).allows())
        .isTrue();
    assertThat(
            ground(
                    ingress(
                        "{"
                            + everywhere
                            + "'serviceAccounts':{'selector':'role == \\\"admin\\\"'}}"))
                .allows())
        .isTrue();
    assertThat(
            ground(ingress("{" + everywhere + "'serviceAccounts':{'names':['robot']}}")).allows())
        .isFalse();
  }

  @Test
  void findsServiceAccountsWhoseNameIsTooLongForALabel() {
    String name = "a".repeat(100);
    PolicySpec policy =
        ingress("{'namespaceSelector':'all()','serviceAccounts':{'names':['%s']}}".formatted(name));
    GroupIndex index = new GroupIndex();
    index.upsertNamespace("x", Labels.of("team", "red"));
    index.upsertNamespace("y", Labels.of("team", "blue"));
    index.upsertPolicy(policy);
    for (String account : List.of(name, "a".repeat(99), "a".repeat(63))) {
      PolicyPod sender =
          new PolicyPod(POD_B.name(), POD_B.labels(), account, List.of(B), List.of());
      ClusterSnapshot cluster =
          new ClusterSnapshot(
              Map.of("x", Labels.of("team", "red"), "y", Labels.of("team", "blue")),
              List.of(POD_A, sender),
              List.of(policy));
      index.upsertPod(sender);
      boolean isPeer = account.equals(name);
      Ground ground =
          PolicyOracle.verdict(cluster, Flow.between(B, A, Flow.Traffic.tcp(80)))
              .ends()
              .getLast()
              .ground();
      assertThat(ground.allows()).as(account).isEqualTo(isPeer);
      assertThat(PolicyCompiler.groupsOf(policy)).hasSize(1);
      assertThat(index.members(PolicyCompiler.groupsOf(policy).iterator().next().id()).isEmpty())
          .as(account)
          .isEqualTo(!isPeer);
    }
  }

  @Test
  void ordersPoliciesOfATierAndTellsWhichRuleDecided() {
    PolicySpec deny =
        read(
            PolicyKind.GLOBAL_NETWORK_POLICY,
            "",
            "{'order':2,'ingress':[{'action':'Log'},{'action':'Deny'}]}");
    assertThat(ground(deny))
        .isEqualTo(new Ground.ByRule(Action.DENY, "default", deny.name(), "ingress[1]"));
    PolicySpec allow =
        read(
            PolicyKind.NETWORK_POLICY,
            "x",
            "{'order':1,'ingress':[{'action':'Allow','protocol':'TCP','destination':{'ports':[80]}}]}");
    assertThat(ground(deny, allow))
        .isEqualTo(new Ground.ByRule(Action.ALLOW, "default", allow.name(), "ingress[0]"));
    assertThat(ground(Flow.Traffic.tcp(81), deny, allow).allows()).isFalse();
  }

  @Test
  void passesOnAtTheEndOfAnAdministratorsTierAndNotOfTheDefaultOne() {
    PolicySpec admin =
        read(
            PolicyKind.CLUSTER_NETWORK_POLICY,
            "",
            """
            {'tier':'Admin','priority':1,'subject':{'namespaces':{}},
             'ingress':[{'action':'Deny','from':[{'namespaces':{'matchLabels':{'team':'green'}}}]}]}
            """);
    assertThat(admin.directions()).containsExactly(Direction.INGRESS);
    assertThat(ground(admin)).isEqualTo(new Ground.AfterTiers());
    PolicySpec closed = read(PolicyKind.NETWORK_POLICY, "x", "{'types':['Ingress']}");
    assertThat(ground(admin, closed))
        .isEqualTo(new Ground.EndOfTier("default", List.of(closed.name())));
  }

  @Test
  void deniesEverythingOverADenyOfTheClusterThatItCannotRead() {
    String spec =
        """
        {'tier':'Admin','priority':1,'subject':{'namespaces':{}},
         'ingress':[{'action':'%s','from':[{'odd':{}}]}]}
        """;
    assertThat(ground(read(PolicyKind.CLUSTER_NETWORK_POLICY, "", spec.formatted("Deny"))).allows())
        .isFalse();
    assertThat(ground(read(PolicyKind.CLUSTER_NETWORK_POLICY, "", spec.formatted("Accept"))))
        .isEqualTo(new Ground.AfterTiers());
  }

  @Test
  void reportsWhatStagedPoliciesWouldDoAndDoesNot() {
    PolicySpec staged = read(PolicyKind.STAGED_NETWORK_POLICY, "x", "{'types':['Ingress']}");
    ClusterSnapshot cluster = new ClusterSnapshot(Map.of(), List.of(POD_A, POD_B), List.of(staged));
    PolicyVerdict.End end =
        PolicyOracle.verdict(cluster, Flow.between(B, A, Flow.Traffic.tcp(80))).ends().getLast();
    assertThat(end.ground().allows()).isTrue();
    assertThat(end.staged().allows()).isFalse();
  }

  @Test
  void closesTheNamespaceOverASelectorThatItCannotReadAndNothingOverAGlobalOne() {
    String spec = "{'selector':'app ==','types':['Ingress']}";
    assertThat(ground(read(PolicyKind.NETWORK_POLICY, "x", spec)).allows()).isFalse();
    assertThat(ground(read(PolicyKind.NETWORK_POLICY, "y", spec)).allows()).isTrue();
    assertThat(ground(read(PolicyKind.GLOBAL_NETWORK_POLICY, "", spec)).allows()).isTrue();
  }

  @Test
  void takesPortsByNameOfWhateverProtocolWhereNoneIsSaid() {
    PolicySpec spec =
        read(
            PolicyKind.NETWORK_POLICY,
            "x",
            "{'ingress':[{'action':'Allow','destination':{'ports':['web']}}]}");
    assertThat(spec.ingress().getFirst())
        .isInstanceOfSatisfying(
            PolicyRule.Match.class,
            match ->
                assertThat(match.traffic().destination().ports())
                    .containsExactly(
                        new PortMatch.Named(Protocol.TCP, "web"),
                        new PortMatch.Named(Protocol.UDP, "web"),
                        new PortMatch.Named(Protocol.SCTP, "web")));
  }

  @Test
  void keepsUntrackedPoliciesFromPods() {
    PolicySpec spec =
        read(
            PolicyKind.GLOBAL_NETWORK_POLICY,
            "",
            "{'doNotTrack':true,'applyOnForward':true,'ingress':[{'action':'Deny'}]}");
    assertThat(ground(spec).allows()).isTrue();
  }

  @Test
  void cannotBeToldByLabelsThatAPodIsOfAnotherNamespace() {
    PolicyPod liar =
        new PolicyPod(
            POD_B.name(),
            new Labels(
                Map.of(Selector.NAMESPACE_LABEL, "x", Selector.NAMESPACE_PREFIX + "team", "red")),
            List.of(B),
            List.of());
    GroupIndex index = new GroupIndex();
    index.upsertNamespace("x", Labels.of("team", "red"));
    index.upsertPod(liar);
    for (String source :
        Set.of("{'selector':'all()'}", "{'namespaceSelector':'team == \\\"red\\\"'}")) {
      PolicySpec spec = ingress(source);
      index.upsertPolicy(spec);
      PolicyCompiler.groupsOf(spec)
          .forEach(group -> assertThat(index.members(group.id())).isEmpty());
    }
  }
}
