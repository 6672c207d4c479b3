package io.ocicat.model.validation;

import io.ocicat.inet.IpAddress;

/** Rules for Node. */
final class NodeRules {
  private NodeRules() {}

  static void check(Place node) {
    for (Place address : node.at("status").at("addresses").items()) {
      String type = address.at("type").text();
      Place value = address.at("address");
      if ((type.equals("InternalIP") || type.equals("ExternalIP"))
          && !value.text().isEmpty()
          && IpAddress.tryParse(value.text()).isEmpty()) {
        value.invalid("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
      }
    }
  }
}
