package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.FelixConfiguration.EndpointToHostAction;
import io.ocicat.model.FelixConfiguration.EstablishedConnections;
import io.ocicat.model.FelixConfiguration.FailsafePort;
import io.ocicat.model.HostEndpoint;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Profile;
import io.ocicat.model.Protocol;
import io.ocicat.policy.HostFlow.Place;
import io.ocicat.selector.Selector;
import io.ocicat.testkit.Draws;
import io.ocicat.testkit.Gen;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Random clusters of {@link Clusters} whose pods are all on one node with two interfaces and host
 * endpoints, and packets that come, go and pass through.
 */
public final class HostClusters {

  public static final String NODE = "n1";
  public static final String FIRST = "up0";
  public static final String SECOND = "up1";

  /** The node's own addresses, which the first interface has. */
  public static final List<IpAddress> OWN =
      List.of(IpAddress.parse("10.0.9.9"), IpAddress.parse("fd00::99"));

  /** Who is behind each interface. */
  public static final Map<String, List<IpAddress>> BEHIND =
      Map.of(
          FIRST, List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1")),
          SECOND, List.of(IpAddress.parse("192.0.2.2"), IpAddress.parse("2001:db8::2")));

  public static final Map<String, List<IpAddress>> INTERFACES =
      Map.of(FIRST, OWN, SECOND, List.of());

  private static final List<String> PROFILES = List.of("host", "open", Profile.DEFAULT_ALLOW);

  private HostClusters() {}

  /** A cluster, its node's settings, and packets. */
  public record Case(ClusterSnapshot cluster, HostSettings settings, List<HostFlow> flows) {

    public HostVerdict verdict(HostFlow flow) {
      return HostOracle.verdict(cluster, settings, INTERFACES, flow);
    }

    /** Which endpoint each interface is. */
    public HostInterfaces interfaces() {
      return HostInterfaces.of(
          cluster.hosts().stream().filter(host -> host.node().equals(NODE)).toList(), INTERFACES);
    }
  }

  private static PolicyHost host(Draws draws, int number) {
    String name = Gen.pick(FIRST, SECOND, HostEndpoint.ALL_INTERFACES, "").next(draws);
    return new PolicyHost(
        "h" + number,
        draws.oneIn(8) ? "n2" : NODE,
        name,
        Clusters.LABELS.next(draws),
        name.isEmpty() || draws.oneIn(2) ? OWN : List.of(),
        Clusters.NAMED_PORT.list(0, 2).next(draws),
        Gen.pick(PROFILES).list(0, 2).next(draws));
  }

  private static PolicySpec policy(Draws draws, String name) {
    PolicySpec.Scope scope = Gen.pick(PolicySpec.Scope.values()).next(draws);
    boolean early = scope == PolicySpec.Scope.PRE_DNAT || scope == PolicySpec.Scope.UNTRACKED;
    Selector selector = draws.oneIn(2) ? new Selector.All() : Policies.TERM.next(draws);
    Selector hosts = new Selector.Not(new Selector.Has(Selector.ORCHESTRATOR_LABEL));
    return new PolicySpec(
        new PolicyName(PolicyKind.GLOBAL_NETWORK_POLICY, "", name),
        Gen.pick(Policies.TIERS).next(draws),
        Gen.pick(1.0, 2.0, Double.POSITIVE_INFINITY).next(draws),
        new Peers.Selection(
            new NamespaceSelection.Anywhere(),
            early || draws.oneIn(2) ? Selector.all(List.of(selector, hosts)) : selector),
        scope == PolicySpec.Scope.PRE_DNAT ? Set.of(Direction.INGRESS) : Policies.directions(draws),
        rules(draws, Direction.INGRESS),
        rules(draws, Direction.EGRESS),
        PolicySpec.Standing.ENFORCED,
        scope,
        false,
        List.of());
  }

  private static List<PolicyRule> rules(Draws draws, Direction direction) {
    List<PolicyRule> rules = new ArrayList<>(Policies.rule(direction).list(0, 3).next(draws));
    if (draws.oneIn(2)) {
      rules.add(
          new PolicyRule.Match(
              "everything",
              Gen.pick(Action.ALLOW, Action.ALLOW, Action.DENY, Action.PASS).next(draws),
              TrafficMatch.ANYTHING));
    }
    return rules;
  }

  private static PolicySpec profile(Draws draws, String name) {
    return new PolicySpec(
        new PolicyName(PolicyKind.PROFILE, "", name),
        "",
        Double.POSITIVE_INFINITY,
        new Peers.Selection(
            new NamespaceSelection.Anywhere(), new Selector.Not(new Selector.All())),
        EnumSet.allOf(Direction.class),
        rules(draws, Direction.INGRESS),
        rules(draws, Direction.EGRESS),
        PolicySpec.Standing.ENFORCED,
        List.of());
  }

