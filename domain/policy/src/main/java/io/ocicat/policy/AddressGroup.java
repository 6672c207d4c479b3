package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.Protocol;
import io.ocicat.selector.ContentHash;
import io.ocicat.selector.LabelSelector;
import io.ocicat.selector.Labels;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses of all pods that a rule's peer selects, evaluated once for the cluster by the
 * controller and shared by all rules, of whatever policy, that name the same pods.
 */
public sealed interface AddressGroup {

  NamespaceSelection namespaces();

  LabelSelector pods();

  /** Whole pods: members are their addresses. */
  record Pods(NamespaceSelection namespaces, LabelSelector pods) implements AddressGroup {}

  /** Ports of pods by name: members are address, protocol and number. */
  record PodPorts(
      NamespaceSelection namespaces, LabelSelector pods, Protocol protocol, String portName)
      implements AddressGroup {}

  /** Text that is equal for equal groups; the same on controller and node. */
  default String canonical() {
    String selection =
        "namespaces %s pods labels(%s)".formatted(namespaces().canonical(), pods().canonical());
    return switch (this) {
      case Pods _ -> selection;
      case PodPorts(_, _, var protocol, var portName) ->
          "%s port %s %s".formatted(selection, protocol, portName);
    };
  }

  default GroupId id() {
    return new GroupId(ContentHash.of(canonical()));
  }

  /**
   * @param namespaceLabels of the pod's namespace, empty if it is unknown
   */
  default boolean matches(PolicyPod pod, Optional<Labels> namespaceLabels) {
    return pods().matches(pod.labels())
        && namespaces().matches(pod.name().namespace(), namespaceLabels);
  }

  /** What {@code pod} adds to this group's members, given that it matches. */
  default Set<GroupMember> membersOf(PolicyPod pod) {
    Set<GroupMember> members = new HashSet<>();
    for (IpAddress address : pod.addresses()) {
      switch (this) {
        case Pods _ -> members.add(GroupMember.of(address));
        case PodPorts(_, _, var protocol, var portName) -> {
          for (int port : pod.portsNamed(protocol, portName)) {
            members.add(GroupMember.of(address, protocol, port));
          }
        }
      }
    }
    return members;
  }
}
