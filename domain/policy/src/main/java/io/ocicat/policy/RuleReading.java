package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.IcmpMatch;
import io.ocicat.model.IpProtocol;
import io.ocicat.policy.RuleField.Side;
import io.ocicat.policy.RuleMeaning.Packet;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells of every field of a rule whether it holds for a packet, and why. All of them hold exactly
 * if {@link RuleMeaning} says that the rule matches.
 */
final class RuleReading {

  private final ClusterSnapshot cluster;
  private final RuleMeaning meaning;
  private final PolicyKind kind;
  private final PolicyRule.Match rule;
  private final Packet packet;
  private final List<Finding> findings = new ArrayList<>();

  private RuleReading(
      ClusterSnapshot cluster, PolicyKind kind, PolicyRule.Match rule, Packet packet) {
    this.cluster = cluster;
    this.meaning = new RuleMeaning(cluster);
    this.kind = kind;
    this.rule = rule;
    this.packet = packet;
  }

  /** What the fields that the rule gives say, in the order in which people think of them. */
  static List<Finding> of(
      ClusterSnapshot cluster, PolicyKind kind, PolicyRule.Match rule, Packet packet) {
    RuleReading reading = new RuleReading(cluster, kind, rule, packet);
    reading.read();
    return List.copyOf(reading.findings);
  }

  private void read() {
    TrafficMatch traffic = rule.traffic();
    if (traffic.families().size() < IpFamily.values().length) {
      IpFamily family = packet.source().family();
      add(
          RuleField.IP_VERSION,
          Side.NEITHER,
          traffic.families().contains(family),
          "it is " + family);
    }
    end(traffic.source(), Side.SOURCE, packet.source());
    end(traffic.destination(), Side.DESTINATION, packet.destination());
    protocols(traffic);
    ports(traffic.source(), Side.SOURCE, packet.source(), packet.sourcePort());
    ports(traffic.destination(), Side.DESTINATION, packet.destination(), packet.destinationPort());
  }

  private void add(RuleField field, Side side, boolean holds, String text) {
    findings.add(new Finding(field, side, field.path(kind, rule, side), holds, text));
  }

  private void protocols(TrafficMatch traffic) {
    String protocol = new IpProtocol(packet.protocol()).toString();
    if (!traffic.protocols().isEmpty()) {
      boolean holds = traffic.protocols().stream().anyMatch(p -> p.number() == packet.protocol());
      add(
          RuleField.PROTOCOL,
          Side.NEITHER,
          holds,
          holds ? protocol : "%s is not %s".formatted(protocol, list(traffic.protocols())));
    }
    if (!traffic.notProtocols().isEmpty()) {
      boolean holds =
          traffic.notProtocols().stream().noneMatch(p -> p.number() == packet.protocol());
      add(RuleField.NOT_PROTOCOL, Side.NEITHER, holds, "it is " + protocol);
    }
    if (!(traffic.icmp() instanceof IcmpMatch.NotGiven)) {
      boolean holds = RuleMeaning.isIcmp(traffic.icmp(), packet);
      add(RuleField.ICMP, Side.NEITHER, holds, "it is " + message());
    }
    if (!(traffic.notIcmp() instanceof IcmpMatch.NotGiven)) {
      boolean holds = !RuleMeaning.isIcmp(traffic.notIcmp(), packet);
      add(RuleField.NOT_ICMP, Side.NEITHER, holds, "it is " + message());
    }
  }

  private String message() {
    return switch (packet.traffic()) {
      case Flow.Traffic.Icmp(var type, var code) ->
          "an ICMP message of type %d, code %d".formatted(type, code);
      case Flow.Traffic.Transport(var protocol, _, _) -> protocol.name();
      case Flow.Traffic.Other(var number) -> "protocol " + number;
    };
  }

