package io.ocicat.policy;

import static io.ocicat.policy.ModelWorld.PING;
import static io.ocicat.policy.ModelWorld.WORLD;

import io.ocicat.inet.IpFamily;
import io.ocicat.model.Kinds;
import io.ocicat.model.Protocol;
import io.ocicat.policy.Flow.Traffic;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The cases of the conformance tests of ClusterNetworkPolicy, with literal answers. What judges
 * them, packets or calculations, is the world's affair.
 *
 * @see <a
 *     href="https://github.com/kubernetes-sigs/network-policy-api/tree/main/conformance">network-policy-api/conformance</a>
 */
public abstract class ClusterPolicyCases {

  private static final String OF_X =
      "{namespaces: {matchLabels: {'kubernetes.io/metadata.name': 'x'}}}";
  private static final String Y = "{namespaces: {matchLabels: {team: 'y'}}}";
  private static final String Z = "{namespaces: {matchLabels: {team: 'z'}}}";
  private static final String C =
      "{pods: {namespaceSelector: {matchLabels: {team: 'x'}}, podSelector: {matchLabels: {app: 'c'}}}}";
  private static final String ADMIN = ": kube-admin, ClusterNetworkPolicy ";
  private static final String BASELINE = ": kube-baseline, ClusterNetworkPolicy ";

  protected final ModelWorld world;

  /** Judges the cases in a world that holds no policy yet. */
  protected ClusterPolicyCases(ModelWorld world) {
    this.world = world;
  }

  private ModelWorld put(String name, String tier, int priority, String more) {
    return world.put(
        Kinds.CLUSTER_NETWORK_POLICY,
        name,
        "{tier: '%s', priority: %d, subject: %s, %s}".formatted(tier, priority, OF_X, more));
  }

  private static String rule(String action, String peers, String more) {
    return "{action: '%s', %s%s}".formatted(action, peers, more);
  }

  private static String on(Protocol protocol, int port) {
    return ", protocols: [{%s: {destinationPort: {number: %d}}}]"
        .formatted(protocol.name().toLowerCase(Locale.ROOT), port);
  }

  private static Traffic to(Protocol protocol, int port) {
    return ModelWorld.to(protocol, port);
  }

  private static String from(String peer) {
    return "from: [" + peer + "]";
  }

  private static String toPeer(String peer) {
    return "to: [" + peer + "]";
  }

  @Test
  void adminIngressAcceptsDeniesAndPassesInOrderForTcp() {
    adminIngressAcceptsDeniesAndPassesInOrder(Protocol.TCP);
  }

  @Test
  void adminIngressAcceptsDeniesAndPassesInOrderForUdp() {
    adminIngressAcceptsDeniesAndPassesInOrder(Protocol.UDP);
  }

  @Test
  void adminIngressAcceptsDeniesAndPassesInOrderForSctp() {
    adminIngressAcceptsDeniesAndPassesInOrder(Protocol.SCTP);
  }

  private void adminIngressAcceptsDeniesAndPassesInOrder(Protocol protocol) {
    put(
        "p",
        "Admin",
        10,
        "ingress: [%s, %s, %s, %s]"
            .formatted(
                rule("Accept", from(Y), on(protocol, 80)),
                rule("Deny", from(Y), ""),
                rule("Pass", from(Z), on(protocol, 80)),
                rule("Deny", from(Z), "")));
    world
        .allows("y/b -> x/web", to(protocol, 80))
        .denies("y/b -> x/web", to(protocol, 81), "to x/web" + ADMIN + "p, ingress[1].from[0]")
        .allows("z/d -> x/web", to(protocol, 80))
        .denies("z/d -> x/web", to(protocol, 81), "to x/web" + ADMIN + "p, ingress[3].from[0]")
        .allows("x/a -> x/web", to(protocol, 81))
        .allows("x/web -> y/b", to(protocol, 81))
        .check();
    put(
        "p",
        "Admin",
        10,
        "ingress: [%s, %s]"
            .formatted(rule("Deny", from(Y), ""), rule("Accept", from(Y), on(protocol, 80))));
    world
        .denies("y/b -> x/web", to(protocol, 80), "to x/web" + ADMIN + "p, ingress[0].from[0]")
        .check();
  }

