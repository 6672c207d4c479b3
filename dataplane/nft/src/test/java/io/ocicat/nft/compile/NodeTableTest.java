package io.ocicat.nft.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.Metadata;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.nftables.CtState;
import io.ocicat.nftables.Expression;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.interpret.Evaluation;
import io.ocicat.nftables.interpret.Evaluation.Outcome;
import io.ocicat.nftables.interpret.NftInterpreter;
import io.ocicat.nftables.interpret.Packet;
import io.ocicat.plan.MasqueradePlan;
import io.ocicat.policy.AddressGroup;
import io.ocicat.policy.GroupDelta;
import io.ocicat.policy.GroupMember;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyCompiler;
import io.ocicat.policy.PolicyIndex;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicySpec;
import io.ocicat.policy.PolicySpecs;
import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Labels;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class NodeTableTest {

  private static final IpAddress POD = IpAddress.parse("10.0.0.1");
  private static final IpAddress POD6 = IpAddress.parse("fd00::1");
  private static final IpAddress OTHER = IpAddress.parse("10.0.0.2");
  private static final IpAddress OTHER6 = IpAddress.parse("fd00::2");
  private static final IpAddress WORLD = IpAddress.parse("192.0.2.1");
  private static final PolicyPod A =
      new PolicyPod(new PodName("x", "a"), Labels.EMPTY, List.of(POD, POD6), List.of());
  private static final String IF_A = "oci0000000000aa";

  /** Isolates pods of x both ways but for pods of x. */
  private static final PolicySpec SAME_NAMESPACE =
      PolicySpecs.from(
          new NetworkPolicy(
              Metadata.of("x", "same"),
              LabelSelector.EVERYTHING,
              Set.of(Direction.INGRESS, Direction.EGRESS),
              List.of(sameNamespace()),
              List.of(sameNamespace())));

  private static final AddressGroup GROUP =
      PolicyCompiler.groupsOf(SAME_NAMESPACE).iterator().next();

  private static NetworkPolicy.Rule sameNamespace() {
    return new NetworkPolicy.Rule(
        List.of(new NetworkPolicy.Peer.PodsHere(LabelSelector.EVERYTHING)), List.of());
  }

  private static NodeTable table(PolicySpec... policies) {
    PolicyIndex index = new PolicyIndex();
    List.of(policies).forEach(index::upsert);
    NodeTable table = new NodeTable();
    table.put(new NftEndpoint(IF_A, A.name(), A.addresses(), index.endpointPolicy(A)));
    return table;
  }

  private static Outcome outcome(NodeTable table, Hook hook, Packet packet) {
    return evaluate(table, hook, packet).outcome();
  }

  private static Evaluation evaluate(NodeTable table, Hook hook, Packet packet) {
    return new NftInterpreter(table.snapshot()).evaluate(packet, hook);
  }

  private static Packet tcp(IpAddress from, IpAddress to) {
    return Packet.opening(from, to, Packet.TCP, 80);
  }

  @Test
  void letsAPodSendFromItsOwnAddressesOnly() {
    NodeTable table = table();
    assertThat(outcome(table, Hook.FORWARD, tcp(POD, WORLD).via(IF_A, "eth0")))
        .isEqualTo(Outcome.ACCEPT);
    assertThat(outcome(table, Hook.FORWARD, tcp(POD6, OTHER6).via(IF_A, "eth0")))
        .isEqualTo(Outcome.ACCEPT);
    assertThat(outcome(table, Hook.FORWARD, tcp(OTHER, WORLD).via(IF_A, "eth0")))
        .isEqualTo(Outcome.DROP);
    assertThat(outcome(table, Hook.INPUT, tcp(OTHER6, POD6).via(IF_A, ""))).isEqualTo(Outcome.DROP);
  }

  @Test
  void dropsOnOurInterfacesThatItDoesNotKnow() {
    NodeTable table = table();
    String unknown = "oci0000000000bb";
    assertThat(outcome(table, Hook.FORWARD, tcp(OTHER, WORLD).via(unknown, "eth0")))
        .isEqualTo(Outcome.DROP);
    assertThat(outcome(table, Hook.FORWARD, tcp(WORLD, OTHER).via("eth0", unknown)))
        .isEqualTo(Outcome.DROP);
    assertThat(outcome(table, Hook.FORWARD, tcp(POD, OTHER).via(IF_A, unknown)))
        .isEqualTo(Outcome.DROP);
    assertThat(outcome(table, Hook.INPUT, tcp(OTHER, WORLD).via(unknown, "")))
        .isEqualTo(Outcome.DROP);
    table.remove(IF_A);
    assertThat(outcome(table, Hook.FORWARD, tcp(POD, WORLD).via(IF_A, "eth0")))
        .isEqualTo(Outcome.DROP);
  }

  @Test
  void leavesTheHostsOtherTrafficAlone() {
    NodeTable table = table(SAME_NAMESPACE);
    Packet foreign = tcp(WORLD, IpAddress.parse("172.17.0.2"));
    assertThat(outcome(table, Hook.FORWARD, foreign.via("eth0", "docker0")))
        .isEqualTo(Outcome.ACCEPT);
    assertThat(
            outcome(
                table, Hook.FORWARD, foreign.via("eth0", "docker0").withCtState(CtState.INVALID)))
        .isEqualTo(Outcome.ACCEPT);
    assertThat(outcome(table, Hook.INPUT, foreign.via("eth0", ""))).isEqualTo(Outcome.ACCEPT);
    assertThat(evaluate(table, Hook.POSTROUTING, foreign.via("eth0", "docker0")).masqueraded())
        .isFalse();
  }

  @Test
  void letsRepliesPassAndStopsInvalidPackets() {
    NodeTable table = table(SAME_NAMESPACE);
    Packet in = tcp(WORLD, POD).via("eth0", IF_A);
    assertThat(outcome(table, Hook.FORWARD, in)).isEqualTo(Outcome.DROP);
    assertThat(outcome(table, Hook.FORWARD, in.withCtState(CtState.ESTABLISHED)))
        .isEqualTo(Outcome.ACCEPT);
    assertThat(outcome(table, Hook.FORWARD, in.withCtState(CtState.RELATED)))
        .isEqualTo(Outcome.ACCEPT);
    assertThat(outcome(table(), Hook.FORWARD, in.withCtState(CtState.INVALID)))
        .isEqualTo(Outcome.DROP);
  }

  @Test
  void keepsTheLinkAliveForIsolatedPods() {
    NodeTable table = table(SAME_NAMESPACE);
    IpAddress linkLocal = IpAddress.parse("fe80::1");
    for (int type : List.of(133, 134, 135, 136)) {
      assertThat(
              outcome(
                  table,
                  Hook.INPUT,
                  Packet.icmp(linkLocal, IpAddress.parse("ff02::1"), type)
                      .via(IF_A, "")
                      .withCtState(CtState.UNTRACKED)))
          .isEqualTo(Outcome.ACCEPT);
    }
    assertThat(outcome(table, Hook.INPUT, Packet.icmp(POD6, OTHER6, 128).via(IF_A, "")))
        .isEqualTo(Outcome.DROP);
  }

  @Test
  void letsAnIsolatedPodReachItselfThroughTheHost() {
    NodeTable table = table(SAME_NAMESPACE);
    assertThat(outcome(table, Hook.FORWARD, tcp(POD, POD).via(IF_A, IF_A)))
        .isEqualTo(Outcome.ACCEPT);
    assertThat(outcome(table, Hook.FORWARD, tcp(OTHER, POD).via(IF_A, IF_A)))
        .isEqualTo(Outcome.DROP);
    assertThat(outcome(table, Hook.FORWARD, tcp(POD, POD).via("eth0", IF_A)))
        .isEqualTo(Outcome.DROP);
  }

  @Test
  void treatsTheOwnHostAsEgress() {
    assertThat(outcome(table(), Hook.INPUT, tcp(POD, WORLD).via(IF_A, "")))
        .isEqualTo(Outcome.ACCEPT);
    assertThat(outcome(table(SAME_NAMESPACE), Hook.INPUT, tcp(POD, WORLD).via(IF_A, "")))
        .isEqualTo(Outcome.DROP);
  }

  @Test
  void followsAGroupsMembersAndDeniesWhileTheyAreUnknown() {
    NodeTable table = table(SAME_NAMESPACE);
    Packet in = tcp(OTHER, POD).via("eth0", IF_A);
    Packet out = tcp(POD6, OTHER6).via(IF_A, "eth0");
    assertThat(outcome(table, Hook.FORWARD, in)).isEqualTo(Outcome.DROP);
    table.setGroup(GROUP.id(), Set.of(GroupMember.of(OTHER)));
    assertThat(outcome(table, Hook.FORWARD, in)).isEqualTo(Outcome.ACCEPT);
    assertThat(outcome(table, Hook.FORWARD, out)).isEqualTo(Outcome.DROP);
    table.changeGroup(
        GROUP.id(),
        new GroupDelta(
            new TreeSet<>(Set.of(GroupMember.of(OTHER6))),
            new TreeSet<>(Set.of(GroupMember.of(OTHER)))));
    assertThat(outcome(table, Hook.FORWARD, in)).isEqualTo(Outcome.DROP);
    assertThat(outcome(table, Hook.FORWARD, out)).isEqualTo(Outcome.ACCEPT);
    table.forgetGroup(GROUP.id());
    assertThat(outcome(table, Hook.FORWARD, out)).isEqualTo(Outcome.DROP);
  }

  @Test
  void masqueradesFromNatPoolsToOutsideAllPools() {
    NodeTable table = table();
    table.setMasquerade(
        new MasqueradePlan(
            List.of(Cidr.parse("10.0.0.0/24")),
            List.of(Cidr.parse("10.0.0.0/24"), Cidr.parse("10.0.1.0/24"))));
    assertThat(masqueraded(table, POD, WORLD)).isTrue();
    assertThat(masqueraded(table, POD, OTHER)).isFalse();
    assertThat(masqueraded(table, POD, IpAddress.parse("10.0.1.7"))).isFalse();
    assertThat(masqueraded(table, IpAddress.parse("10.0.1.7"), WORLD)).isFalse();
    assertThat(masqueraded(table, POD6, IpAddress.parse("2001:db8::1"))).isFalse();
    table.setMasquerade(MasqueradePlan.NONE);
    assertThat(masqueraded(table, POD, WORLD)).isFalse();
  }

  private static boolean masqueraded(NodeTable table, IpAddress from, IpAddress to) {
    return evaluate(table, Hook.POSTROUTING, tcp(from, to).via(IF_A, "eth0")).masqueraded();
  }

  @Test
  void changesOnlyWhatAChangeTouches() {
    NodeTable table = table(SAME_NAMESPACE);
    table.setGroup(GROUP.id(), Set.of(GroupMember.of(OTHER)));
    NftTable before = table.snapshot();
    table.setGroup(GROUP.id(), Set.of(GroupMember.of(OTHER), GroupMember.of(WORLD)));
    NftTable after = table.snapshot();
    assertThat(after.chains()).isSameAs(before.chains());
    before
        .sets()
        .forEach(
            set -> {
              if (!set.name().equals(Layout.hosts(POD.family()))) {
                assertThat(after.set(set.name()).orElseThrow()).isSameAs(set);
              }
            });
  }

  @Test
  void looksAPeerUpWhateverTheNumberOfRules() {
    PolicySpec[] policies = new PolicySpec[200];
    for (int i = 0; i < policies.length; i++) {
      policies[i] = allowing("p" + i, Cidr.parse("10.1.%d.%d/32".formatted(i / 100, i % 100)));
    }
    NodeTable table = table(policies);
    for (int i : List.of(0, 99, 199)) {
      IpAddress peer = IpAddress.parse("10.1.%d.%d".formatted(i / 100, i % 100));
      Evaluation evaluation = evaluate(table, Hook.FORWARD, tcp(peer, POD).via("eth0", IF_A));
      assertThat(evaluation.outcome()).isEqualTo(Outcome.ACCEPT);
      assertThat(evaluation.trace()).hasSizeLessThan(10);
      assertThat(evaluation.explain()).contains("NetworkPolicy x/p" + i + " ingress[0].from[0]");
    }
    assertThat(outcome(table, Hook.FORWARD, tcp(WORLD, POD).via("eth0", IF_A)))
        .isEqualTo(Outcome.DROP);
  }

  private static PolicySpec allowing(String name, Cidr peer) {
    return PolicySpecs.from(
        new NetworkPolicy(
            Metadata.of("x", name),
            LabelSelector.EVERYTHING,
            Set.of(Direction.INGRESS),
            List.of(
                new NetworkPolicy.Rule(
                    List.of(new NetworkPolicy.Peer.Block(peer, List.of())), List.of())),
            List.of()));
  }

  @Test
  void reportsWhatIsDeniedWhereItIsAskedTo() {
    NodeTable table = new NodeTable();
    PolicyIndex index = new PolicyIndex();
    index.upsert(SAME_NAMESPACE);
    table.put(new NftEndpoint(IF_A, A.name(), A.addresses(), index.endpointPolicy(A), true));
    Evaluation evaluation = evaluate(table, Hook.FORWARD, tcp(OTHER, POD).via("eth0", IF_A));
    String chain = reportOf(evaluation);
    assertThat(table.decision(chain))
        .contains(
            new Decision(
                false,
                Direction.INGRESS,
                "default",
                Action.DENY,
                List.of(SAME_NAMESPACE.name()),
                ""));
    assertThat(table.decisions()).containsKey(chain);
    table.put(new NftEndpoint(IF_A, A.name(), A.addresses(), index.endpointPolicy(A)));
    index.upsert(SAME_NAMESPACE.withLogDenied(true));
    assertThat(table.snapshot().toString()).doesNotContain("prefix=" + chain);
    table.put(new NftEndpoint(IF_A, A.name(), A.addresses(), index.endpointPolicy(A)));
    assertThat(reportOf(evaluate(table, Hook.FORWARD, tcp(OTHER, POD).via("eth0", IF_A))))
        .isEqualTo(chain);
  }

  /** The text by which the kernel reports it. */
  private static String reportOf(Evaluation evaluation) {
    assertThat(evaluation.outcome()).isEqualTo(Outcome.DROP);
    return evaluation.trace().stream()
        .filter(Evaluation.Step.Matched.class::isInstance)
        .map(Evaluation.Step.Matched.class::cast)
        .flatMap(step -> step.rule().expressions().stream())
        .filter(Expression.Log.class::isInstance)
        .map(Expression.Log.class::cast)
        .map(Expression.Log::prefix)
        .collect(Collectors.joining());
  }

  @Test
  void namesPodsAndPoliciesInComments() {
    NodeTable same = table(SAME_NAMESPACE);
    same.setGroup(GROUP.id(), Set.of(GroupMember.of(OTHER)));
    String text = same.snapshot().toString();
    assertThat(text)
        .contains("NetworkPolicy x/same ingress[0].from[0]")
        .contains("isolated by NetworkPolicy x/same");
    PolicyPod longNamed =
        new PolicyPod(
            new PodName("n".repeat(63), "ö".repeat(250)), Labels.EMPTY, List.of(), List.of());
    NodeTable other = new NodeTable();
    other.put(
        new NftEndpoint(
            IF_A, longNamed.name(), List.of(), new PolicyIndex().endpointPolicy(longNamed)));
    assertThat(other.snapshot().chain("to-" + IF_A)).isPresent();
  }
}