  private void end(TrafficEnd end, Side side, IpAddress address) {
    switch (end.peers()) {
      case Peers.Anyone _ -> {}
      case Peers.Service(var service) -> {
        boolean holds =
            side == Side.SOURCE
                ? meaning.isEndpoint(service, address)
                : meaning.isEndpoint(service, address, packet.destinationPort());
        add(
            RuleField.SERVICE,
            side,
            holds,
            "%s is %s endpoint of Service %s/%s"
                .formatted(
                    side == Side.SOURCE
                        ? address
                        : address
                            + packet.destinationPort().map(p -> " port " + p.number()).orElse(""),
                    holds ? "an" : "no",
                    service.namespace(),
                    service.name()));
      }
      case Peers.Selection selection -> selection(selection, side, address);
    }
    if (!end.nets().isEmpty()) {
      Optional<Cidr> in = end.nets().stream().filter(net -> net.contains(address)).findFirst();
      add(
          RuleField.NETS,
          side,
          in.isPresent(),
          in.map(net -> address + " is in " + net)
              .orElseGet(() -> "%s is not in %s".formatted(address, list(end.nets()))));
    }
    if (!end.notNets().isEmpty()) {
      Optional<Cidr> in = end.notNets().stream().filter(net -> net.contains(address)).findFirst();
      add(
          RuleField.NOT_NETS,
          side,
          in.isEmpty(),
          in.map(net -> "%s is in %s, which is left out".formatted(address, net))
              .orElseGet(() -> "%s is not in %s".formatted(address, list(end.notNets()))));
    }
    for (Selector selector : end.notSelectors()) {
      Optional<Subject> selected =
          meaning
              .subjectsAt(address)
              .filter(subject -> selector.matches(meaning.labels(subject)))
              .findFirst();
      add(
          RuleField.NOT_SELECTOR,
          side,
          selected.isEmpty(),
          selected
              .map(subject -> "%s has %s".formatted(name(subject), shown(selector, subject)))
              .orElse("nothing at " + address + " is selected by " + selector.canonical()));
    }
  }

  /** The three parts of a selection hold together for one subject, or the first that does not. */
  private void selection(Peers.Selection selection, Side side, IpAddress address) {
    List<Subject> subjects = meaning.subjectsAt(address).toList();
    Selector selector = RuleField.written(selection.selector());
    Optional<Subject> selected =
        subjects.stream().filter(subject -> meaning.selects(selection, subject)).findFirst();
    Optional<Subject> shownOf = selected.or(() -> subjects.stream().findFirst());
    if (shownOf.isEmpty()) {
      add(RuleField.SELECTOR, side, false, address + " is of no pod, network set or host endpoint");
      return;
    }
    Subject subject = shownOf.get();
    namespace(selection.namespaces(), side, subject);
    Labels labels = meaning.labels(subject);
    boolean holds = selection.selector().matches(labels);
    if (!holds || !(selector instanceof Selector.All)) {
      add(
          RuleField.SELECTOR,
          side,
          holds,
          holds
              ? "%s has %s".formatted(name(subject), shown(selector, labels))
              : failing(selector, subject, labels));
    }
    if (selection.accounts() instanceof AccountSelection.Matching(var names, var accountSelector)) {
      add(
          RuleField.ACCOUNTS,
          side,
          meaning.isOf(selection.accounts(), subject),
          "%s has service account %s, wanted %s"
              .formatted(
                  name(subject),
                  subject instanceof PolicyPod pod && !pod.serviceAccount().isEmpty()
                      ? pod.serviceAccount()
                      : "none",
                  names.isEmpty() ? accountSelector.canonical() : list(names)));
    }
  }

  private void namespace(NamespaceSelection selection, Side side, Subject subject) {
    String namespace = subject.key().namespace();
    String in =
        namespace.isEmpty()
            ? name(subject) + " is in no namespace"
            : name(subject) + " is in namespace " + namespace;
    boolean holds = meaning.isIn(selection, subject);
    switch (selection) {
      case NamespaceSelection.Anywhere _ -> {}
      case NamespaceSelection.Global _ -> add(RuleField.NAMESPACES, side, holds, in);
      case NamespaceSelection.Named(var name) ->
          add(RuleField.NAMESPACES, side, holds, holds ? in : in + ", not " + name);
      case NamespaceSelection.Matching(var selector) -> {
        Labels labels =
            cluster
                .namespaceLabels(namespace)
                .map(known -> known.with(Selector.NAME_KEY, namespace))
                .orElse(Labels.EMPTY);
        add(
            RuleField.NAMESPACES,
            side,
            holds,
            selector instanceof Selector.All
                ? in
                : holds
                    ? "namespace %s has %s".formatted(namespace, shown(selector, labels))
                    : namespace.isEmpty()
                        ? in
                        : "namespace %s has %s, wanted %s"
                            .formatted(
                                namespace,
                                shown(failing(selector, labels), labels),
                                failing(selector, labels).canonical()));
      }
    }
  }

  private String failing(Selector selector, Subject subject, Labels labels) {
    Selector part = failing(selector, labels);
    return part.matches(labels)
        ? name(subject) + " is no pod"
        : "%s has %s, wanted %s".formatted(name(subject), shown(part, labels), part.canonical());
  }

