package io.ocicat.policy;

import io.ocicat.model.Pod;
import java.util.Optional;

/** Reads pods of the model. */
public final class PolicyPods {

  private PolicyPods() {}

  /** Empty for a pod that is none to policy: in the host's network, or ended. */
  public static Optional<PolicyPod> from(Pod pod) {
    return pod.isOnPodNetwork()
        ? Optional.of(
            new PolicyPod(
                new PodName(pod.namespace(), pod.name()),
                pod.labels(),
                pod.serviceAccountName(),
                pod.addresses(),
                pod.ports().stream()
                    .filter(port -> !port.name().isEmpty())
                    .map(port -> new NamedPort(port.name(), port.protocol(), port.port()))
                    .toList()))
        : Optional.empty();
  }
}
