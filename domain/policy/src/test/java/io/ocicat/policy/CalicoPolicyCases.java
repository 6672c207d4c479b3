package io.ocicat.policy;

import static io.ocicat.policy.ModelWorld.PING;
import static io.ocicat.policy.ModelWorld.SCTP;
import static io.ocicat.policy.ModelWorld.TCP;
import static io.ocicat.policy.ModelWorld.TCP_81;
import static io.ocicat.policy.ModelWorld.UDP;
import static io.ocicat.policy.ModelWorld.WORLD;

import io.ocicat.inet.IpFamily;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import org.junit.jupiter.api.Test;

/**
 * What Calico's model means, one case for each thing that it says, with literal answers. What
 * judges them, packets or calculations, is the world's affair.
 *
 * @see <a href="https://docs.tigera.io/calico/latest/reference/resources/networkpolicy">Calico:
 *     network policy</a>
 */
public abstract class CalicoPolicyCases {

  private static final ResourceKind NP = Kinds.CALICO_NETWORK_POLICY;
  private static final ResourceKind GNP = Kinds.GLOBAL_NETWORK_POLICY;
  private static final String WEB = "to x/web: default, NetworkPolicy.projectcalico.org x/";
  private static final String NO_RULE =
      "to x/web: end of default, NetworkPolicy.projectcalico.org x/p";
  private static final String END_OF_OUT =
      "from x/a: end of default, NetworkPolicy.projectcalico.org x/out";

  protected final ModelWorld world;

  /** Judges the cases in a world that holds no policy yet. */
  protected CalicoPolicyCases(ModelWorld world) {
    this.world = world;
  }

  /** A policy of namespace x for its web server with these ingress rules. */
  private ModelWorld web(String name, String more, String rules) {
    return world.put(
        NP,
        "x/" + name,
        "{selector: \"app == 'web'\", %s types: ['Ingress'], ingress: [%s]}"
            .formatted(more, rules));
  }

  private ModelWorld web(String rules) {
    return web("p", "", rules);
  }

  @Test
  void theFirstRuleThatMatchesDecides() {
    web(
        """
        {action: 'Deny', source: {selector: "app == 'c'"}},
        {action: 'Allow', protocol: 'TCP'},
        {action: 'Deny'}
        """);
    world
        .allows("x/a -> x/web", TCP)
        .denies("x/c -> x/web", TCP, WEB + "p, ingress[0]")
        .denies("x/a -> x/web", UDP, WEB + "p, ingress[2]")
        .check();
  }

  @Test
  void whatNoRuleOfATierMatchesIsDroppedAtItsEnd() {
    web("{action: 'Allow', source: {selector: \"app == 'a'\"}}");
    world
        .allows("x/a -> x/web", TCP)
        .denies("x/c -> x/web", TCP, NO_RULE)
        .denies("z/d -> x/web", PING, NO_RULE)
        .allows("x/web -> x/c", TCP)
        .check();
  }

  @Test
  void policiesOfATierAreAskedByOrder() {
    web("late", "order: 20,", "{action: 'Deny'}");
    web("early", "order: 10.5,", "{action: 'Allow', protocol: 'TCP'}");
    world.allows("x/a -> x/web", TCP).denies("x/a -> x/web", UDP, WEB + "late, ingress[0]").check();
  }

  @Test
  void aPolicyWithoutOrderComesLast() {
    web("a-none", "", "{action: 'Allow'}");
    web("z-some", "order: 1000000,", "{action: 'Deny', protocol: 'UDP'}");
    world
        .allows("x/a -> x/web", TCP)
        .denies("x/a -> x/web", UDP, WEB + "z-some, ingress[0]")
        .check();
  }

  @Test
  void ofEqualOrderTheNameDecides() {
    web("b", "order: 5,", "{action: 'Allow'}");
    web("a", "order: 5,", "{action: 'Deny', protocol: 'TCP'}");
    world.denies("x/a -> x/web", TCP, WEB + "a, ingress[0]").allows("x/a -> x/web", UDP).check();
  }