  /** The first operand of a conjunction that does not hold. */
  private static Selector failing(Selector selector, Labels labels) {
    return selector instanceof Selector.And(var operands)
        ? operands.stream().filter(each -> !each.matches(labels)).findFirst().orElse(selector)
        : selector;
  }

  private String shown(Selector selector, Subject subject) {
    return shown(selector, meaning.labels(subject));
  }

  /** The labels that a selector speaks of, as they are. */
  private static String shown(Selector selector, Labels labels) {
    Set<String> keys = new LinkedHashSet<>();
    keys(selector, keys);
    return keys.isEmpty()
        ? "whatever labels"
        : keys.stream()
            .map(key -> labels.value(key).map(value -> key + "=" + value).orElse("no label " + key))
            .collect(Collectors.joining(", "));
  }

  private static void keys(Selector selector, Set<String> keys) {
    switch (selector) {
      case Selector.All _ -> {}
      case Selector.Global _ -> keys.add(Selector.NAMESPACE_LABEL);
      case Selector.Has(var label) -> keys.add(label);
      case Selector.Equal(var label, _) -> keys.add(label);
      case Selector.NotEqual(var label, _) -> keys.add(label);
      case Selector.In(var label, _) -> keys.add(label);
      case Selector.NotIn(var label, _) -> keys.add(label);
      case Selector.Contains(var label, _) -> keys.add(label);
      case Selector.StartsWith(var label, _) -> keys.add(label);
      case Selector.EndsWith(var label, _) -> keys.add(label);
      case Selector.Not(var operand) -> keys(operand, keys);
      case Selector.And(var operands) -> operands.forEach(each -> keys(each, keys));
      case Selector.Or(var operands) -> operands.forEach(each -> keys(each, keys));
    }
  }

  private void ports(
      TrafficEnd end, Side side, IpAddress address, Optional<RuleMeaning.Port> port) {
    String number =
        port.map(p -> p.protocol() + " " + p.number())
            .orElseGet(() -> message() + ", which has no ports,");
    if (!end.ports().isEmpty()) {
      Optional<PortMatch> fitting =
          end.ports().stream().filter(p -> meaning.isPort(p, end, address, port)).findFirst();
      add(
          RuleField.PORTS,
          side,
          fitting.isPresent(),
          fitting
              .map(p -> p instanceof PortMatch.Named ? number + " is " + text(p) : number)
              .orElseGet(() -> "%s is not %s".formatted(number, texts(end.ports(), address))));
    }
    if (!end.notPorts().isEmpty()) {
      Optional<PortMatch> fitting =
          end.notPorts().stream()
              .filter(p -> meaning.isPort(p, TrafficEnd.ANYTHING, address, port))
              .findFirst();
      add(
          RuleField.NOT_PORTS,
          side,
          fitting.isEmpty(),
          fitting
              .map(p -> "%s is %s, which is left out".formatted(number, text(p)))
              .orElse(number));
    }
  }

  private String texts(List<PortMatch> ports, IpAddress address) {
    return ports.stream()
        .map(
            port ->
                text(port) + (port instanceof PortMatch.Named named ? known(named, address) : ""))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private String known(PortMatch.Named wanted, IpAddress address) {
    List<String> numbers =
        meaning
            .subjectsAt(address)
            .flatMap(subject -> subject.ports().stream())
            .filter(port -> port.name().equals(wanted.name()))
            .filter(port -> port.protocol() == wanted.protocol())
            .map(port -> String.valueOf(port.number()))
            .distinct()
            .toList();
    return numbers.isEmpty()
        ? " (nothing at " + address + " has a port of that name)"
        : " (" + String.join(", ", numbers) + ")";
  }

  private static String text(PortMatch port) {
    return switch (port) {
      case PortMatch.Range(var protocol, var first, var last) ->
          first == 0 && last == 65535
              ? protocol.name()
              : protocol + " " + (first == last ? first : first + "-" + last);
      case PortMatch.Named(var protocol, var name) -> protocol + " \"" + name + "\"";
    };
  }

  private static String list(List<?> things) {
    String text = things.stream().map(Object::toString).collect(Collectors.joining(", "));
    return things.size() > 1 ? "any of " + text : text;
  }

  static String name(Subject subject) {
    Subject.Key key = subject.key();
    return "%s %s%s"
        .formatted(
            key.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
            key.namespace().isEmpty() ? "" : key.namespace() + "/",
            key.name());
  }
}
