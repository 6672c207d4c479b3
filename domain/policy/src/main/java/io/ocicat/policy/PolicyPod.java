package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Protocol;
import io.ocicat.selector.Labels;
import java.util.List;

/**
 * What policy needs to know of a pod that has its own network. Pods in the host's network are not
 * among them: their traffic is the node's. A finished pod has no addresses.
 *
 * @param serviceAccount its name; empty if the pod has none
 */
public record PolicyPod(
    PodName name,
    Labels labels,
    String serviceAccount,
    List<IpAddress> addresses,
    List<NamedPort> ports)
    implements Subject {

  /** The value of the label that pods alone have. */
  public static final String ORCHESTRATOR = "k8s";

  public PolicyPod {
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
  }

  /** A pod without a service account. */
  public PolicyPod(PodName name, Labels labels, List<IpAddress> addresses, List<NamedPort> ports) {
    this(name, labels, "", addresses, ports);
  }

  public PolicyPod withLabels(Labels labels) {
    return new PolicyPod(name, labels, serviceAccount, addresses, ports);
  }

  @Override
  public Key key() {
    return new Key(Kind.POD, name.namespace(), name.name());
  }

  @Override
  public List<Cidr> nets() {
    return addresses.stream().map(IpAddress::toHostCidr).toList();
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
