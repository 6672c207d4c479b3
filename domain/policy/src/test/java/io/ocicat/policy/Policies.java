package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.IcmpMatch;
import io.ocicat.model.IpProtocol;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.model.Tier;
import io.ocicat.selector.Selector;
import io.ocicat.testkit.Draws;
import io.ocicat.testkit.Gen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Random policies of every kind for the clusters of {@link Clusters}. */
public final class Policies {

  static final List<Integer> PORTS = List.of(80, 81, 443, 8080);
  static final List<String> PORT_NAMES = List.of("web", "api");
  static final List<String> ACCOUNTS = List.of("robot", "human");
  static final List<String> TIERS = List.of("first", "second", Tier.DEFAULT, "nowhere");
  static final List<ServiceName> SERVICES =
      List.of(new ServiceName("x", "front"), new ServiceName("y", "back"));

  private Policies() {}

  private static final Gen<String> VALUE = Gen.pick("a", "b", "c");
  private static final Gen<String> KEY = Gen.pick("app", "tier", "nowhere");

  /** About labels that pods, sets and namespaces have. */
  static final Gen<Selector> TERM =
      draws -> {
        String key = KEY.next(draws);
        return switch (draws.below(9)) {
          case 0 -> new Selector.Has(key);
          case 1, 2, 3 -> new Selector.Equal(key, VALUE.next(draws));
          case 4 -> new Selector.NotEqual(key, VALUE.next(draws));
          case 5 -> new Selector.In(key, VALUE.list(0, 2).next(draws));
          case 6 -> new Selector.NotIn(key, VALUE.list(1, 2).next(draws));
          case 7 -> new Selector.StartsWith(key, VALUE.next(draws));
          default -> new Selector.All();
        };
      };

  /** About all that something may be selected by. */
  static final Gen<Selector> SELECTOR =
      draws ->
          switch (draws.below(10)) {
            case 0 -> new Selector.Not(TERM.next(draws));
            case 1 -> new Selector.Or(List.of(TERM.next(draws), TERM.next(draws)));
            case 2, 3 -> new Selector.And(List.of(TERM.next(draws), TERM.next(draws)));
            case 4 -> TERM.next(draws).prefixed(Selector.NAMESPACE_PREFIX);
            case 5 ->
                new Selector.Or(
                    List.of(
                        TERM.next(draws).prefixed(Selector.SERVICE_ACCOUNT_PREFIX),
                        new Selector.Equal(
                            Selector.NAMESPACE_LABEL, Clusters.NAMESPACE.next(draws))));
            default -> TERM.next(draws);
          };

  private static final Gen<NamespaceSelection> NAMESPACES =
      draws ->
          switch (draws.below(8)) {
            case 0, 1 -> new NamespaceSelection.Named(Clusters.NAMESPACE.next(draws));
            case 2, 3 -> new NamespaceSelection.Matching(TERM.next(draws));
            case 4 -> new NamespaceSelection.Global();
            default -> new NamespaceSelection.Anywhere();
          };

  private static final Gen<AccountSelection> ACCOUNT_SELECTION =
      draws ->
          draws.oneIn(5)
              ? new AccountSelection.Matching(
                  Gen.pick(ACCOUNTS).list(0, 2).next(draws), TERM.next(draws))
              : new AccountSelection.Anyone();

  static final Gen<Peers.Selection> SELECTION =
      draws ->
          draws.oneIn(3)
              ? Peers.Selection.ofPods(NAMESPACES.next(draws), TERM.next(draws))
              : new Peers.Selection(
                  NAMESPACES.next(draws), SELECTOR.next(draws), ACCOUNT_SELECTION.next(draws));

  private static PortMatch.Range range(Draws draws, Protocol protocol) {
    return draws.oneIn(3)
        ? new PortMatch.Range(protocol, 80, 80 + draws.below(400))
        : PortMatch.Range.of(protocol, Gen.pick(PORTS).next(draws));
  }

  private static List<PortMatch> ports(Draws draws, Protocol protocol, int most) {
    List<PortMatch> ports = new ArrayList<>();
    for (int i = draws.below(most + 1); i > 0; i--) {
      ports.add(
          draws.oneIn(3)
              ? new PortMatch.Named(protocol, Gen.pick(PORT_NAMES).next(draws))
              : range(draws, protocol));
    }
    return ports;
  }

