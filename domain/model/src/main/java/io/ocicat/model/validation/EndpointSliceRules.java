package io.ocicat.model.validation;

import io.ocicat.inet.IpAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Rules for EndpointSlice. */
final class EndpointSliceRules {
  private EndpointSliceRules() {}

  static void check(Place slice) {
    String type = slice.at("addressType").text();
    if (!type.equals("FQDN")) {
      for (Place endpoint : slice.at("endpoints").items()) {
        for (Place address : endpoint.at("addresses").items()) {
          Optional<IpAddress> parsed = IpAddress.tryParse(address.text());
          if (parsed.isEmpty() || !parsed.get().family().name().equalsIgnoreCase(type)) {
            address.invalid("must be an address of the slice's addressType, " + type);
          }
        }
      }
    }
    Set<String> names = new HashSet<>();
    for (Place port : slice.at("ports").items()) {
      if (!names.add(port.at("name").text())) {
        port.at("name").duplicate();
      }
    }
  }
}
