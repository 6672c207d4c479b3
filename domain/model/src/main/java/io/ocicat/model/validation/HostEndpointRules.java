package io.ocicat.model.validation;

import java.util.HashSet;
import java.util.Set;

/** Rules for HostEndpoint. */
final class HostEndpointRules {
  private HostEndpointRules() {}

  static void check(Place spec) {
    if (!spec.isPresent()) {
      return;
    }
    if (spec.at("interfaceName").text().isEmpty() && spec.at("expectedIPs").value().isEmpty()) {
      spec.at("interfaceName").missing("this or expectedIPs has to be given");
    }
    Set<String> names = new HashSet<>();
    for (Place port : spec.at("ports").items()) {
      if (!names.add(port.at("protocol").text() + "/" + port.at("name").text())) {
        port.at("name").duplicate();
      }
    }
  }
}
