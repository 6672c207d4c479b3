package io.ocicat.sync;

import io.ocicat.inet.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * A wired container as its agent reports it; the content of a WorkloadEndpoint.
 *
 * @param pod empty for a container that is no pod
 * @param podUid as the runtime said, where pods are objects; empty if it is not known
 * @param mac of the container's end
 * @param labels from {@code args.cni.labels}; they count only where no Pod object has this name
 * @param ports named ports, under the same condition
 */
public record Endpoint(
    EndpointKey key,
    String namespace,
    String pod,
    String podUid,
    List<IpAddress> addresses,
    String hostInterface,
    String mac,
    Map<String, String> labels,
    List<NamedPort> ports) {

  public Endpoint {
    addresses = List.copyOf(addresses);
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
  }
}
