package io.ocicat.agent.node;

import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.model.Protocol;
import io.ocicat.plan.PodLink;
import io.ocicat.policy.NamedPort;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyPod;
import io.ocicat.selector.Labels;
import io.ocicat.sync.SyncItem;
import java.util.List;
import java.util.Optional;

/**
 * An endpoint of this node with what was known of its pod when it was added.
 *
 * @param resolved the Pod object that the controller named on request; none if it named none. It
 *     counts until the table has the pod.
 */
public record LocalEndpoint(EndpointRecord endpoint, List<SyncItem.LocalPod> resolved) {

  public LocalEndpoint {
    resolved = List.copyOf(resolved);
  }

  String hostInterface() {
    return PodLink.hostInterface(endpoint.key().containerId(), endpoint.key().ifName());
  }

  /** A container that is no pod goes by its id. */
  PodName podName() {
    return new PodName(
        endpoint.namespace(),
        endpoint.pod().isEmpty() ? endpoint.key().containerId() : endpoint.pod());
  }

  PodLink link() {
    return linkOf(endpoint);
  }

  /** The link of an endpoint. */
  public static PodLink linkOf(EndpointRecord endpoint) {
    return PodLink.of(
        endpoint.key().containerId(),
        endpoint.key().ifName(),
        endpoint.namespace(),
        endpoint.pod(),
        endpoint.addresses());
  }

  LocalEndpoint withoutResolved() {
    return new LocalEndpoint(endpoint, List.of());
  }

  /**
   * As policy sees it: labels and ports of the Pod object, or else the labels given with ADD.
   *
   * @param known the Pod object in the table
   */
  PolicyPod policyPod(Optional<SyncItem.LocalPod> known) {
    Optional<SyncItem.LocalPod> pod = known.or(() -> resolved.stream().findFirst());
    Labels labels = new Labels(pod.map(SyncItem.LocalPod::labels).orElse(endpoint.labels()));
    List<NamedPort> ports =
        pod.map(SyncItem.LocalPod::ports).orElse(List.of()).stream()
            .flatMap(
                port ->
                    Protocol.named(port.protocol())
                        .map(protocol -> new NamedPort(port.name(), protocol, port.port()))
                        .stream())
            .toList();
    return new PolicyPod(podName(), labels, endpoint.addresses(), ports);
  }
}