  @Test
  void adminEgressAcceptsDeniesAndPassesInOrderForTcp() {
    adminEgressAcceptsDeniesAndPassesInOrder(Protocol.TCP);
  }

  @Test
  void adminEgressAcceptsDeniesAndPassesInOrderForUdp() {
    adminEgressAcceptsDeniesAndPassesInOrder(Protocol.UDP);
  }

  @Test
  void adminEgressAcceptsDeniesAndPassesInOrderForSctp() {
    adminEgressAcceptsDeniesAndPassesInOrder(Protocol.SCTP);
  }

  private void adminEgressAcceptsDeniesAndPassesInOrder(Protocol protocol) {
    put(
        "p",
        "Admin",
        10,
        "egress: [%s, %s, %s, %s]"
            .formatted(
                rule("Accept", toPeer(Y), on(protocol, 80)),
                rule("Deny", toPeer(Y), ""),
                rule("Pass", toPeer(Z), on(protocol, 80)),
                rule("Deny", toPeer(Z), "")));
    world
        .allows("x/a -> y/b", to(protocol, 80))
        .denies("x/a -> y/b", to(protocol, 81), "from x/a" + ADMIN + "p, egress[1].to[0]")
        .allows("x/a -> z/d", to(protocol, 80))
        .denies("x/a -> z/d", to(protocol, 81), "from x/a" + ADMIN + "p, egress[3].to[0]")
        .allows("x/a -> x/c", to(protocol, 81))
        .allows("y/b -> x/a", to(protocol, 81))
        .check();
  }

  @Test
  void baselineIngressDecidesWhatNobodyElseDidForTcp() {
    baselineIngressDecidesWhatNobodyElseDid(Protocol.TCP);
  }

  @Test
  void baselineIngressDecidesWhatNobodyElseDidForUdp() {
    baselineIngressDecidesWhatNobodyElseDid(Protocol.UDP);
  }

  @Test
  void baselineIngressDecidesWhatNobodyElseDidForSctp() {
    baselineIngressDecidesWhatNobodyElseDid(Protocol.SCTP);
  }

  private void baselineIngressDecidesWhatNobodyElseDid(Protocol protocol) {
    put(
        "p",
        "Baseline",
        10,
        "ingress: [%s, %s]"
            .formatted(rule("Accept", from(Y), on(protocol, 80)), rule("Deny", from(Y), "")));
    world
        .allows("y/b -> x/web", to(protocol, 80))
        .denies("y/b -> x/web", to(protocol, 81), "to x/web" + BASELINE + "p, ingress[1].from[0]")
        .allows("z/d -> x/web", to(protocol, 81))
        .check();
  }

  @Test
  void baselineEgressDecidesWhatNobodyElseDidForTcp() {
    baselineEgressDecidesWhatNobodyElseDid(Protocol.TCP);
  }

  @Test
  void baselineEgressDecidesWhatNobodyElseDidForUdp() {
    baselineEgressDecidesWhatNobodyElseDid(Protocol.UDP);
  }

  @Test
  void baselineEgressDecidesWhatNobodyElseDidForSctp() {
    baselineEgressDecidesWhatNobodyElseDid(Protocol.SCTP);
  }

  private void baselineEgressDecidesWhatNobodyElseDid(Protocol protocol) {
    put(
        "p",
        "Baseline",
        10,
        "egress: [%s, %s]"
            .formatted(rule("Accept", toPeer(Y), on(protocol, 80)), rule("Deny", toPeer(Y), "")));
    world
        .allows("x/a -> y/b", to(protocol, 80))
        .denies("x/a -> y/b", to(protocol, 81), "from x/a" + BASELINE + "p, egress[1].to[0]")
        .allows("x/a -> z/d", to(protocol, 81))
        .check();
  }

  @Test
  void oneAdminPolicyGovernsBothDirectionsAndPods() {
    put(
        "p",
        "Admin",
        10,
        "ingress: [%s], egress: [%s]"
            .formatted(rule("Deny", from(C + ", " + Y), ""), rule("Deny", toPeer(Z), "")));
    world
        .denies("x/c -> x/web", to(Protocol.TCP, 80), "to x/web" + ADMIN + "p, ingress[0].from[0]")
        .denies("y/b -> x/web", PING, "to x/web" + ADMIN + "p, ingress[0].from[1]")
        .denies("x/c -> z/d", to(Protocol.UDP, 80), "from x/c" + ADMIN + "p, egress[0].to[0]")
        .allows("x/a -> x/web", to(Protocol.TCP, 80))
        .allows("z/d -> x/a", to(Protocol.SCTP, 80))
        .check();
  }

