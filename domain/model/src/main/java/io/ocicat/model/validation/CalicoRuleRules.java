package io.ocicat.model.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.IpProtocol;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.RulePort;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one field of a Calico rule means for another. */
final class CalicoRuleRules {
  private static final List<String> ENDS = List.of("source", "destination");

  private CalicoRuleRules() {}

  /**
   * @param namespaced whether the rules have a namespace from which Services' names are completed
   */
  static void check(Place rules, Direction direction, boolean namespaced) {
    for (Place rule : rules.items()) {
      rule(rule, direction, namespaced);
    }
  }

  private static void rule(Place rule, Direction direction, boolean namespaced) {
    Optional<IpProtocol> protocol = protocol(rule.at("protocol"));
    ipVersion(rule, protocol);
    icmp(rule, protocol);
    families(rule);
    http(rule, direction, protocol);
    for (String name : ENDS) {
      Place end = rule.at(name);
      for (String field : List.of("ports", "notPorts")) {
        ports(end.at(field), rule.at("protocol"), protocol);
      }
      selectors(end);
      negatedNets(end.at("notNets"));
      if (end.at("services").isPresent()) {
        service(end, name, direction, namespaced);
      }
      if (end.at("domains").isPresent()) {
        end.at("domains")
            .forbidden("names of hosts are not supported; without them the rule would match all");
      }
    }
  }

  private static void ipVersion(Place rule, Optional<IpProtocol> protocol) {
    Place version = rule.at("ipVersion");
    if (!version.isPresent()) {
      return;
    }
    int given = version.value().asInt();
    if (given == 5) {
      version.invalid("must be 4 or 6");
    }
    for (Optional<IpProtocol> each : List.of(protocol, protocol(rule.at("notProtocol")))) {
      if (each.filter(IpProtocol.ICMP::equals).isPresent() && given == 6) {
        version.invalid("must be 4 with the protocol ICMP");
      } else if (each.filter(IpProtocol.ICMPV6::equals).isPresent() && given == 4) {
        version.invalid("must be 6 with the protocol ICMPv6");
      }
    }
  }

  private static void icmp(Place rule, Optional<IpProtocol> protocol) {
    for (String field : List.of("icmp", "notICMP")) {
      Place icmp = rule.at(field);
      if (icmp.at("code").isPresent() && !icmp.at("type").isPresent()) {
        icmp.at("type").missing("a code needs a type");
      }
    }
    boolean isIcmp =
        protocol.filter(p -> p.equals(IpProtocol.ICMP) || p.equals(IpProtocol.ICMPV6)).isPresent();
    if (rule.at("icmp").isPresent() && !isIcmp) {
      rule.at("icmp").invalid("needs the protocol ICMP or ICMPv6");
    }
  }

  private static void families(Place rule) {
    Set<IpFamily> seen = new HashSet<>();
    int version = rule.at("ipVersion").value().asInt();
    for (String end : ENDS) {
      for (String field : List.of("nets", "notNets")) {
        Place nets = rule.at(end).at(field);
        Set<IpFamily> here = new HashSet<>();
        nets.items().forEach(net -> family(net.text()).ifPresent(here::add));
        if ((version == 4 && here.contains(IpFamily.IPV6))
            || (version == 6 && here.contains(IpFamily.IPV4))) {
          nets.invalid("has addresses of another version than the rule's ipVersion");
        }
        seen.addAll(here);
        if (!here.isEmpty() && seen.size() > 1) {
          nets.invalid("a rule must not have both IPv4 and IPv6 addresses; write two rules");
        }
      }
    }
  }

  private static void negatedNets(Place nets) {
    for (Place net : nets.items()) {
      if (Cidr.tryParse(net.text()).filter(cidr -> cidr.prefixLength() == 0).isPresent()) {
        net.invalid("must not be every address: the rule would match nothing");
      }
    }
  }

  private static void ports(Place ports, Place protocolField, Optional<IpProtocol> protocol) {
    boolean isMalformed = protocolField.isPresent() && protocol.isEmpty();
    if (ports.items().isEmpty()
        || isMalformed
        || protocol.flatMap(IpProtocol::transport).isPresent()) {
      return;
    }
    boolean onlyNames = ports.items().stream().allMatch(CalicoRuleRules::isName);
    if (protocolField.isPresent() || !onlyNames) {
      ports.invalid("needs the protocol TCP, UDP or SCTP");
    }
  }

  private static boolean isName(Place port) {
    try {
      return port.value().isTextual() && RulePort.parse(port.text()) instanceof RulePort.Named;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static void selectors(Place end) {
    CalicoSelectorRules.refuseGlobal(end.at("selector"));
    CalicoSelectorRules.refuseGlobal(end.at("notSelector"));
    CalicoSelectorRules.refuseGlobal(end.at("serviceAccounts").at("selector"));
    CalicoSelectorRules.requireGlobalAlone(end.at("namespaceSelector"));
  }

  private static void service(Place end, String name, Direction direction, boolean namespaced) {
    Place service = end.at("services");
    boolean fits = name.equals(direction == Direction.INGRESS ? "source" : "destination");
    if (!fits) {
      service.forbidden(
          direction == Direction.INGRESS
              ? "not allowed in the destination of an ingress rule"
              : "not allowed in the source of an egress rule");
    }
    if (!namespaced && service.at("namespace").text().isEmpty()) {
      service.at("namespace").missing("a Service without a policy's namespace needs its own");
    }
    for (String other :
        List.of(
            "selector", "notSelector", "namespaceSelector", "serviceAccounts", "nets", "notNets")) {
      if (isGiven(end.at(other))) {
        end.at(other).forbidden("cannot be combined with services");
      }
    }
    for (String ports : List.of("ports", "notPorts")) {
      if (name.equals("destination") && isGiven(end.at(ports))) {
        end.at(ports).forbidden("cannot be combined with services, which have ports of their own");
      }
    }
  }

  private static void http(Place rule, Direction direction, Optional<IpProtocol> protocol) {
    Place http = rule.at("http");
    if (!http.isPresent()) {
      return;
    }
    if (direction == Direction.EGRESS) {
      http.forbidden("not allowed in an egress rule");
    }
    if (!rule.at("action").text().equals("Allow")) {
      http.forbidden("only allowed in an Allow rule");
    }
    if (rule.at("protocol").isPresent() && protocol.filter(p -> p.number() == 6).isEmpty()) {
      rule.at("protocol").invalid("must be TCP or left out in a rule with http");
    }
    Set<String> methods = new HashSet<>();
    for (Place method : http.at("methods").items()) {
      if (!methods.add(method.text())) {
        method.duplicate();
      }
    }
    http.warning(
        "accepted, but requests are not looked into: packets are judged by the rest of the rule");
  }

  private static boolean isGiven(Place place) {
    JsonNode value = place.value();
    return place.isPresent()
        && !(value.isTextual() && value.textValue().isEmpty())
        && !(value.isArray() && value.isEmpty());
  }

  private static Optional<IpProtocol> protocol(Place place) {
    try {
      return place.value().isTextual() || place.value().isIntegralNumber()
          ? Optional.of(IpProtocol.parse(place.value().asText()))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<IpFamily> family(String net) {
    return net.indexOf('/') < 0
        ? IpAddress.tryParse(net).map(IpAddress::family)
        : Cidr.tryParse(net).map(Cidr::family);
  }
}
