package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.IcmpMatch;
import io.ocicat.model.Protocol;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What single rules mean, for {@link PolicyOracle}: straight from the fields, never fast. For one
 * thread.
 */
final class RuleMeaning {

  /** The first packet of a flow. */
  record Packet(IpAddress source, IpAddress destination, Flow.Traffic traffic) {

    int protocol() {
      return switch (traffic) {
        case Flow.Traffic.Transport(var protocol, _, _) -> protocol.number();
        case Flow.Traffic.Icmp _ -> source.family() == IpFamily.IPV4 ? 1 : 58;
        case Flow.Traffic.Other(var number) -> number;
      };
    }

    Optional<Port> sourcePort() {
      return traffic instanceof Flow.Traffic.Transport(var protocol, var source, _)
          ? Optional.of(new Port(protocol, source))
          : Optional.empty();
    }

    Optional<Port> destinationPort() {
      return traffic instanceof Flow.Traffic.Transport(var protocol, _, var destination)
          ? Optional.of(new Port(protocol, destination))
          : Optional.empty();
    }
  }

  private final ClusterSnapshot cluster;
  private final IdentityHashMap<Subject, Labels> labels = new IdentityHashMap<>();

  RuleMeaning(ClusterSnapshot cluster) {
    this.cluster = cluster;
  }

  boolean matches(PolicyRule.Match rule, Packet packet) {
    TrafficMatch traffic = rule.traffic();
    return traffic.families().contains(packet.source().family())
        && (traffic.protocols().isEmpty()
            || traffic.protocols().stream().anyMatch(p -> p.number() == packet.protocol()))
        && traffic.notProtocols().stream().noneMatch(p -> p.number() == packet.protocol())
        && (traffic.icmp() instanceof IcmpMatch.NotGiven || isIcmp(traffic.icmp(), packet))
        && (traffic.notIcmp() instanceof IcmpMatch.NotGiven || !isIcmp(traffic.notIcmp(), packet))
        && matchesSource(traffic.source(), packet)
        && matchesDestination(traffic.destination(), packet);
  }

  static boolean isIcmp(IcmpMatch match, Packet packet) {
    return packet.traffic() instanceof Flow.Traffic.Icmp(var type, var code)
        && switch (match) {
          case IcmpMatch.NotGiven _ -> true;
          case IcmpMatch.OfType(var wanted) -> type == wanted;
          case IcmpMatch.OfTypeAndCode(var wanted, var wantedCode) ->
              type == wanted && code == wantedCode;
        };
  }

  private boolean matchesSource(TrafficEnd end, Packet packet) {
    return matches(end, packet.source(), packet.sourcePort())
        && !(end.peers() instanceof Peers.Service(var service)
            && !isEndpoint(service, packet.source()));
  }

  private boolean matchesDestination(TrafficEnd end, Packet packet) {
    Optional<Port> port = packet.destinationPort();
    return matches(end, packet.destination(), port)
        && !(end.peers() instanceof Peers.Service(var service)
            && !isEndpoint(service, packet.destination(), port));
  }

  boolean isEndpoint(ServiceName service, IpAddress address) {
    return endpoints(service).stream().anyMatch(endpoint -> endpoint.net().contains(address));
  }

  boolean isEndpoint(ServiceName service, IpAddress address, Optional<Port> port) {
    return endpoints(service).stream()
        .anyMatch(
            endpoint ->
                endpoint.net().contains(address)
                    && port.isPresent()
                    && endpoint.protocol() == port.get().protocol.number()
                    && endpoint.port() == port.get().number);
  }

  private Set<GroupMember> endpoints(ServiceName service) {
    return cluster.services().getOrDefault(service, Set.of());
  }

  record Port(Protocol protocol, int number) {}

  /** Apart from a Service. */
  private boolean matches(TrafficEnd end, IpAddress address, Optional<Port> port) {
    boolean whoever =
        switch (end.peers()) {
          case Peers.Anyone _, Peers.Service _ -> true;
          case Peers.Selection selection ->
              subjectsAt(address).anyMatch(subject -> selects(selection, subject));
        };
    return whoever
        && (end.nets().isEmpty() || contain(end.nets(), address))
        && !contain(end.notNets(), address)
        && end.notSelectors().stream()
            .noneMatch(
                selector ->
                    subjectsAt(address).anyMatch(subject -> selector.matches(labels(subject))))
        && (end.ports().isEmpty()
            || end.ports().stream().anyMatch(p -> isPort(p, end, address, port)))
        && end.notPorts().stream().noneMatch(p -> isPort(p, TrafficEnd.ANYTHING, address, port));
  }

  static boolean contain(List<Cidr> nets, IpAddress address) {
    return nets.stream().anyMatch(net -> net.contains(address));
  }

