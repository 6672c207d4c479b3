package io.ocicat.routing;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.model.AsNumber;
import io.ocicat.model.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a Node says of how it speaks BGP, by annotations as Calico has them. */
final class NodeFacts {
  static final String AS = Node.AS_NUMBER;
  static final String CLUSTER_ID = Node.REFLECTOR_CLUSTER_ID;
  static final String SILENT = Node.SILENT_LABEL;

  private static final int FNV_BASIS = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  private NodeFacts() {}

  static Optional<AsNumber> as(Node node) {
    String text = annotation(node, AS);
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(AsNumber.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  static Optional<Ipv4Address> clusterId(Node node) {
    return IpAddress.tryParse(annotation(node, CLUSTER_ID))
        .flatMap(each -> each instanceof Ipv4Address id ? Optional.of(id) : Optional.empty());
  }

  static boolean isReflector(Node node) {
    return clusterId(node).isPresent();
  }

  static Optional<IpAddress> address(Node node, IpFamily family) {
    return node.internalAddresses().stream().filter(each -> each.family() == family).findFirst();
  }

  /** One of each family at most. */
  static List<IpAddress> addresses(Node node) {
    List<IpAddress> all = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      address(node, family).ifPresent(all::add);
    }
    return all;
  }

  /** Its IPv4 address; for nodes without one a number made of the name. */
  static Ipv4Address routerId(Node node) {
    if (address(node, IpFamily.IPV4).orElse(null) instanceof Ipv4Address address) {
      return address;
    }
    int hash = FNV_BASIS;
    for (byte each : node.name().getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xff)) * FNV_PRIME;
    }
    return new Ipv4Address(hash == 0 ? 1 : hash);
  }

  static List<Notice> unreadable(Node node) {
    List<Notice> notices = new ArrayList<>();
    if (!annotation(node, AS).isEmpty() && as(node).isEmpty()) {
      notices.add(new Notice(reason(node, AS), "is no AS number: passed over"));
    }
    if (!annotation(node, CLUSTER_ID).isEmpty() && clusterId(node).isEmpty()) {
      notices.add(
          new Notice(
              reason(node, CLUSTER_ID), "is not of the form of an IPv4 address: passed over"));
    }
    return notices;
  }

  static Reason reason(Node node, String annotation) {
    return new Reason("Node/" + node.name(), "metadata.annotations[" + annotation + "]");
  }

  private static String annotation(Node node, String name) {
    return node.metadata().annotations().getOrDefault(name, "");
  }
}