  private static ClusterSnapshot cluster(Draws draws) {
    ClusterSnapshot plain = Clusters.CLUSTER.next(draws);
    List<PolicyHost> hosts = new ArrayList<>();
    for (int i = draws.below(4); i > 0; i--) {
      hosts.add(host(draws, i));
    }
    List<PolicySpec> policies = new ArrayList<>();
    // A ClusterNetworkPolicy is for pods alone, which here its selection does not say.
    plain.policies().stream()
        .filter(policy -> policy.name().kind() != PolicyKind.CLUSTER_NETWORK_POLICY)
        .filter(_ -> draws.oneIn(2))
        .forEach(policies::add);
    for (int i = draws.below(5); i > 0; i--) {
      policies.add(policy(draws, "g" + i));
    }
    for (String profile : PROFILES) {
      if (!profile.equals(Profile.DEFAULT_ALLOW) && !draws.oneIn(4)) {
        policies.add(profile(draws, profile));
      }
    }
    return new ClusterSnapshot(
        plain.namespaces(),
        plain.accounts(),
        plain.profiles(),
        plain.pods(),
        plain.sets(),
        hosts,
        plain.services(),
        plain.tiers(),
        policies);
  }

  private static FailsafePort failsafe(Draws draws) {
    return new FailsafePort(
        Gen.pick(Protocol.values()).next(draws),
        Gen.pick(Policies.PORTS).next(draws),
        draws.oneIn(3) ? Optional.of(Clusters.cidr(draws, draws.below(2) == 0)) : Optional.empty());
  }

  private static HostSettings settings(Draws draws) {
    Gen<FailsafePort> port = HostClusters::failsafe;
    return new HostSettings(
        port.list(0, 2).next(draws),
        port.list(0, 2).next(draws),
        Gen.pick(EndpointToHostAction.values()).next(draws),
        EstablishedConnections.KEEP);
  }

  private static HostFlow flow(Draws draws, ClusterSnapshot cluster) {
    Map<Place, List<IpAddress>> places = new LinkedHashMap<>();
    places.put(new Place.Host(), OWN);
    BEHIND.forEach((name, addresses) -> places.put(new Place.Interface(name), addresses));
    cluster.pods().forEach(pod -> places.put(new Place.Pod(pod.name()), pod.addresses()));
    IpFamily family = Gen.pick(IpFamily.values()).next(draws);
    Place from = place(draws, places, family);
    Place to = place(draws, places, family);
    if (from.equals(to)) {
      from = new Place.Interface(FIRST);
      to = new Place.Host();
    }
    IpAddress destination = address(Objects.requireNonNull(places.get(to)), family);
    Flow.Traffic traffic = Clusters.traffic(draws, family);
    HostFlow.Head delivered = new HostFlow.Head(destination, traffic);
    boolean translated =
        draws.oneIn(6)
            && from instanceof Place.Interface
            && traffic instanceof Flow.Traffic.Transport;
    return new HostFlow(
        NODE,
        from,
        to,
        address(Objects.requireNonNull(places.get(from)), family),
        translated ? sent(draws, family, traffic) : delivered,
        delivered);
  }

  private static HostFlow.Head sent(Draws draws, IpFamily family, Flow.Traffic delivered) {
    Flow.Traffic traffic =
        delivered instanceof Flow.Traffic.Transport(var protocol, var from, _)
            ? new Flow.Traffic.Transport(protocol, from, Gen.pick(Policies.PORTS).next(draws))
            : delivered;
    return new HostFlow.Head(address(OWN, family), traffic);
  }

  private static Place place(Draws draws, Map<Place, List<IpAddress>> places, IpFamily family) {
    return Gen.pick(
            places.entrySet().stream()
                .filter(e -> e.getValue().stream().anyMatch(a -> a.family() == family))
                .map(Map.Entry::getKey)
                .toList())
        .next(draws);
  }

  private static IpAddress address(List<IpAddress> addresses, IpFamily family) {
    return addresses.stream().filter(a -> a.family() == family).findFirst().orElseThrow();
  }

  public static final Gen<Case> CASE =
      draws -> {
        ClusterSnapshot cluster = cluster(draws);
        Gen<HostFlow> flow = d -> flow(d, cluster);
        return new Case(cluster, settings(draws), flow.list(20, 50).next(draws));
      };
}