  private static TrafficEnd end(Draws draws, List<PortMatch> ports, List<PortMatch> notPorts) {
    boolean v4 = draws.below(2) == 0;
    Gen<Cidr> net = d -> Clusters.cidr(d, v4);
    return new TrafficEnd(
        draws.oneIn(4) ? net.list(1, 3).next(draws) : List.of(),
        draws.oneIn(6) ? net.list(1, 2).next(draws) : List.of(),
        draws.oneIn(2) ? SELECTION.next(draws) : new Peers.Anyone(),
        draws.oneIn(8) ? List.of(SELECTOR.next(draws)) : List.of(),
        ports,
        notPorts);
  }

  private static TrafficMatch calico(Draws draws, Direction direction) {
    List<IpFamily> families =
        draws.oneIn(6)
            ? List.of(Gen.pick(IpFamily.values()).next(draws))
            : List.of(IpFamily.values());
    List<IpProtocol> protocols = List.of();
    List<IpProtocol> notProtocols = List.of();
    IcmpMatch icmp = new IcmpMatch.NotGiven();
    IcmpMatch notIcmp = new IcmpMatch.NotGiven();
    List<PortMatch> source = List.of();
    List<PortMatch> destination = List.of();
    List<PortMatch> notSource = List.of();
    List<PortMatch> notDestination = List.of();
    switch (draws.below(8)) {
      case 0, 1, 2 -> {
        Protocol protocol = Gen.pick(Protocol.values()).next(draws);
        protocols = List.of(IpProtocol.of(protocol));
        source = draws.oneIn(5) ? sourcePorts(draws, protocol) : List.of();
        destination = ports(draws, protocol, 3);
        notSource = draws.oneIn(9) ? ports(draws, protocol, 1) : List.of();
        notDestination = draws.oneIn(4) ? ports(draws, protocol, 2) : List.of();
      }
      case 3 -> {
        List<PortMatch> named = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
          named.add(new PortMatch.Named(protocol, "web"));
        }
        if (draws.oneIn(2)) {
          destination = named;
        } else {
          notDestination = named;
        }
      }
      case 4 -> {
        IpFamily family = Gen.pick(IpFamily.values()).next(draws);
        families = List.of(family);
        protocols = List.of(family == IpFamily.IPV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6);
        icmp = icmp(draws);
        notIcmp = icmp(draws);
      }
      case 5 -> notProtocols = List.of(new IpProtocol(Gen.pick(6, 17, 132, 253).next(draws)));
      case 6 -> protocols = List.of(new IpProtocol(Gen.pick(6, 17, 132, 253).next(draws)));
      default -> {}
    }
    TrafficEnd from = end(draws, source, notSource);
    TrafficEnd to = end(draws, destination, notDestination);
    if (draws.oneIn(8)) {
      Peers service = new Peers.Service(Gen.pick(SERVICES).next(draws));
      if (direction == Direction.INGRESS) {
        from = TrafficEnd.of(service, source);
      } else {
        to = TrafficEnd.of(service, List.of());
      }
    }
    return new TrafficMatch(families, protocols, notProtocols, icmp, notIcmp, from, to);
  }

  private static List<PortMatch> sourcePorts(Draws draws, Protocol protocol) {
    return draws.oneIn(2)
        ? List.of(new PortMatch.Range(protocol, Flow.Traffic.SOURCE_PORT, 50000))
        : ports(draws, protocol, 2);
  }

  private static IcmpMatch icmp(Draws draws) {
    return switch (draws.below(4)) {
      case 0 -> new IcmpMatch.OfType(Gen.pick(8, 128).next(draws));
      case 1 -> new IcmpMatch.OfTypeAndCode(Gen.pick(8, 128).next(draws), draws.below(2));
      default -> new IcmpMatch.NotGiven();
    };
  }

  private static final Gen<PortMatch> KUBERNETES_PORT =
      draws -> {
        Protocol protocol = Gen.pick(Protocol.values()).next(draws);
        return switch (draws.below(4)) {
          case 0 -> PortMatch.Range.all(protocol);
          case 1 -> new PortMatch.Named(protocol, Gen.pick(PORT_NAMES).next(draws));
          default -> range(draws, protocol);
        };
      };

  private static List<Cidr> except(Draws draws, boolean v4) {
    Gen<Cidr> net = d -> Clusters.cidr(d, v4);
    return net.list(0, 2).next(draws);
  }

  /** As Kubernetes' policies ask for. */
  private static TrafficMatch kubernetes(Draws draws, Direction direction) {
    List<PortMatch> ports = KUBERNETES_PORT.list(0, 4).next(draws);
    boolean v4 = draws.below(2) == 0;
    TrafficEnd peer =
        switch (draws.below(4)) {
          case 0 -> TrafficEnd.ANYTHING;
          case 1 -> TrafficEnd.of(Clusters.cidr(draws, v4), except(draws, v4), List.of());
          default -> TrafficEnd.of(SELECTION.next(draws), List.of());
        };
    return switch (direction) {
      case INGRESS -> TrafficMatch.of(peer, TrafficEnd.of(new Peers.Anyone(), ports));
      case EGRESS ->
          TrafficMatch.of(
              TrafficEnd.ANYTHING,
              new TrafficEnd(
                  peer.nets(), peer.notNets(), peer.peers(), List.of(), ports, List.of()));
    };
  }

  static Gen<PolicyRule> rule(Direction direction) {
    return draws -> {
      String path = direction.name().toLowerCase(Locale.ROOT) + "[" + draws.below(9);
      if (draws.oneIn(12)) {
        return new PolicyRule.Nothing(path + "]", "unreadable");
      }
      return draws.oneIn(2)
          ? new PolicyRule.Match(path + "]", Action.ALLOW, kubernetes(draws, direction))
          : new PolicyRule.Match(
              path + "]",
              Gen.pick(Action.ALLOW, Action.ALLOW, Action.DENY, Action.PASS, Action.LOG)
                  .next(draws),
              calico(draws, direction));
    };
  }

  static Set<Direction> directions(Draws draws) {
    return switch (draws.below(3)) {
      case 0 -> EnumSet.of(Direction.INGRESS);
      case 1 -> EnumSet.of(Direction.EGRESS);
      default -> EnumSet.allOf(Direction.class);
    };
  }

  private static final List<PolicyKind> SELECTING =
      Arrays.stream(PolicyKind.values()).filter(kind -> kind != PolicyKind.PROFILE).toList();

  /** Of a few names, so that one often replaces another. */
  public static final Gen<PolicySpec> POLICY =
      draws -> {
        PolicyKind kind = Gen.pick(SELECTING).next(draws);
        String namespace =
            switch (kind) {
              case GLOBAL_NETWORK_POLICY,
                  STAGED_GLOBAL_NETWORK_POLICY,
                  CLUSTER_NETWORK_POLICY,
                  PROFILE ->
                  "";
              case NETWORK_POLICY,
                  STAGED_NETWORK_POLICY,
                  KUBERNETES_NETWORK_POLICY,
                  STAGED_KUBERNETES_NETWORK_POLICY ->
                  Clusters.NAMESPACE.next(draws);
            };
        return new PolicySpec(
            new PolicyName(kind, namespace, "p" + draws.below(3)),
            Gen.pick(TIERS).next(draws),
            Gen.pick(1.0, 2.0, Double.POSITIVE_INFINITY).next(draws),
            namespace.isEmpty()
                ? SELECTION.next(draws)
                : new Peers.Selection(new NamespaceSelection.Named(namespace), TERM.next(draws)),
            directions(draws),
            rule(Direction.INGRESS).list(0, 3).next(draws),
            rule(Direction.EGRESS).list(0, 3).next(draws),
            kind.isStaged()
                ? draws.oneIn(3) ? PolicySpec.Standing.STAGED_REMOVAL : PolicySpec.Standing.STAGED
                : PolicySpec.Standing.ENFORCED,
            List.of());
      };

  /** Those besides the permanent ones. */
  static final Gen<List<PolicyTier>> OWN_TIERS =
      draws -> {
        List<PolicyTier> tiers = new ArrayList<>();
        for (String name : List.of("first", "second")) {
          if (!draws.oneIn(6)) {
            tiers.add(
                new PolicyTier(
                    name,
                    Gen.pick(1.0, 2.0, 2_000_000.0, Double.POSITIVE_INFINITY).next(draws),
                    true,
                    Gen.pick(PolicyTier.End.values()).next(draws)));
          }
        }
        return tiers;
      };

  static GroupMember serviceEndpoint(Draws draws) {
    IpAddress address = Clusters.address(draws.below(2) == 0, draws.below(9));
    return GroupMember.of(
        address, Gen.pick(Protocol.values()).next(draws), Gen.pick(PORTS).next(draws));
  }
}
