package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.Protocol;
import io.ocicat.selector.Labels;
import java.util.List;

/**
 * What policy needs to know of a pod that has its own network. Pods in the host's network are not
 * among them: their traffic is the node's. A finished pod has no addresses.
 */
public record PolicyPod(
    PodName name, Labels labels, List<IpAddress> addresses, List<NamedPort> ports) {

  public PolicyPod {
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
  }

  public PolicyPod withLabels(Labels labels) {
    return new PolicyPod(name, labels, addresses, ports);
  }

  /** The numbers of this pod's ports of that name and protocol, ascending; usually one or none. */
  public List<Integer> portsNamed(Protocol protocol, String portName) {
    return ports.stream()
        .filter(port -> port.protocol() == protocol && port.name().equals(portName))
        .map(NamedPort::number)
        .distinct()
        .sorted()
        .toList();
  }
}
