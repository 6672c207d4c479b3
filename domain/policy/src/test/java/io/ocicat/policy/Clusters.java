package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Requirement;
import io.ocicat.testkit.Draws;
import io.ocicat.testkit.Gen;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Random clusters, small enough that selectors, ports and addresses often meet: three namespaces,
 * two labels of three values, a handful of ports and one block of addresses.
 */
public final class Clusters {

  private static final List<String> NAMESPACES = List.of("x", "y", "z");
  private static final List<String> PODS = List.of("a", "b", "c");
  private static final List<Integer> PORTS = List.of(80, 81, 443, 8080);
  private static final List<String> PORT_NAMES = List.of("web", "api");
  private static final List<IpAddress> OUTSIDE =
      List.of(
          IpAddress.parse("192.0.2.1"),
          IpAddress.parse("10.0.9.9"),
          IpAddress.parse("2001:db8::1"),
          IpAddress.parse("fd00::99"));

  private Clusters() {}

  /** A cluster and flows in it. */
  public record Case(ClusterSnapshot cluster, List<Flow> flows) {}

  public static final Gen<Labels> LABELS =
      draws -> {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String key : List.of("app", "tier")) {
          int value = draws.below(4);
          if (value > 0) {
            labels.put(key, String.valueOf((char) ('a' + value - 1)));
          }
        }
        return new Labels(labels);
      };

  private static final Gen<Requirement> REQUIREMENT =
      draws -> {
        String key = List.of("app", "tier", "nowhere").get(draws.below(3));
        Requirement.Operator operator =
            List.of(
                    Requirement.Operator.IN,
                    Requirement.Operator.EXISTS,
                    Requirement.Operator.NOT_IN,
                    Requirement.Operator.DOES_NOT_EXIST)
                .get(draws.below(4));
        List<String> values =
            switch (operator) {
              case IN, NOT_IN -> Gen.pick("a", "b", "c").list(1, 2).next(draws);
              case EXISTS, DOES_NOT_EXIST, GREATER_THAN, LESS_THAN -> List.of();
            };
        return new Requirement(key, operator, values);
      };

  public static final Gen<LabelSelector> SELECTOR = REQUIREMENT.list(0, 2).map(LabelSelector::new);

  private static final Gen<NamedPort> NAMED_PORT =
      draws ->
          new NamedPort(
              Gen.pick(PORT_NAMES).next(draws),
              Gen.pick(Protocol.values()).next(draws),
              Gen.pick(PORTS).next(draws));

  private static final Gen<Cidr> CIDR =
      draws -> {
        IpAddress address = address(draws.below(2) == 0, draws.below(NAMESPACES.size() * 3));
        int bits = address.family().bits();
        return Cidr.containing(address, bits - Gen.pick(0, 1, 2, 3, 8, bits).next(draws));
      };

  private static final Gen<Peer> PEER =
      draws ->
          switch (draws.below(4)) {
            case 0 ->
                new Peer.Pods(
                    new NamespaceSelection.Named(Gen.pick(NAMESPACES).next(draws)),
                    SELECTOR.next(draws));
            case 1, 2 ->
                new Peer.Pods(
                    new NamespaceSelection.Matching(SELECTOR.next(draws)), SELECTOR.next(draws));
            default -> new Peer.IpBlock(CIDR.next(draws), CIDR.list(0, 2).next(draws));
          };

  private static final Gen<PortMatch> PORT =
      draws -> {
        Protocol protocol = Gen.pick(Protocol.values()).next(draws);
        return switch (draws.below(4)) {
          case 0 -> PortMatch.Range.of(protocol, Gen.pick(PORTS).next(draws));
          case 1 -> PortMatch.Range.all(protocol);
          case 2 -> new PortMatch.Range(protocol, 80, 80 + draws.below(400));
          default -> new PortMatch.Named(protocol, Gen.pick(PORT_NAMES).next(draws));
        };
      };

  private static final Gen<PolicyRule> RULE =
      draws ->
          draws.oneIn(12)
              ? new PolicyRule.Invalid("unreadable")
              : new PolicyRule.Allow(PEER.list(0, 3).next(draws), PORT.list(0, 4).next(draws));

  public static final Gen<PolicySpec> POLICY =
      draws ->
          new PolicySpec(
              new PolicyName(Gen.pick(NAMESPACES).next(draws), "p" + draws.below(4)),
              SELECTOR.next(draws),
              switch (draws.below(3)) {
                case 0 -> EnumSet.of(Direction.INGRESS);
                case 1 -> EnumSet.of(Direction.EGRESS);
                default -> EnumSet.allOf(Direction.class);
              },
              RULE.list(0, 2).next(draws),
              RULE.list(0, 2).next(draws));

  public static final Gen<String> NAMESPACE = Gen.pick(NAMESPACES);

  /** A pod at one of nine places, each of which has its own addresses. */
  public static final Gen<PolicyPod> POD = draws -> pod(draws, draws.below(9));

  private static PolicyPod pod(Draws draws, int place) {
    List<IpAddress> addresses = new ArrayList<>();
    int families = draws.below(3);
    if (families != 1) {
      addresses.add(address(true, place));
    }
    if (families != 0) {
      addresses.add(address(false, place));
    }
    return new PolicyPod(
        new PodName(NAMESPACES.get(place / 3), PODS.get(place % 3)),
        LABELS.next(draws),
        addresses,
        NAMED_PORT.list(0, 3).next(draws));
  }

  private static IpAddress address(boolean v4, int place) {
    return IpAddress.parse((v4 ? "10.0.0." : "fd00::") + (place + 1));
  }

  private static final Gen<ClusterSnapshot> CLUSTER =
      draws -> {
        Map<String, Labels> namespaces = new LinkedHashMap<>();
        for (String namespace : NAMESPACES) {
          if (!draws.oneIn(10)) {
            namespaces.put(namespace, LABELS.next(draws));
          }
        }
        List<PolicyPod> pods = new ArrayList<>();
        for (int place = 0; place < 9; place++) {
          if (draws.below(2) > 0) {
            pods.add(pod(draws, place));
          }
        }
        Map<PolicyName, PolicySpec> policies = new LinkedHashMap<>();
        POLICY.list(0, 6).next(draws).forEach(policy -> policies.put(policy.name(), policy));
        return new ClusterSnapshot(namespaces, pods, List.copyOf(policies.values()));
      };

  private static Gen<Flow> flow(ClusterSnapshot cluster) {
    List<IpAddress> all = new ArrayList<>();
    cluster.pods().forEach(pod -> all.addAll(pod.addresses()));
    all.addAll(OUTSIDE);
    return draws -> {
      IpAddress source = Gen.pick(all).next(draws);
      IpAddress destination =
          Gen.pick(all.stream().filter(a -> a.family() == source.family()).toList()).next(draws);
      Flow.Traffic traffic =
          draws.oneIn(8)
              ? new Flow.Traffic.Other(source.toBytes().length == 4 ? 1 : 58)
              : new Flow.Traffic.Transport(
                  Gen.pick(Protocol.values()).next(draws), Gen.pick(PORTS).next(draws));
      return draws.oneIn(16)
          ? Flow.fromOwnHost(destination, traffic)
          : Flow.between(source, destination, traffic);
    };
  }

  public static final Gen<Case> CASE =
      CLUSTER.flatMap(cluster -> flow(cluster).list(20, 60).map(flows -> new Case(cluster, flows)));

  /** The members of a group, from its definition. */
  public static Set<GroupMember> members(ClusterSnapshot cluster, AddressGroup group) {
    Set<GroupMember> members = new TreeSet<>();
    for (PolicyPod pod : cluster.pods()) {
      if (group.matches(pod, cluster.namespaceLabels(pod.name().namespace()))) {
        members.addAll(group.membersOf(pod));
      }
    }
    return members;
  }

  /** The members of all groups that the cluster's policies need. */
  public static Map<GroupId, Set<GroupMember>> groups(ClusterSnapshot cluster) {
    Map<GroupId, Set<GroupMember>> groups = new LinkedHashMap<>();
    for (PolicySpec policy : cluster.policies()) {
      for (AddressGroup group : PolicyCompiler.groupsOf(policy)) {
        groups.put(group.id(), members(cluster, group));
      }
    }
    return groups;
  }

  /** What a node that knows the cluster's policies decides by for one of its pods. */
  public static PolicyIndex policyIndex(ClusterSnapshot cluster) {
    PolicyIndex index = new PolicyIndex();
    cluster.policies().forEach(index::upsert);
    return index;
  }
}
