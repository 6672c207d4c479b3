package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.List;

/**
 * An interface of a node, or all of them, as something that policies select ({@code
 * projectcalico.org/v3} HostEndpoint).
 *
 * @param metadata the name and the labels by which policies select it
 * @param node the node
 * @param interfaceName the device; {@code *} for all of the node; empty to find it by {@code
 *     expectedIps}
 * @param expectedIps the addresses by which rules match it as a peer
 * @param profiles the names of its profiles, in the order in which they are asked
 * @param ports its named ports
 * @param problems parts that could not be read and are left out
 */
public record HostEndpoint(
    Metadata metadata,
    String node,
    String interfaceName,
    List<IpAddress> expectedIps,
    List<String> profiles,
    List<NamedPort> ports,
    List<String> problems) {
  /** The interface name that means every interface of the node. */
  public static final String ALL_INTERFACES = "*";

  /**
   * A port by name.
   *
   * @param name the name
   * @param protocol the transport
   * @param port 1 to 65535
   */
  public record NamedPort(String name, Protocol protocol, int port) {}

  /** Copies the lists. */
  public HostEndpoint {
    expectedIps = List.copyOf(expectedIps);
    profiles = List.copyOf(profiles);
    ports = List.copyOf(ports);
    problems = List.copyOf(problems);
  }

  /** Reads a document of kind HostEndpoint. */
  public static HostEndpoint read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    List<String> problems = new ArrayList<>();
    List<IpAddress> addresses = new ArrayList<>();
    for (Fields item : spec.list("expectedIPs")) {
      IpAddress.tryParse(item.node().asText())
          .ifPresentOrElse(addresses::add, () -> problems.add(item.path() + " is not an address"));
    }
    List<NamedPort> ports = new ArrayList<>();
    for (Fields item : spec.list("ports")) {
      int port = item.number("port", 0);
      Protocol.named(item.text("protocol"))
          .filter(_ -> port >= 1 && port <= 65535)
          .ifPresentOrElse(
              protocol -> ports.add(new NamedPort(item.text("name"), protocol, port)),
              () -> problems.add(item.path() + " is not a named port"));
    }
    return new HostEndpoint(
        Metadata.read(document),
        spec.text("node"),
        spec.text("interfaceName"),
        addresses,
        spec.texts("profiles"),
        ports,
        problems);
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The labels by which policies select it. */
  public Labels labels() {
    return metadata.labels();
  }

  /** Whether it stands for every interface of its node. */
  public boolean isForAllInterfaces() {
    return interfaceName.equals(ALL_INTERFACES);
  }
}
