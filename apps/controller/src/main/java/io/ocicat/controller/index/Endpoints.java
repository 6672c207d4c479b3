package io.ocicat.controller.index;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Pod;
import io.ocicat.model.WorkloadEndpoint;
import io.ocicat.policy.GroupIndex;
import io.ocicat.policy.NamedPort;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicyPods;
import io.ocicat.store.ResourceKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Joins Pod objects with agents' reports into what policy takes for pods.
 *
 * <p>A Pod object says labels and ports; its addresses are those that the agent of the node it is
 * bound to reports for it, else those in its status, unless it is being deleted: then they may have
 * been given to another pod already. A report on another node, or with another uid, is about an
 * earlier pod of the name. A finished pod and a pod in the host's network are nobody's peer,
 * whatever is reported. A report without a Pod object stands for itself, unless it has a uid: then
 * its pod is gone, or not known yet.
 */
final class Endpoints {

  private final GroupIndex groups;
  private final Map<PodName, Pod> pods = new HashMap<>();
  private final Map<ResourceKey, PodName> names = new HashMap<>();
  private final Map<PodName, Map<ResourceKey, WorkloadEndpoint>> reports = new HashMap<>();

  Endpoints(GroupIndex groups) {
    this.groups = groups;
  }

  Optional<Pod> pod(PodName name) {
    return Optional.ofNullable(pods.get(name));
  }

  void put(PodName name, Pod pod) {
    pods.put(name, pod);
    join(name);
  }

  void removePod(PodName name) {
    pods.remove(name);
    join(name);
  }

  void put(ResourceKey key, WorkloadEndpoint report) {
    PodName name = nameOf(report);
    PodName before = names.put(key, name);
    if (before != null && !before.equals(name)) {
      forget(key, before);
    }
    reports.computeIfAbsent(name, _ -> new TreeMap<>()).put(key, report);
    join(name);
  }

  void removeReport(ResourceKey key) {
    PodName name = names.remove(key);
    if (name != null) {
      forget(key, name);
    }
  }

  private void forget(ResourceKey key, PodName name) {
    reports.computeIfPresent(
        name,
        (_, remaining) -> {
          remaining.remove(key);
          return remaining.isEmpty() ? null : remaining;
        });
    join(name);
  }

  private static PodName nameOf(WorkloadEndpoint report) {
    String pod = report.workload().pod();
    return new PodName(report.namespace(), pod.isEmpty() ? report.workload().containerId() : pod);
  }

  private void join(PodName name) {
    Collection<WorkloadEndpoint> reported = reports.getOrDefault(name, Map.of()).values();
    Pod pod = pods.get(name);
    Optional<PolicyPod> joined =
        pod == null ? standingAlone(name, reported) : withAddresses(pod, reported);
    joined.ifPresentOrElse(groups::upsertPod, () -> groups.removePod(name));
  }

  private static Optional<PolicyPod> withAddresses(Pod pod, Collection<WorkloadEndpoint> reported) {
    List<IpAddress> own =
        addresses(
            reported.stream()
                .filter(
                    each ->
                        pod.isPod(each.podUid())
                            && (pod.nodeName().isEmpty()
                                || pod.nodeName().equals(each.workload().node())))
                .toList());
    return PolicyPods.from(pod)
        .map(
            known -> {
              List<IpAddress> stated = pod.metadata().isDeleting() ? List.of() : known.addresses();
              return new PolicyPod(
                  known.name(),
                  known.labels(),
                  known.serviceAccount(),
                  own.isEmpty() ? stated : own,
                  known.ports());
            });
  }

  private static Optional<PolicyPod> standingAlone(PodName name, Collection<WorkloadEndpoint> all) {
    List<WorkloadEndpoint> reported = all.stream().filter(each -> each.podUid().isEmpty()).toList();
    return reported.stream()
        .findFirst()
        .map(
            first ->
                new PolicyPod(
                    name,
                    first.metadata().labels(),
                    addresses(reported),
                    first.ports().stream()
                        .filter(port -> !port.name().isEmpty())
                        .map(port -> new NamedPort(port.name(), port.protocol(), port.port()))
                        .toList()));
  }

  private static List<IpAddress> addresses(Collection<WorkloadEndpoint> reported) {
    return reported.stream()
        .flatMap(each -> each.addresses().stream())
        .filter(Cidr::isHost)
        .map(Cidr::address)
        .distinct()
        .toList();
  }
}
