package io.ocicat.model.validation;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.IpPool;
import io.ocicat.selector.Selector;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules for IPPool, as Calico has them, and that pools do not overlap. */
final class IpPoolRules {
  private static final List<Cidr> LINK_LOCAL =
      List.of(Cidr.parse("169.254.0.0/16"), Cidr.parse("fe80::/10"));

  private IpPoolRules() {}

  static void check(Place pool, ValidationContext context) {
    Place spec = pool.at("spec");
    Optional<Cidr> cidr = Cidr.tryParse(spec.at("cidr").text());
    cidr.ifPresent(
        range -> {
          range(spec, range);
          overlap(pool, range, context.pools());
          encapsulation(spec, range.family());
        });
    selectors(spec);
    uses(spec.at("allowedUses"));
    if (context.isUpdate()) {
      var previous = context.previous().path("spec");
      for (String field : List.of("cidr", "blockSize")) {
        spec.at(field).mustStay(previous.path(field));
      }
      Place before =
          new Place(context.previous(), "", pool.findings()).at("spec").at("allowedUses");
      if (isForServices(spec.at("allowedUses")) != isForServices(before)) {
        spec.at("allowedUses").invalid("LoadBalancer cannot be added or removed");
      }
    }
  }

  private static void range(Place spec, Cidr range) {
    Place cidr = spec.at("cidr");
    for (Cidr reserved : LINK_LOCAL) {
      if (reserved.overlaps(range)) {
        cidr.invalid("overlaps with the link-local range " + reserved);
      }
    }
    if (range.address().isMulticast() || range.address().isLoopback()) {
      cidr.invalid("is not a range of unicast addresses that packets can be routed to");
    }
    Place blockSize = spec.at("blockSize");
    int least = range.family() == IpFamily.IPV4 ? 20 : 116;
    int most = range.family().bits();
    int size = blockSize.value().asInt(IpPool.defaultBlockSize(range.family()));
    if (size < least || size > most) {
      blockSize.invalid(
          "must be between %d and %d, inclusive, for this family".formatted(least, most));
    } else if (range.prefixLength() > size && !spec.at("disabled").value().asBoolean()) {
      cidr.invalid(
          "is smaller than one block of size /%d; take a larger range or a longer blockSize"
              .formatted(size));
    }
  }

  private static void overlap(Place pool, Cidr range, List<IpPool> pools) {
    String name = pool.at("metadata").at("name").text();
    for (IpPool other : pools) {
      if (!other.name().equals(name) && other.cidr().overlaps(range)) {
        pool.at("spec")
            .at("cidr")
            .invalid(
                "overlaps with the range %s of IPPool %s".formatted(other.cidr(), other.name()));
      }
    }
  }

  private static void encapsulation(Place spec, IpFamily family) {
    Place ipip = spec.at("ipipMode");
    Place vxlan = spec.at("vxlanMode");
    boolean ipipOn = isOn(ipip);
    boolean vxlanOn = isOn(vxlan);
    if (ipipOn && family == IpFamily.IPV6) {
      ipip.invalid("modes other than \"Never\" are not supported on an IPv6 IP pool");
    }
    if (ipipOn && vxlanOn) {
      ipip.invalid("ipipMode and vxlanMode cannot both be enabled on the same IP pool");
    }
    if ((ipipOn || vxlanOn) && isForServices(spec.at("allowedUses"))) {
      (ipipOn ? ipip : vxlan).invalid("must be \"Never\" in a pool for LoadBalancer services");
    }
    for (Place mode : List.of(ipip, vxlan)) {
      if (isOn(mode)) {
        mode.warning(
            "accepted, but traffic between nodes is routed without encapsulation: the network between them has to"
                + " let the pods' addresses pass");
      }
    }
  }

  private static boolean isOn(Place mode) {
    return mode.text().equals("Always") || mode.text().equals("CrossSubnet");
  }

  private static void selectors(Place spec) {
    for (String field : List.of("nodeSelector", "namespaceSelector")) {
      CalicoSelectorRules.refuseGlobal(spec.at(field));
    }
    Place uses = spec.at("allowedUses");
    if (isForServices(uses)) {
      if (CalicoSelectorRules.parsed(spec.at("nodeSelector").text())
          .filter(each -> !(each instanceof Selector.All))
          .isPresent()) {
        spec.at("nodeSelector").invalid("must be \"all()\" in a pool for LoadBalancer services");
      }
      if (spec.at("disableBGPExport").value().asBoolean()) {
        spec.at("disableBGPExport").invalid("must be false in a pool for LoadBalancer services");
      }
    }
  }

  private static void uses(Place uses) {
    Set<String> seen = new HashSet<>();
    for (Place use : uses.items()) {
      if (!seen.add(use.text())) {
        use.duplicate();
      }
    }
    if (seen.contains("LoadBalancer") && seen.size() > 1) {
      uses.invalid("LoadBalancer cannot be combined with other uses");
    }
  }

  private static boolean isForServices(Place uses) {
    return uses.items().stream().anyMatch(use -> use.text().equals("LoadBalancer"));
  }
}