  @Test
  void oneBaselinePolicyGovernsBothDirections() {
    put(
        "p",
        "Baseline",
        10,
        "ingress: [%s], egress: [%s]"
            .formatted(rule("Deny", from(Y), ""), rule("Deny", toPeer(Z), "")));
    world
        .denies("y/b -> x/a", to(Protocol.TCP, 80), "to x/a" + BASELINE + "p, ingress[0].from[0]")
        .denies("x/a -> z/d", to(Protocol.TCP, 80), "from x/a" + BASELINE + "p, egress[0].to[0]")
        .allows("x/a -> x/c", to(Protocol.TCP, 80))
        .check();
  }

  private String nets(String pod) {
    return "{networks: ['%s/32', '%s/128']}"
        .formatted(
            world.address(pod, IpFamily.IPV4).toString(),
            world.address(pod, IpFamily.IPV6).toString());
  }

  @Test
  void adminEgressGoesByRanges() {
    put(
        "p",
        "Admin",
        10,
        "egress: [%s, %s]"
            .formatted(
                rule("Accept", toPeer(nets("y/b")), on(Protocol.TCP, 80)),
                rule("Deny", toPeer("{networks: ['0.0.0.0/0', '::/0']}"), "")));
    world
        .allows("x/a -> y/b", to(Protocol.TCP, 80))
        .denies("x/a -> y/b", to(Protocol.TCP, 81), IpFamily.IPV4, adminEgress(1, 0))
        .denies("x/a -> y/b", to(Protocol.TCP, 81), IpFamily.IPV6, adminEgress(1, 0))
        .denies("x/a -> " + WORLD, to(Protocol.TCP, 80), adminEgress(1, 0))
        .check();
  }

  private static String adminEgress(int rule, int peer) {
    return "from x/a" + ADMIN + "p, egress[%d].to[%d]".formatted(rule, peer);
  }

  @Test
  void baselineEgressGoesByRanges() {
    put("p", "Baseline", 10, "egress: [%s]".formatted(rule("Deny", toPeer(nets("z/d")), "")));
    world
        .denies("x/a -> z/d", to(Protocol.TCP, 80), "from x/a" + BASELINE + "p, egress[0].to[0]")
        .allows("x/a -> y/b", to(Protocol.TCP, 80))
        .allows("x/a -> " + WORLD, to(Protocol.TCP, 80))
        .check();
  }

  @Test
  void theLowerPriorityComesFirst() {
    put("old", "Admin", 50, "ingress: [%s]".formatted(rule("Deny", from(Y), "")));
    put("a-later", "Admin", 60, "ingress: [%s]".formatted(rule("Accept", from(Y), "")));
    world
        .denies(
            "y/b -> x/web", to(Protocol.TCP, 80), "to x/web" + ADMIN + "old, ingress[0].from[0]")
        .check();
    put("z-sooner", "Admin", 40, "ingress: [%s]".formatted(rule("Accept", from(Y), "")));
    world.allows("y/b -> x/web", to(Protocol.TCP, 80)).check();
    put("old", "Admin", 39, "ingress: [%s]".formatted(rule("Deny", from(Y), "")));
    world
        .denies(
            "y/b -> x/web", to(Protocol.TCP, 80), "to x/web" + ADMIN + "old, ingress[0].from[0]")
        .check();
  }

  private void kubernetes(String rules) {
    world.put(
        Kinds.NETWORK_POLICY,
        "x/np",
        "{podSelector: {}, policyTypes: ['Ingress'], ingress: [%s]}".formatted(rules));
  }

  @Test
  void adminDenialsAndAcceptancesOverrideNetworkPolicies() {
    kubernetes("{from: [{namespaceSelector: {matchLabels: {team: 'y'}}}]}");
    put(
        "p",
        "Admin",
        10,
        "ingress: [%s, %s]".formatted(rule("Deny", from(Y), ""), rule("Accept", from(Z), "")));
    world
        .denies("y/b -> x/web", to(Protocol.TCP, 80), "to x/web" + ADMIN + "p, ingress[0].from[0]")
        .allows("z/d -> x/web", to(Protocol.TCP, 80))
        .denies(
            "x/a -> x/web", to(Protocol.TCP, 80), "to x/web: end of default, NetworkPolicy x/np")
        .check();
  }