  @Test
  void kubernetesPoliciesAreInTheDefaultTierWithOrder1000() {
    world.put(
        Kinds.NETWORK_POLICY,
        "x/open",
        "{podSelector: {matchLabels: {app: 'web'}}, policyTypes: ['Ingress'], ingress: [{}]}");
    web("after", "order: 1001,", "{action: 'Deny'}");
    world.allows("x/a -> x/web", TCP).check();
    web("before", "order: 999,", "{action: 'Deny', protocol: 'TCP'}");
    world
        .denies("x/a -> x/web", TCP, WEB + "before, ingress[0]")
        .allows("x/a -> x/web", UDP)
        .check();
  }

  private void tier(String name, String spec) {
    world.put(Kinds.TIER, name, spec);
  }

  private ModelWorld inTier(String tier, String name, String rules) {
    return world.put(
        GNP,
        tier + "." + name,
        "{tier: '%s', selector: \"app == 'web'\", types: ['Ingress'], ingress: [%s]}"
            .formatted(tier, rules));
  }

  @Test
  void tiersAreAskedByOrder() {
    tier("second", "{order: 20}");
    tier("first", "{order: 10}");
    inTier("second", "p", "{action: 'Allow'}");
    inTier("first", "p", "{action: 'Deny', protocol: 'UDP'}, {action: 'Pass'}");
    world
        .allows("x/a -> x/web", TCP)
        .denies("x/a -> x/web", UDP, "to x/web: first, GlobalNetworkPolicy first.p, ingress[0]")
        .check();
  }

  @Test
  void aTierWithoutOrderComesLast() {
    tier("a-none", "{}");
    inTier("a-none", "p", "{action: 'Deny'}");
    web("{action: 'Allow', protocol: 'TCP'}, {action: 'Pass'}");
    world
        .allows("x/a -> x/web", TCP)
        .denies("x/a -> x/web", UDP, "to x/web: a-none, GlobalNetworkPolicy a-none.p, ingress[0]")
        .check();
  }

  @Test
  void passGoesOnToTheNextTier() {
    tier("first", "{order: 10}");
    inTier("first", "p", "{action: 'Pass', protocol: 'TCP'}, {action: 'Deny'}");
    web("{action: 'Allow', destination: {ports: [80]}, protocol: 'TCP'}");
    world
        .allows("x/a -> x/web", TCP)
        .denies("x/a -> x/web", TCP_81, NO_RULE)
        .denies("x/a -> x/web", UDP, "to x/web: first, GlobalNetworkPolicy first.p, ingress[1]")
        .check();
  }

  @Test
  void passInTheLastTierLeavesItToTheProfileWhichAllows() {
    web("{action: 'Pass', protocol: 'TCP'}");
    world.allows("x/a -> x/web", TCP).denies("x/a -> x/web", UDP, NO_RULE).check();
  }

  @Test
  void theEndOfATierThatPassesGoesOn() {
    tier("first", "{order: 10, defaultAction: 'Pass'}");
    inTier("first", "p", "{action: 'Deny', protocol: 'UDP'}");
    world
        .allows("x/a -> x/web", TCP)
        .denies("x/a -> x/web", UDP, "to x/web: first, GlobalNetworkPolicy first.p, ingress[0]")
        .check();
  }

  @Test
  void aTierOfWhichNoPolicyAppliesIsNotThere() {
    tier("first", "{order: 10}");
    world.put(GNP, "first.p", "{tier: 'first', selector: \"app == 'c'\", types: ['Ingress']}");
    world
        .allows("x/a -> x/web", TCP)
        .denies("x/a -> x/c", TCP, "to x/c: end of first, GlobalNetworkPolicy first.p")
        .allows("x/c -> x/a", TCP)
        .check();
  }

  @Test
  void logDecidesNothingAndYetIsolates() {
    web("{action: 'Log'}");
    world.denies("x/a -> x/web", TCP, NO_RULE).check();
    web("{action: 'Log'}, {action: 'Allow', protocol: 'TCP'}");
    world.allows("x/a -> x/web", TCP).denies("x/a -> x/web", UDP, NO_RULE).check();
  }

