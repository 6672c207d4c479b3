package io.ocicat.model.validation;

import io.ocicat.inet.Cidr;
import java.util.HashSet;
import java.util.Set;

/** Rules for WorkloadEndpoint. */
final class WorkloadEndpointRules {
  private WorkloadEndpointRules() {}

  static void check(Place spec) {
    for (Place network : spec.at("ipNetworks").items()) {
      if (Cidr.tryParse(network.text()).filter(cidr -> !cidr.isHost()).isPresent()) {
        network.invalid("must be a single address, /32 or /128");
      }
    }
    Set<String> names = new HashSet<>();
    for (Place port : spec.at("ports").items()) {
      String name = port.at("name").text();
      if (!name.isEmpty() && !names.add(port.at("protocol").text() + "/" + name)) {
        port.at("name").duplicate();
      }
    }
  }
}
