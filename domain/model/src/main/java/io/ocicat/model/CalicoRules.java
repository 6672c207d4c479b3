package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.EntityRule.ServiceAccounts;
import io.ocicat.model.EntityRule.ServiceName;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Reads the rules of Calico policies and profiles. */
final class CalicoRules {
  private CalicoRules() {}

  /** The rules of a field, in their order; a list that is none is one unreadable rule. */
  static List<CalicoRule> read(Fields spec, String field, String namespace) {
    try {
      return spec.items(field).stream().map(rule -> rule(rule, namespace)).toList();
    } catch (UnreadableDocumentException e) {
      return List.of(new CalicoRule.Unreadable(Action.DENY, String.valueOf(e.getMessage())));
    }
  }

  private static CalicoRule rule(Fields rule, String namespace) {
    Action action = Action.named(rule.text("action")).orElse(Action.DENY);
    try {
      if (Action.named(rule.word("action")).isEmpty()) {
        throw rule.at("action").unreadable("not one of Allow, Deny, Log, Pass");
      }
      return match(action, rule, namespace);
    } catch (UnreadableDocumentException e) {
      return new CalicoRule.Unreadable(action, String.valueOf(e.getMessage()));
    }
  }

  private static CalicoRule.Match match(Action action, Fields rule, String namespace) {
    Set<IpProtocol> protocol = protocol(rule, "protocol");
    Set<IpProtocol> notProtocol = protocol(rule, "notProtocol");
    return new CalicoRule.Match(
        action,
        families(rule, protocol, notProtocol),
        protocol,
        notProtocol,
        icmp(rule.object("icmp")),
        icmp(rule.object("notICMP")),
        entity(rule.object("source"), namespace),
        entity(rule.object("destination"), namespace),
        http(rule.object("http")),
        rule.at("metadata").map("annotations"));
  }

  private static Set<IpFamily> families(
      Fields rule, Set<IpProtocol> protocol, Set<IpProtocol> notProtocol) {
    Set<IpFamily> families = EnumSet.allOf(IpFamily.class);
    if (rule.has("ipVersion")) {
      switch (rule.number("ipVersion", 0)) {
        case 4 -> families.remove(IpFamily.IPV6);
        case 6 -> families.remove(IpFamily.IPV4);
        default -> throw rule.at("ipVersion").unreadable("not 4 or 6");
      }
    }
    if (protocol.contains(IpProtocol.ICMP) || notProtocol.contains(IpProtocol.ICMP)) {
      families.remove(IpFamily.IPV6);
    }
    if (protocol.contains(IpProtocol.ICMPV6) || notProtocol.contains(IpProtocol.ICMPV6)) {
      families.remove(IpFamily.IPV4);
    }
    return families;
  }

  private static Set<IpProtocol> protocol(Fields rule, String field) {
    JsonNode value = rule.node().path(field);
    if (!rule.has(field)) {
      return Set.of();
    }
    if (value.isTextual()) {
      return Set.of(rule.parsed(field, IpProtocol::parse));
    }
    int number = rule.number(field, 0);
    if (number < 1 || number > 255) {
      throw rule.at(field).unreadable("not a protocol");
    }
    return Set.of(new IpProtocol(number));
  }

  private static IcmpMatch icmp(Fields icmp) {
    int type = icmp.number("type", -1);
    int code = icmp.number("code", -1);
    if ((icmp.has("type") && (type < 0 || type > 254))
        || (icmp.has("code") && (code < 0 || code > 255 || type < 0))) {
      throw icmp.unreadable("not a type from 0 to 254, perhaps with a code from 0 to 255");
    }
    if (type < 0) {
      return new IcmpMatch.NotGiven();
    }
    return code < 0 ? new IcmpMatch.OfType(type) : new IcmpMatch.OfTypeAndCode(type, code);
  }

  private static EntityRule entity(Fields entity, String namespace) {
    Fields accounts = entity.object("serviceAccounts");
    return new EntityRule(
        nets(entity, "nets"),
        nets(entity, "notNets"),
        entity.selectorField("selector"),
        entity.selectorField("notSelector"),
        entity.selectorField("namespaceSelector"),
        new ServiceAccounts(accounts.words("names"), accounts.selectorField("selector")),
        service(entity, namespace),
        ports(entity, "ports"),
        ports(entity, "notPorts"));
  }

  private static ServiceName service(Fields entity, String namespace) {
    if (!entity.has("services")) {
      return ServiceName.NOT_GIVEN;
    }
    Fields service = entity.object("services");
    String own = service.word("namespace");
    ServiceName name = new ServiceName(own.isEmpty() ? namespace : own, service.word("name"));
    if (!name.isGiven() || name.namespace().isEmpty()) {
      throw service.unreadable("lacks the Service's name or namespace");
    }
    return name;
  }

  private static List<Cidr> nets(Fields entity, String field) {
    return entity.items(field).stream().map(item -> item.ownParsed(CalicoRules::net)).toList();
  }

  /** A range, or an address that stands for itself. */
  static Cidr net(String text) {
    if (text.indexOf('/') >= 0) {
      return Cidr.parseLenient(text);
    }
    IpAddress address = IpAddress.parse(text);
    return Cidr.containing(address, address.family().bits());
  }

  private static List<RulePort> ports(Fields entity, String field) {
    return entity.items(field).stream().map(CalicoRules::port).toList();
  }

  private static RulePort port(Fields port) {
    if (port.node().isTextual()) {
      return port.ownParsed(RulePort::parse);
    }
    int number = port.node().isIntegralNumber() ? port.node().asInt() : 0;
    if (number < 1 || number > 65535) {
      throw port.unreadable("not a port");
    }
    return new RulePort.Range(number, number);
  }

  private static HttpMatch http(Fields http) {
    return new HttpMatch(
        http.words("methods"), http.items("paths").stream().map(CalicoRules::path).toList());
  }

  private static HttpMatch.Path path(Fields path) {
    String exact = path.word("exact");
    return exact.isEmpty()
        ? new HttpMatch.Path.Prefix(path.word("prefix"))
        : new HttpMatch.Path.Exact(exact);
  }
}