  @Test
  void adminPassLeavesItToNetworkPolicies() {
    kubernetes("{from: [{namespaceSelector: {matchLabels: {team: 'y'}}}]}");
    put(
        "p",
        "Admin",
        10,
        "ingress: [%s, %s]"
            .formatted(
                rule("Pass", from("{namespaces: {}}"), ""),
                rule("Deny", from("{namespaces: {}}"), "")));
    world
        .allows("y/b -> x/web", to(Protocol.TCP, 80))
        .denies(
            "z/d -> x/web", to(Protocol.TCP, 80), "to x/web: end of default, NetworkPolicy x/np")
        .check();
  }

  @Test
  void networkPoliciesOverrideTheBaseline() {
    put("p", "Baseline", 10, "ingress: [%s]".formatted(rule("Deny", from("{namespaces: {}}"), "")));
    world
        .denies(
            "y/b -> x/web", to(Protocol.TCP, 80), "to x/web" + BASELINE + "p, ingress[0].from[0]")
        .check();
    kubernetes("{from: [{namespaceSelector: {matchLabels: {team: 'y'}}}]}");
    world
        .allows("y/b -> x/web", to(Protocol.TCP, 80))
        .denies(
            "z/d -> x/web", to(Protocol.TCP, 80), "to x/web: end of default, NetworkPolicy x/np")
        .check();
  }

  @Test
  void adminPassGoesOnToTheBaselineWhereNoNetworkPolicyApplies() {
    put("p", "Admin", 10, "ingress: [%s]".formatted(rule("Pass", from(Y), "")));
    put("b", "Baseline", 10, "ingress: [%s]".formatted(rule("Deny", from(Y), "")));
    world
        .denies(
            "y/b -> x/web", to(Protocol.TCP, 80), "to x/web" + BASELINE + "b, ingress[0].from[0]")
        .allows("z/d -> x/web", to(Protocol.TCP, 80))
        .check();
  }

  @Test
  void portsAreRangesAndNames() {
    put(
        "p",
        "Admin",
        10,
        "ingress: [%s, %s, %s]"
            .formatted(
                rule("Accept", from(Y), ", protocols: [{destinationNamedPort: 'serve-80-tcp'}]"),
                rule(
                    "Accept",
                    from(Y),
                    ", protocols: [{udp: {destinationPort: {range: {start: 80, end: 90}}}}]"),
                rule("Deny", from(Y), "")));
    String denied = "to x/web" + ADMIN + "p, ingress[2].from[0]";
    world
        .allows("y/b -> x/web", to(Protocol.TCP, 80))
        .denies("y/b -> x/web", to(Protocol.TCP, 81), denied)
        .allows("y/b -> x/web", to(Protocol.UDP, 81))
        .denies("y/b -> x/web", to(Protocol.SCTP, 80), denied)
        .check();
  }

  @Test
  void namedPortsOfEgressAreTheReceivers() {
    put(
        "p",
        "Admin",
        10,
        "egress: [%s, %s]"
            .formatted(
                rule("Accept", toPeer(Y), ", protocols: [{destinationNamedPort: 'serve-81-tcp'}]"),
                rule("Deny", toPeer(Y), "")));
    world
        .allows("x/a -> y/b", to(Protocol.TCP, 81))
        .denies("x/a -> y/b", to(Protocol.TCP, 80), adminEgress(1, 0))
        .check();
  }

  @Test
  void anUnknownPeerFailsClosed() {
    put(
        "p",
        "Admin",
        10,
        "egress: [%s, %s]"
            .formatted(
                rule("Accept", toPeer("{domainNames: ['example.org']}"), ""),
                rule("Deny", toPeer("{nodes: {matchLabels: {a: 'b'}}}"), on(Protocol.TCP, 80))));
    world
        .denies("x/a -> y/b", to(Protocol.UDP, 81), "from x/a" + ADMIN + "p, egress[1]")
        .allows("y/b -> x/a", to(Protocol.UDP, 81))
        .check();
  }
}