  @Test
  void aStagedPolicyDecidesNothing() {
    world.put(
        Kinds.STAGED_NETWORK_POLICY,
        "x/p",
        "{selector: \"app == 'web'\", types: ['Ingress'], ingress: [{action: 'Deny'}]}");
    world.put(
        Kinds.STAGED_KUBERNETES_NETWORK_POLICY,
        "x/k",
        "{podSelector: {}, policyTypes: ['Ingress', 'Egress']}");
    world.allows("x/a -> x/web", TCP).check();
  }

  @Test
  void aTierOfStagedPoliciesAloneGoesOn() {
    tier("first", "{order: 10}");
    world.put(
        Kinds.STAGED_GLOBAL_NETWORK_POLICY,
        "first.p",
        "{tier: 'first', selector: 'all()', types: ['Ingress', 'Egress']}");
    world.allows("x/a -> x/web", TCP).check();
    web("{action: 'Deny', protocol: 'TCP'}, {action: 'Allow'}");
    world.denies("x/a -> x/web", TCP, WEB + "p, ingress[0]").allows("x/a -> x/web", UDP).check();
  }

  @Test
  void stagedRemovalLeavesTheEnforcedPolicyInForce() {
    web("{action: 'Deny'}");
    world.put(Kinds.STAGED_NETWORK_POLICY, "x/p", "{stagedAction: 'Delete'}");
    world.denies("x/a -> x/web", TCP, WEB + "p, ingress[0]").check();
  }

  @Test
  void typesFollowFromTheRulesThatThereAre() {
    world.put(NP, "x/in", "{selector: \"app == 'web'\", ingress: [{action: 'Allow'}]}");
    world.put(NP, "x/out", "{selector: \"app == 'a'\", egress: [{action: 'Deny'}]}");
    world.put(NP, "x/none", "{selector: \"app == 'c'\"}");
    world
        .allows("y/b -> x/web", TCP)
        .allows("x/web -> y/b", TCP)
        .allows("y/b -> x/a", TCP)
        .denies(
            "x/a -> y/b",
            TCP,
            "from x/a: default, NetworkPolicy.projectcalico.org x/out, egress[0]")
        .denies("y/b -> x/c", TCP, "to x/c: end of default, NetworkPolicy.projectcalico.org x/none")
        .allows("x/c -> y/b", TCP)
        .check();
  }

  @Test
  void bothEndsHaveToAllow() {
    world.put(
        GNP,
        "ends",
        """
        {selector: "app == 'a' || app == 'web'",
         ingress: [{action: 'Allow', protocol: 'TCP'}], egress: [{action: 'Allow', protocol: 'UDP'}]}
        """);
    world
        .denies("x/a -> x/web", TCP, "from x/a: end of default, GlobalNetworkPolicy ends")
        .denies("x/a -> x/web", UDP, "to x/web: end of default, GlobalNetworkPolicy ends")
        .allows("y/b -> x/web", TCP)
        .allows("x/web -> y/b", UDP)
        .check();
  }

  @Test
  void protocolsGoByNameAndByNumber() {
    web(
        "{action: 'Deny', protocol: 17}, {action: 'Deny', protocol: 'SCTP'}, {action: 'Allow', protocol: 6}");
    world
        .allows("x/a -> x/web", TCP)
        .denies("x/a -> x/web", UDP, WEB + "p, ingress[0]")
        .denies("x/a -> x/web", SCTP, WEB + "p, ingress[1]")
        .denies("x/a -> x/web", PING, NO_RULE)
        .check();
  }

  @Test
  void notProtocolIsEveryOther() {
    web("{action: 'Allow', notProtocol: 'UDP'}");
    world
        .allows("x/a -> x/web", TCP)
        .allows("x/a -> x/web", SCTP)
        .allows("x/a -> x/web", PING)
        .denies("x/a -> x/web", UDP, NO_RULE)
        .check();
  }

