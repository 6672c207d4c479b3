package io.ocicat.model.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.model.schema.TextChecks;
import java.util.List;
import java.util.Optional;

/** Rules for NetworkPolicy, as upstream's {@code pkg/apis/networking/validation} has them. */
final class NetworkPolicyRules {
  private NetworkPolicyRules() {}

  static void check(Place spec) {
    SelectorRules.check(spec.at("podSelector"));
    Place types = spec.at("policyTypes");
    if (types.value().size() > 2) {
      types.invalid("may not specify more than two policyTypes");
    }
    rules(spec.at("ingress"), "from");
    rules(spec.at("egress"), "to");
    warnOfRulesWithoutType(spec, "ingress", "Ingress");
    warnOfRulesWithoutType(spec, "egress", "Egress");
  }

  private static void rules(Place rules, String peers) {
    for (Place rule : rules.items()) {
      rule.at("ports").items().forEach(NetworkPolicyRules::port);
      rule.at(peers).items().forEach(NetworkPolicyRules::peer);
    }
  }

  private static void warnOfRulesWithoutType(Place spec, String rules, String type) {
    Place types = spec.at("policyTypes");
    boolean listed = types.items().stream().anyMatch(each -> each.text().equals(type));
    if (!spec.at(rules).value().isEmpty() && types.isPresent() && !listed) {
      spec.at(rules).warning("has no effect, because policyTypes does not list " + type);
    }
  }

  private static void port(Place place) {
    Place port = place.at("port");
    Place endPort = place.at("endPort");
    if (!endPort.isPresent()) {
      return;
    }
    JsonNode first = port.value();
    if (first.isTextual()) {
      endPort.invalid("may not be specified when `port` is non-numeric");
    } else if (!port.isPresent()) {
      endPort.invalid("may not be specified when `port` is not specified");
    } else if (endPort.value().canConvertToInt() && first.canConvertToInt()) {
      int last = endPort.value().intValue();
      if (last < first.intValue()) {
        endPort.invalid("must be greater than or equal to `port`");
      }
      if (last < 1 || last > 65535) {
        endPort.invalid("must be between 1 and 65535, inclusive");
      }
    }
  }

  private static void peer(Place peer) {
    Place pods = peer.at("podSelector");
    Place namespaces = peer.at("namespaceSelector");
    Place block = peer.at("ipBlock");
    SelectorRules.check(pods);
    SelectorRules.check(namespaces);
    if (block.isPresent()) {
      block(block);
    }
    if (!pods.isPresent() && !namespaces.isPresent() && !block.isPresent()) {
      peer.missing("must specify a peer");
    } else if (block.isPresent() && (pods.isPresent() || namespaces.isPresent())) {
      peer.forbidden("may not specify both ipBlock and another peer");
    }
  }

  private static void block(Place block) {
    Optional<Cidr> range = cidr(block.at("cidr"));
    for (Place except : block.at("except").items()) {
      Optional<Cidr> hole = cidr(except);
      if (range.isPresent() && hole.isPresent() && !isStrictlyInside(range.get(), hole.get())) {
        except.invalid("must be a strict subset of `cidr`");
      }
    }
  }

  private static boolean isStrictlyInside(Cidr outer, Cidr inner) {
    return outer.contains(inner) && inner.prefixLength() > outer.prefixLength();
  }

  private static Optional<Cidr> cidr(Place place) {
    List<String> problems = TextChecks.cidr(place.text());
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    Cidr cidr = Cidr.parseLenient(place.text());
    if (Cidr.tryParse(place.text()).isEmpty()) {
      place.warning("\"" + place.text() + "\" has host bits set and means " + cidr);
    }
    return Optional.of(cidr);
  }
}