  /** A named port is one of those that the end has, of what is meant by {@code end}. */
  boolean isPort(PortMatch match, TrafficEnd end, IpAddress address, Optional<Port> port) {
    if (port.isEmpty() || port.get().protocol != match.protocol()) {
      return false;
    }
    int number = port.get().number;
    return switch (match) {
      case PortMatch.Range(_, var first, var last) -> first <= number && number <= last;
      case PortMatch.Named(var protocol, var name) ->
          subjectsAt(address)
              .filter(
                  subject ->
                      !(end.peers() instanceof Peers.Selection selection)
                          || selects(selection, subject))
              .flatMap(subject -> subject.ports().stream())
              .anyMatch(
                  named ->
                      named.name().equals(name)
                          && named.protocol() == protocol
                          && named.number() == number);
    };
  }

  Stream<Subject> subjectsAt(IpAddress address) {
    return Stream.of(cluster.pods(), cluster.sets(), cluster.hosts())
        .flatMap(List::stream)
        .map(Subject.class::cast)
        .filter(subject -> contain(subject.nets(), address));
  }

  boolean selects(Peers.Selection selection, Subject subject) {
    return isIn(selection.namespaces(), subject)
        && selection.selector().matches(labels(subject))
        && isOf(selection.accounts(), subject);
  }

  boolean isIn(NamespaceSelection namespaces, Subject subject) {
    String namespace = subject.key().namespace();
    return switch (namespaces) {
      case NamespaceSelection.Anywhere() -> true;
      case NamespaceSelection.Global() -> namespace.isEmpty();
      case NamespaceSelection.Named(var name) -> namespace.equals(name);
      case NamespaceSelection.Matching(var selector) ->
          !namespace.isEmpty()
              && (selector instanceof Selector.All
                  || Optional.ofNullable(cluster.namespaces().get(namespace))
                      .map(labels -> selector.matches(named(labels, namespace)))
                      .orElse(false));
    };
  }

  boolean isOf(AccountSelection accounts, Subject subject) {
    return switch (accounts) {
      case AccountSelection.Anyone() -> true;
      case AccountSelection.Matching(var names, var selector) ->
          (names.isEmpty() || names.contains(account(subject)))
              && (selector instanceof Selector.All
                  || accountLabels(subject)
                      .map(labels -> selector.matches(named(labels, account(subject))))
                      .orElse(false));
    };
  }

  private static Labels named(Labels labels, String name) {
    return labels.with(Selector.NAME_KEY, name);
  }

  private static String account(Subject subject) {
    return subject instanceof PolicyPod pod ? pod.serviceAccount() : "";
  }

  private Optional<Labels> accountLabels(Subject subject) {
    return account(subject).isEmpty()
        ? Optional.empty()
        : Optional.of(
            cluster
                .accounts()
                .getOrDefault(
                    new AccountName(subject.key().namespace(), account(subject)), Labels.EMPTY));
  }

  /** All labels that a subject has by any title. */
  Labels labels(Subject subject) {
    return labels.computeIfAbsent(subject, this::gathered);
  }

  private Labels gathered(Subject subject) {
    Map<String, String> all = new TreeMap<>(subject.labels().asMap());
    all.keySet()
        .removeIf(
            key ->
                key.startsWith("pcns.")
                    || key.startsWith("pcsa.")
                    || key.equals("projectcalico.org/namespace")
                    || key.equals("projectcalico.org/serviceaccount")
                    || key.equals("projectcalico.org/orchestrator"));
    String namespace = subject.key().namespace();
    if (!namespace.isEmpty()) {
      all.put("projectcalico.org/namespace", namespace);
      Optional.ofNullable(cluster.namespaces().get(namespace))
          .ifPresent(
              labels ->
                  named(labels, namespace)
                      .asMap()
                      .forEach((key, value) -> all.put("pcns." + key, value)));
    }
    switch (subject) {
      case PolicyPod pod -> {
        all.put("projectcalico.org/orchestrator", "k8s");
        if (!pod.serviceAccount().isEmpty() && pod.serviceAccount().length() < 63) {
          all.put("projectcalico.org/serviceaccount", pod.serviceAccount());
        }
        accountLabels(pod)
            .ifPresent(
                labels ->
                    named(labels, pod.serviceAccount())
                        .asMap()
                        .forEach((key, value) -> all.put("pcsa." + key, value)));
      }
      case PolicyHost host ->
          host.profiles()
              .forEach(
                  profile ->
                      Optional.ofNullable(cluster.profiles().get(profile))
                          .ifPresent(labels -> labels.asMap().forEach(all::putIfAbsent)));
      case PolicySet _ -> {}
    }
    return new Labels(all);
  }
}