  @Test
  void icmpGoesByTypeAndCode() {
    web(
        """
        {action: 'Allow', protocol: 'ICMP', icmp: {type: 8, code: 0}},
        {action: 'Deny', protocol: 'ICMPv6', icmp: {type: 128}}
        """);
    world
        .allows("x/a -> x/web", PING, IpFamily.IPV4)
        .denies("x/a -> x/web", PING, IpFamily.IPV6, WEB + "p, ingress[1]")
        .denies("x/a -> x/web", TCP, NO_RULE)
        .check();
  }

  @Test
  void icmpOfAnotherTypeOrCodeIsAnother() {
    web(
        """
        {action: 'Allow', protocol: 'ICMP', icmp: {type: 8, code: 1}},
        {action: 'Allow', protocol: 'ICMPv6', icmp: {type: 129}}
        """);
    world.denies("x/a -> x/web", PING, NO_RULE).check();
  }

  @Test
  void notIcmpIsEveryOtherMessage() {
    web(
        """
        {action: 'Allow', protocol: 'ICMP', notICMP: {type: 8}},
        {action: 'Allow', protocol: 'ICMPv6', notICMP: {type: 129}}
        """);
    world
        .denies("x/a -> x/web", PING, IpFamily.IPV4, NO_RULE)
        .allows("x/a -> x/web", PING, IpFamily.IPV6)
        .check();
  }

  @Test
  void ipVersionIsOneFamilyAlone() {
    web("{action: 'Allow', ipVersion: 6}");
    world
        .allows("x/a -> x/web", TCP, IpFamily.IPV6)
        .denies("x/a -> x/web", TCP, IpFamily.IPV4, NO_RULE)
        .check();
  }

  @Test
  void netsAreMatchedAndNotNetsAreNot() {
    String a = world.address("x/a", IpFamily.IPV4).toString();
    String c = world.address("x/c", IpFamily.IPV4).toString();
    web(
        "{action: 'Allow', source: {nets: ['%s/32', '%s/32'], notNets: ['%s/32']}}"
            .formatted(a, c, c));
    world
        .allows("x/a -> x/web", TCP, IpFamily.IPV4)
        .denies("x/c -> x/web", TCP, NO_RULE)
        .denies("x/a -> x/web", TCP, IpFamily.IPV6, NO_RULE)
        .check();
  }

  @Test
  void notNetsAloneAreAllTheRest() {
    String c = world.address("x/c", IpFamily.IPV6).toString();
    web("{action: 'Allow', ipVersion: 6, source: {notNets: ['%s/128']}}".formatted(c));
    world
        .allows("x/a -> x/web", TCP, IpFamily.IPV6)
        .denies("x/c -> x/web", TCP, IpFamily.IPV6, NO_RULE)
        .check();
  }

  @Test
  void notSelectorsAreAllWhomTheyDoNotSelect() {
    web("{action: 'Allow', source: {notSelector: \"app in {'b', 'c'}\"}}");
    world
        .allows("x/a -> x/web", TCP)
        .allows("z/d -> x/web", TCP)
        .denies("x/c -> x/web", TCP, NO_RULE)
        .denies("y/b -> x/web", TCP, NO_RULE)
        .check();
  }

  @Test
  void aSelectorIsOfThePolicysNamespaceUnlessItSaysMore() {
    web("{action: 'Allow', source: {selector: 'has(app)'}}");
    world.allows("x/a -> x/web", TCP).denies("y/b -> x/web", TCP, NO_RULE).check();
    web("{action: 'Allow', source: {selector: 'has(app)', namespaceSelector: \"team == 'y'\"}}");
    world
        .allows("y/b -> x/web", TCP)
        .denies("x/a -> x/web", TCP, NO_RULE)
        .denies("z/d -> x/web", TCP, NO_RULE)
        .check();
  }

