package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.HostEndpoint;
import io.ocicat.selector.Labels;
import java.util.List;

/**
 * A host endpoint, as what rules of others mean by it.
 *
 * @param profiles the names of those whose labels it inherits, the strongest first
 */
public record PolicyHost(
    String name,
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

  public static PolicyHost of(HostEndpoint endpoint) {
    return new PolicyHost(
        endpoint.name(),
        endpoint.labels(),
        endpoint.expectedIps(),
        endpoint.ports().stream()
            .map(port -> new NamedPort(port.name(), port.protocol(), port.port()))
            .toList(),
        endpoint.profiles());
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
