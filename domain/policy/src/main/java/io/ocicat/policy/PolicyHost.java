package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.HostEndpoint;
import io.ocicat.selector.Labels;
import java.util.List;

/**
 * A host endpoint: interfaces of a node, as what policies apply to and what rules of others mean.
 *
 * @param node the node whose interfaces it is
 * @param interfaceName the interface's name; {@link HostEndpoint#ALL_INTERFACES} for all that have
 *     no host endpoint of their own; empty for those with one of {@code addresses}
 * @param addresses by which rules of others know it
 * @param profiles the names of those whose labels it inherits, the strongest first
 */
public record PolicyHost(
    String name,
    String node,
    String interfaceName,
    Labels labels,
    List<IpAddress> addresses,
    List<NamedPort> ports,
    List<String> profiles)
    implements Subject {

  public PolicyHost {
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
    profiles = List.copyOf(profiles);
  }

  /** Somewhere, as far as rules of others are concerned. */
  public PolicyHost(
      String name,
      Labels labels,
      List<IpAddress> addresses,
      List<NamedPort> ports,
      List<String> profiles) {
    this(name, "", "", labels, addresses, ports, profiles);
  }

  public static PolicyHost of(HostEndpoint endpoint) {
    return new PolicyHost(
        endpoint.name(),
        endpoint.node(),
        endpoint.interfaceName(),
        endpoint.labels(),
        endpoint.expectedIps(),
        endpoint.ports().stream()
            .map(port -> new NamedPort(port.name(), port.protocol(), port.port()))
            .toList(),
        endpoint.profiles());
  }

  /** Whether it is all interfaces of its node that have no other. */
  public boolean isForAllInterfaces() {
    return interfaceName.equals(HostEndpoint.ALL_INTERFACES);
  }

  @Override
  public Key key() {
    return new Key(Kind.HOST_ENDPOINT, "", name);
  }

  @Override
  public List<Cidr> nets() {
    return addresses.stream().map(IpAddress::toHostCidr).toList();
  }
}