  @Test
  void aGlobalPolicysSelectorIsOfAllNamespaces() {
    world.put(
        GNP,
        "p",
        """
        {namespaceSelector: "team == 'x'", selector: "app == 'web'",
         ingress: [{action: 'Allow', source: {selector: "app in {'a', 'b'}"}}]}
        """);
    world
        .allows("x/a -> x/web", TCP)
        .allows("y/b -> x/web", TCP)
        .denies("z/d -> x/web", TCP, "to x/web: end of default, GlobalNetworkPolicy p")
        .allows("x/web -> z/d", TCP)
        .check();
  }

  @Test
  void portsAreNumbersRangesAndNames() {
    web("{action: 'Allow', protocol: 'TCP', destination: {ports: ['81:90']}}");
    world.allows("x/a -> x/web", TCP_81).denies("x/a -> x/web", TCP, NO_RULE).check();
    web("{action: 'Allow', protocol: 'TCP', destination: {ports: ['serve-80-tcp', 82]}}");
    world.allows("x/a -> x/web", TCP).denies("x/a -> x/web", TCP_81, NO_RULE).check();
  }

  @Test
  void notPortsAreAllTheOthers() {
    web("{action: 'Allow', protocol: 'TCP', destination: {notPorts: [80]}}");
    world.allows("x/a -> x/web", TCP_81).denies("x/a -> x/web", TCP, NO_RULE).check();
  }

  @Test
  void namedPortsAreThoseOfTheReceiver() {
    world.put(
        NP,
        "x/out",
        """
        {selector: "app == 'a'", egress: [
          {action: 'Allow', protocol: 'TCP',
           destination: {namespaceSelector: "team == 'y'", ports: ['serve-81-tcp']}}]}
        """);
    world
        .allows("x/a -> y/b", TCP_81)
        .denies("x/a -> y/b", TCP, END_OF_OUT)
        .denies("x/a -> z/d", TCP_81, END_OF_OUT)
        .check();
  }

  @Test
  void policiesAreForPodsOfServiceAccounts() {
    world.put(NP, "x/p", "{serviceAccountSelector: \"trusted == 'yes'\", types: ['Ingress']}");
    world
        .denies("x/c -> x/a", TCP, "to x/a: end of default, NetworkPolicy.projectcalico.org x/p")
        .allows("x/a -> x/c", TCP)
        .allows("x/a -> x/web", TCP)
        .check();
  }

  @Test
  void serviceAccountsAreMatchedByName() {
    web("{action: 'Allow', source: {serviceAccounts: {names: ['reader', 'none']}}}");
    world
        .allows("x/a -> x/web", TCP)
        .denies("x/c -> x/web", TCP, NO_RULE)
        .denies("y/b -> x/web", TCP, NO_RULE)
        .check();
  }

  @Test
  void serviceAccountsAreMatchedBySelectorAndInNamespaces() {
    web(
        """
        {action: 'Allow', source: {namespaceSelector: 'all()',
          serviceAccounts: {names: ['reader'], selector: "trusted == 'no'"}}}
        """);
    world
        .allows("y/b -> x/web", TCP)
        .denies("x/a -> x/web", TCP, NO_RULE)
        .denies("z/d -> x/web", TCP, NO_RULE)
        .check();
  }

  @Test
  void networkSetsArePeersByTheirLabels() {
    String a = world.address("x/a", IpFamily.IPV4).toString();
    String six = world.address("y/b", IpFamily.IPV6).toString();
    world.set("x/own", "friend", "['%s/32']".formatted(a));
    world.set("elsewhere", "friend", "['%s']".formatted(six));
    web("{action: 'Allow', source: {selector: \"role == 'friend'\"}}");
    world
        .allows("x/a -> x/web", TCP, IpFamily.IPV4)
        .denies("x/a -> x/web", TCP, IpFamily.IPV6, NO_RULE)
        .denies("y/b -> x/web", TCP, NO_RULE)
        .check();
    web(
        "{action: 'Allow', source: {namespaceSelector: 'global()', selector: \"role == 'friend'\"}}");
    world.allows("y/b -> x/web", TCP, IpFamily.IPV6).denies("x/a -> x/web", TCP, NO_RULE).check();
  }

