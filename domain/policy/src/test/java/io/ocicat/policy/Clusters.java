package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.Protocol;
import io.ocicat.selector.Labels;
import io.ocicat.testkit.Draws;
import io.ocicat.testkit.Gen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Random clusters, small enough that selectors, ports and addresses often meet: three namespaces,
 * two labels of three values, a handful of ports and one block of addresses.
 */
public final class Clusters {

  private static final List<String> NAMESPACES = List.of("x", "y", "z");
  private static final List<String> PODS = List.of("a", "b", "c");
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

  static final Gen<NamedPort> NAMED_PORT =
      draws ->
          new NamedPort(
              Gen.pick(Policies.PORT_NAMES).next(draws),
              Gen.pick(Protocol.values()).next(draws),
              Gen.pick(Policies.PORTS).next(draws));

  static Cidr cidr(Draws draws, boolean v4) {
    IpAddress address = address(v4, draws.below(NAMESPACES.size() * 3));
    int bits = address.family().bits();
    return Cidr.containing(address, bits - Gen.pick(0, 1, 2, 3, 8, bits).next(draws));
  }

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
        draws.oneIn(2) ? Gen.pick(Policies.ACCOUNTS).next(draws) : "",
        addresses,
        NAMED_PORT.list(0, 3).next(draws));
  }

  static IpAddress address(boolean v4, int place) {
    return IpAddress.parse((v4 ? "10.0.0." : "fd00::") + (place + 1));
  }

  /** A namespaced or global network set. */
  public static final Gen<PolicySet> SET =
      draws -> {
        boolean v4 = draws.below(2) == 0;
        Gen<Cidr> net = d -> cidr(d, v4);
        return new PolicySet(
            draws.oneIn(2) ? NAMESPACE.next(draws) : "",
            "set" + draws.below(2),
            LABELS.next(draws),
            net.list(0, 3).next(draws));
      };

  /** A host endpoint with addresses outside. */
  public static final Gen<PolicyHost> HOST =
      draws ->
          new PolicyHost(
              "host" + draws.below(2),
              LABELS.next(draws),
              List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1")),
              NAMED_PORT.list(0, 2).next(draws),
              draws.oneIn(2) ? List.of("host") : List.of());

  static final Gen<ClusterSnapshot> CLUSTER =
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
        Policies.POLICY
            .list(0, 7)
            .next(draws)
            .forEach(policy -> policies.put(policy.name(), policy));
        Map<Subject.Key, PolicySet> sets = new LinkedHashMap<>();
        SET.list(0, 3).next(draws).forEach(set -> sets.put(set.key(), set));
        return new ClusterSnapshot(
            namespaces,
            accounts(draws),
            Map.of("host", LABELS.next(draws)),
            pods,
            List.copyOf(sets.values()),
            HOST.list(0, 1).next(draws),
            services(draws),
            Policies.OWN_TIERS.next(draws),
            List.copyOf(policies.values()));
      };

  private static Map<AccountName, Labels> accounts(Draws draws) {
    Map<AccountName, Labels> accounts = new LinkedHashMap<>();
    for (String namespace : NAMESPACES) {
      for (String name : Policies.ACCOUNTS) {
        if (draws.oneIn(2)) {
          accounts.put(new AccountName(namespace, name), LABELS.next(draws));
        }
      }
    }
    return accounts;
  }

  private static Map<ServiceName, Set<GroupMember>> services(Draws draws) {
    Map<ServiceName, Set<GroupMember>> services = new LinkedHashMap<>();
    Gen<GroupMember> endpoint = Policies::serviceEndpoint;
    for (ServiceName service : Policies.SERVICES) {
      services.put(service, new TreeSet<>(endpoint.list(0, 4).next(draws)));
    }
    return services;
  }

  private static Gen<Flow> flow(ClusterSnapshot cluster) {
    List<IpAddress> all = new ArrayList<>();
    cluster.pods().forEach(pod -> all.addAll(pod.addresses()));
    all.addAll(OUTSIDE);
    return draws -> {
      IpAddress source = Gen.pick(all).next(draws);
      IpAddress destination =
          Gen.pick(all.stream().filter(a -> a.family() == source.family()).toList()).next(draws);
      Flow.Traffic traffic = traffic(draws, source.family());
      return draws.oneIn(16)
          ? Flow.fromOwnHost(destination, traffic)
          : Flow.between(source, destination, traffic);
    };
  }

  public static final Gen<Case> CASE =
      CLUSTER.flatMap(cluster -> flow(cluster).list(20, 60).map(flows -> new Case(cluster, flows)));

  static Flow.Traffic traffic(Draws draws, IpFamily family) {
    return switch (draws.below(12)) {
      case 0 -> new Flow.Traffic.Icmp(family == IpFamily.IPV4 ? 8 : 128, draws.below(2));
      case 1 -> new Flow.Traffic.Icmp(family == IpFamily.IPV4 ? 8 : 128, 0);
      case 2 -> new Flow.Traffic.Other(253);
      default ->
          new Flow.Traffic.Transport(
              Gen.pick(Protocol.values()).next(draws),
              draws.oneIn(4) ? Gen.pick(Policies.PORTS).next(draws) : Flow.Traffic.SOURCE_PORT,
              Gen.pick(Policies.PORTS).next(draws));
    };
  }

  /** The members of a group, from its definition. */
  public static Set<GroupMember> members(ClusterSnapshot cluster, AddressGroup group) {
    return switch (group) {
      case AddressGroup.Selected selected -> {
        Set<GroupMember> members = new TreeSet<>();
        Stream.of(cluster.pods(), cluster.sets(), cluster.hosts())
            .flatMap(List::stream)
            .map(Subject.class::cast)
            .filter(subject -> selected.selector().matches(new EffectiveLabels(subject, cluster)))
            .forEach(subject -> members.addAll(selected.membersOf(subject)));
        yield members;
      }
      case AddressGroup.ServicePorts(var service) ->
          cluster.services().getOrDefault(service, Set.of());
      case AddressGroup.ServiceAddresses(var service) ->
          cluster.services().getOrDefault(service, Set.of()).stream()
              .map(GroupMember::withoutPort)
              .collect(Collectors.toCollection(TreeSet::new));
    };
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
    cluster.namespaces().forEach(index::upsertNamespace);
    cluster.accounts().forEach(index::upsertAccount);
    cluster.tiers().forEach(index::upsertTier);
    cluster.profiles().forEach(index::upsertProfile);
    cluster.policies().forEach(index::upsert);
    return index;
  }
}
