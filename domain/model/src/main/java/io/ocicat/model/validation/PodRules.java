package io.ocicat.model.validation;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules for Pod, as far as the network depends on them. */
final class PodRules {
  private PodRules() {}

  static void check(Place pod, ValidationContext context) {
    Place spec = pod.at("spec");
    Set<String> names = new HashSet<>();
    for (String containers : List.of("initContainers", "containers")) {
      for (Place container : spec.at(containers).items()) {
        if (!container.at("name").text().isEmpty() && !names.add(container.at("name").text())) {
          container.at("name").duplicate();
        }
        ports(container.at("ports"));
      }
    }
    addresses(pod.at("status"));
    if (context.isUpdate()) {
      var previous = context.previous().path("spec");
      if (!previous.path("nodeName").asText().isEmpty()) {
        spec.at("nodeName").mustStay(previous.path("nodeName"));
      }
      if (spec.at("hostNetwork").value().asBoolean() != previous.path("hostNetwork").asBoolean()) {
        spec.at("hostNetwork").invalid("field is immutable");
      }
    }
  }

  private static void ports(Place ports) {
    Set<String> names = new HashSet<>();
    for (Place port : ports.items()) {
      Place name = port.at("name");
      if (!name.text().isEmpty() && !names.add(name.text())) {
        name.duplicate();
      }
      Place hostPort = port.at("hostPort");
      int number = hostPort.value().asInt(0);
      if (number < 0 || number > 65535) {
        hostPort.invalid("must be between 1 and 65535, inclusive");
      }
    }
  }

  private static void addresses(Place status) {
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    for (Place each : status.at("podIPs").items()) {
      Optional<IpAddress> address = IpAddress.tryParse(each.at("ip").text());
      if (address.isPresent() && !families.add(address.get().family())) {
        each.invalid("may specify no more than one IP for each IP family");
      }
    }
  }
}