  @Test
  void aNetworkSetMayBeEverything() {
    world.set("all", "everything", "['0.0.0.0/0', '::/0']");
    world.put(
        GNP,
        "p",
        """
        {selector: "app == 'a'", egress: [
          {action: 'Allow', protocol: 'TCP', destination: {selector: "role == 'everything'"}}]}
        """);
    world
        .allows("x/a -> x/web", TCP)
        .allows("x/a -> " + WORLD, TCP)
        .denies("x/a -> x/web", UDP, "from x/a: end of default, GlobalNetworkPolicy p")
        .check();
  }

  @Test
  void aNetworkSetThatChangesChangesWhatIsAllowed() {
    world.set("s", "friend", "['192.0.2.0/24', '2001:db8::/64']");
    world.put(
        GNP,
        "p",
        "{selector: \"app == 'a'\", egress: [{action: 'Allow', destination: {selector: \"role == 'friend'\"}}]}");
    world
        .allows("x/a -> " + WORLD, TCP)
        .denies("x/a -> x/c", TCP, "from x/a: end of default, GlobalNetworkPolicy p")
        .check();
    world.set("s", "friend", "['198.51.100.0/24', '2001:db8::/64']");
    world
        .denies(
            "x/a -> " + WORLD,
            TCP,
            IpFamily.IPV4,
            "from x/a: end of default, GlobalNetworkPolicy p")
        .allows("x/a -> " + WORLD, TCP, IpFamily.IPV6)
        .check();
  }

  @Test
  void globalPeersAreNoPods() {
    web("{action: 'Deny', source: {namespaceSelector: 'global()'}}, {action: 'Allow'}");
    world.allows("x/a -> x/web", TCP).allows("y/b -> x/web", TCP).check();
  }

  @Test
  void servicesAreTheirEndpointsWithPorts() {
    world.slice("x/front", "x/web", IpFamily.IPV4, 80);
    world.slice("x/front", "x/web", IpFamily.IPV6, 80);
    world.put(
        NP,
        "x/out",
        """
        {selector: "app == 'a'", egress: [{action: 'Allow', protocol: 'TCP',
          destination: {services: {name: 'front', namespace: 'x'}}}]}
        """);
    world
        .allows("x/a -> x/web", TCP)
        .denies("x/a -> x/web", TCP_81, END_OF_OUT)
        .denies("x/a -> x/c", TCP, END_OF_OUT)
        .check();
    world.slice("x/front", "x/c", IpFamily.IPV4, 80);
    world
        .allows("x/a -> x/c", TCP, IpFamily.IPV4)
        .denies("x/a -> x/web", TCP, IpFamily.IPV4, END_OF_OUT)
        .allows("x/a -> x/web", TCP, IpFamily.IPV6)
        .check();
  }

  @Test
  void servicesAsSourcesAreTheirEndpointsWhateverThePort() {
    world.slice("x/back", "x/a", IpFamily.IPV4, 80);
    web("{action: 'Allow', source: {services: {name: 'back', namespace: 'x'}}}");
    world
        .allows("x/a -> x/web", UDP, IpFamily.IPV4)
        .denies("x/a -> x/web", UDP, IpFamily.IPV6, NO_RULE)
        .denies("x/c -> x/web", TCP, NO_RULE)
        .check();
  }

  @Test
  void aDeletedPolicyIsGone() {
    web("{action: 'Deny'}");
    world.denies("x/a -> x/web", TCP, WEB + "p, ingress[0]").check();
    world.delete(NP, "x/p");
    world.allows("x/a -> x/web", TCP).check();
  }

  @Test
  void httpIsNotLookedAtAndTheRestOfTheRuleHolds() {
    web("{action: 'Allow', protocol: 'TCP', http: {methods: ['GET']}, destination: {ports: [80]}}");
    world.allows("x/a -> x/web", TCP).denies("x/a -> x/web", TCP_81, NO_RULE).check();
  }
}
