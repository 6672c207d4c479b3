package io.ocicat.agent.node;

import io.ocicat.agent.journal.EndpointRecord;
import io.ocicat.model.DenialLogging;
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
 * An endpoint of this node with what is known of its pod.
 *
 * @param pod the Pod object as last seen, which counts also when the pod's name has gone over to a
 *     later pod; none if none was seen
 */
public record LocalEndpoint(EndpointRecord endpoint, List<SyncItem.LocalPod> pod) {

  public LocalEndpoint {
    pod = List.copyOf(pod);
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

  LocalEndpoint with(List<SyncItem.LocalPod> known) {
    return new LocalEndpoint(endpoint, known);
  }

  /** A Pod object of that name is in the table. Better another pod's of the name than none. */
  LocalEndpoint sees(SyncItem.LocalPod present) {
    return pod.isEmpty() || present.isPod(endpoint.podUid()) ? with(List.of(present)) : this;
  }

  /** What the Pod object says, if there is one. */
  DenialLogging denialLogging() {
    return pod.stream()
        .findFirst()
        .map(known -> DenialLogging.of(known.annotations()))
        .orElse(DenialLogging.INHERITED);
  }

  /** As policy sees it: labels and ports of the Pod object, or else the labels given with ADD. */
  PolicyPod policyPod() {
    Optional<SyncItem.LocalPod> known = pod.stream().findFirst();
    Labels labels = new Labels(known.map(SyncItem.LocalPod::labels).orElse(endpoint.labels()));
    List<NamedPort> ports =
        known.map(SyncItem.LocalPod::ports).orElse(List.of()).stream()
            .flatMap(
                port ->
                    Protocol.named(port.protocol())
                        .map(protocol -> new NamedPort(port.name(), protocol, port.port()))
                        .stream())
            .toList();
    String account = known.map(SyncItem.LocalPod::serviceAccount).orElse("");
    return new PolicyPod(podName(), labels, account, endpoint.addresses(), ports);
  }
}
